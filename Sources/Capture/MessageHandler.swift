import NIOCore
import NIOHTTP1
import NIOWebSocket

/// The end of the pipeline: passes messages to the owner, answers pings, reports closes; protocol errors
/// end the connection.
final class MessageHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private let owner: any SocketOwner
    private let endpoint: Endpoint
    private var reader: MessageReader
    private var isOver = false
    private var isClosing = false
    private var reason: String?
    private var code: Int64?
    /// Bytes written to the socket that the server has not read.
    private var unsent = 0
    /// A server that reads never leaves this much unread.
    private static let unsentLimit = 1 << 20

    /// Carries a handler across closures; it is used only on its channel's event loop.
    struct Box: @unchecked Sendable {
        let value: MessageHandler
    }

    init(owner: any SocketOwner, endpoint: Endpoint, frameLimit: Int) {
        self.owner = owner
        self.endpoint = endpoint
        reader = MessageReader(sizeLimit: frameLimit, fragmentLimit: WebSocketClient.fragmentLimit)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        owner.socketOpened(context.channel)
    }

    // MARK: - What comes

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        reader.feed(Self.unwrapInboundIn(data))
        do throws(WebSocketFault) {
            while !isClosing, context.channel.isActive, let item = try reader.next() {
                receive(item, context)
            }
        } catch {
            fail(error, context)
        }
    }

    private func receive(_ item: MessageReader.Item, _ context: ChannelHandlerContext) {
        switch item {
        case .message(let bytes): bytes.withUnsafeReadableBytes { owner.socketReceived($0.bytes) }
        case .ping(let content): send(.pong, content, context)
        case .pong: owner.socketPong()
        case .close(let code, let text): close(code, text, context)
        }
    }

    private func close(_ code: UInt16?, _ text: String, _ context: ChannelHandlerContext) {
        self.code = code.map(Int64.init)
        reason = text.isEmpty ? "closed by the server" : "closed by the server: \(text)"
        leave(with: code, context)
    }

    /// Fails the connection (7.1.7): sends the server the reason and reads no more.
    private func fail(_ fault: WebSocketFault, _ context: ChannelHandlerContext) {
        guard !isClosing else { return }
        if fault.isBreach { owner.socketBroke() }
        code = Int64(fault.closeCode)
        reason = fault.text
        leave(with: fault.closeCode, context)
    }

    private func leave(with code: UInt16?, _ context: ChannelHandlerContext) {
        send(.connectionClose, code.map { ByteBuffer(integer: $0) } ?? ByteBuffer(), context)
        isClosing = true
        context.close(promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if reason == nil { reason = SocketFailure.text(of: error, at: endpoint) }
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(reason ?? "the connection ended without a close")
        context.fireChannelInactive()
    }

    /// Reports the end, once.
    func fail(_ reason: String, code: Int64? = nil) {
        guard !isOver else { return }
        (isOver, isClosing) = (true, true)
        owner.socketClosed(reason: reason, code: code ?? self.code)
    }

    /// Fails the connection before it is open, because the answer to the upgrade breaks the protocol.
    func refuse(_ reason: String) {
        guard !isOver else { return }
        owner.socketBroke()
        fail(reason, code: 1002)
    }

    // MARK: - What goes

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        write(Self.unwrapOutboundIn(data), context, promise)
    }

    private func send(_ opcode: WebSocketOpcode, _ data: ByteBuffer, _ context: ChannelHandlerContext) {
        write(WebSocketFrame(fin: true, opcode: opcode, maskKey: .random(), data: data), context, nil)
        context.flush()
    }

    /// Writes a frame to the socket, unless the server leaves too much unread.
    private func write(
        _ frame: WebSocketFrame,
        _ context: ChannelHandlerContext,
        _ promise: EventLoopPromise<Void>?
    ) {
        guard !isClosing else { return context.write(Self.wrapOutboundOut(frame), promise: promise) }
        let size = frame.data.readableBytes + 14
        guard unsent + size <= Self.unsentLimit else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return giveUp(context)
        }
        unsent += size
        let promise = promise ?? context.eventLoop.makePromise()
        promise.futureResult.assumeIsolated().whenComplete { [self] _ in unsent -= size }
        context.write(Self.wrapOutboundOut(frame), promise: promise)
    }

    /// The server reads nothing: no frame would reach it, not even a close.
    private func giveUp(_ context: ChannelHandlerContext) {
        let fault = WebSocketFault.unread(bytes: unsent)
        (isClosing, code, reason) = (true, Int64(fault.closeCode), fault.text)
        context.close(promise: nil)
    }
}
