import NIOCore
import NIOWebSocket

/// What a client may send (RFC 6455, 5.1 and 5.2): anything else fails its connection with 1002.
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

/// Closes a connection that does not come to an end of its request.
final class RequestDeadline: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = Any

    private let patience: TimeAmount
    private var timeout: Scheduled<Void>?

    init(_ patience: TimeAmount) { self.patience = patience }

    func handlerAdded(context: ChannelHandlerContext) {
        timeout = context.eventLoop.assumeIsolated().scheduleTask(in: patience) {
            context.close(promise: nil)
        }
    }

    /// The request is whole.
    func cancel() { timeout?.cancel() }

    func handlerRemoved(context: ChannelHandlerContext) { cancel() }
}

/// Reads nothing more of a client that takes nothing: what it asks for would only pile up.
final class ReadWhileWritable: ChannelDuplexHandler {
    typealias InboundIn = Any
    typealias OutboundIn = Any

    private var wantsRead = false

    func read(context: ChannelHandlerContext) {
        wantsRead = !context.channel.isWritable
        if !wantsRead { context.read() }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable, wantsRead {
            wantsRead = false
            context.read()
        }
        context.fireChannelWritabilityChanged()
    }
}
