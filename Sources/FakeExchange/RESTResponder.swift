import NIOCore
import NIOHTTP1

/// Answers HTTP requests other than WebSocket upgrades: definitions by path.
final class RESTResponder: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let server: FakeExchangeServer
    private var head: HTTPRequestHead?

    init(_ server: FakeExchangeServer) { self.server = server }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch Self.unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body: break
        case .end: answer(context)
        }
    }

    private func answer(_ context: ChannelHandlerContext) {
        // A refused upgrade: closes the socket.
        guard let head, !head.headers.contains(name: "Upgrade") else { return context.close(promise: nil) }
        let body = server.options.definitions?.reply(to: head.uri)
        if body != nil { server.counts.replies += 1 }
        let bytes = body ?? Array(#"{"message":"not found"}"#.utf8)
        let answer = HTTPResponseHead(
            version: .http1_1,
            status: body == nil ? .notFound : .ok,
            headers: [
                "Content-Type": "application/json", "Content-Length": String(bytes.count),
                "Connection": "close",
            ]
        )
        context.write(Self.wrapOutboundOut(.head(answer)), promise: nil)
        context.write(Self.wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: bytes)))), promise: nil)
        let closing = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.writeAndFlush(Self.wrapOutboundOut(.end(nil))).whenComplete { _ in
            closing.value.close(promise: nil)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
