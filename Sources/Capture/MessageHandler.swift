import NIOCore
import NIOHTTP1
import NIOWebSocket

/// The end of the pipeline: messages to the owner, pings answered, closes told.
final class MessageHandler: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private let owner: any SocketOwner
    private let endpoint: Endpoint
    private var isOver = false
    private var reason: String?
    private var code: Int64?

    /// A handler that crosses closures; all its uses are on its channel's event loop.
    struct Box: @unchecked Sendable {
        let value: MessageHandler
    }

    init(owner: any SocketOwner, endpoint: Endpoint) {
        self.owner = owner
        self.endpoint = endpoint
    }

    func handlerAdded(context: ChannelHandlerContext) {
        owner.socketOpened(context.channel)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = Self.unwrapInboundIn(data)
        switch frame.opcode {
        case .text, .binary:
            frame.unmaskedData.withUnsafeReadableBytes { owner.socketReceived($0.bytes) }
        case .ping: reply(.pong, frame.unmaskedData, context)
        case .pong: owner.socketPong()
        case .connectionClose: close(frame, context)
        default: break
        }
    }

    private func reply(_ opcode: WebSocketOpcode, _ data: ByteBuffer, _ context: ChannelHandlerContext) {
        let frame = WebSocketFrame(fin: true, opcode: opcode, maskKey: .random(), data: data)
        context.writeAndFlush(Self.wrapOutboundOut(frame), promise: nil)
    }

    private func close(_ frame: WebSocketFrame, _ context: ChannelHandlerContext) {
        var data = frame.unmaskedData
        code = data.readInteger(as: UInt16.self).map(Int64.init)
        let text = data.readString(length: data.readableBytes) ?? ""
        reason = text.isEmpty ? "closed by the server" : "closed by the server: \(text)"
        reply(.connectionClose, frame.unmaskedData, context)
        context.close(promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if reason == nil { reason = SocketFailure.text(of: error, at: endpoint) }
        if let error = error as? NIOWebSocketError {
            var code = ByteBuffer()
            code.write(webSocketErrorCode: error == .invalidFrameLength ? .messageTooLarge : .protocolError)
            reply(.connectionClose, code, context)
        }
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(reason ?? "the connection ended without a close")
        context.fireChannelInactive()
    }

    /// Tells the end, once.
    func fail(_ reason: String, code: Int64? = nil) {
        guard !isOver else { return }
        isOver = true
        owner.socketClosed(reason: reason, code: code ?? self.code)
    }
}

/// Reads what a server answers that does not upgrade, and tells its status.
final class RefusalReader: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart

    private let handler: MessageHandler

    init(_ handler: MessageHandler) { self.handler = handler }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head(let head) = Self.unwrapInboundIn(data) {
            handler.fail(
                "the server refused the WebSocket upgrade: \(head.status.code) \(head.status.reasonPhrase)",
                code: Int64(head.status.code)
            )
        }
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        handler.fail("the server refused the WebSocket upgrade")
        context.fireChannelInactive()
    }
}
