import NIOCore
import NIOWebSocket

/// Checks what a client sends (RFC 6455, 5.1 and 5.2): a violation fails its connection with 1002.
final class ClientRules: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias InboundOut = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private var isOver = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isOver else { return }
        let frame = Self.unwrapInboundIn(data)
        if Self.isAllowed(frame) { return context.fireChannelRead(data) }
        isOver = true
        let close = WebSocketFrame(
            fin: true,
            opcode: .connectionClose,
            data: ByteBuffer(integer: UInt16(1002))
        )
        context.writeAndFlush(Self.wrapOutboundOut(close), promise: nil)
        context.close(promise: nil)
    }

    private static func isAllowed(_ frame: WebSocketFrame) -> Bool {
        guard frame.maskKey != nil, !frame.rsv1, !frame.rsv2, !frame.rsv3 else { return false }
        switch frame.opcode {
        case .continuation, .text, .binary, .connectionClose, .ping, .pong: return true
        default: return false
        }
    }
}
