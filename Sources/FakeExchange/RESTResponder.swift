import Exchanges
import NIOCore
import NIOHTTP1

/// Answers HTTP requests other than WebSocket upgrades: definitions, seeds of books and values, by path.
final class RESTResponder: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let server: FakeExchangeServer
    private var head: HTTPRequestHead?
    /// What was posted, as far as a request for definitions may be long.
    private var posted = ByteBuffer()
    private static let postedLimit = 4_096

    init(_ server: FakeExchangeServer) { self.server = server }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch Self.unwrapInboundIn(data) {
        case .head(let head): (self.head, posted) = (head, ByteBuffer())
        case .body(var part):
            if posted.readableBytes + part.readableBytes <= Self.postedLimit { posted.writeBuffer(&part) }
        case .end: answer(context)
        }
    }

    private func answer(_ context: ChannelHandlerContext) {
        // A refused upgrade: closes the socket.
        guard let head, !head.headers.contains(name: "Upgrade") else { return context.close(promise: nil) }
        let request = RequestTarget(path: head.uri, body: String(buffer: posted)).text
        if let body = server.options.definitions?.reply(to: request) {
            server.counts.replies += 1
            return answer(.ok, body, context)
        }
        let (body, faults) = server.reply(to: request)
        guard let refusal = faults.first(where: { $0.kind == .fail || $0.kind == .busy || $0.kind == .ban })
        else {
            let delay = faults.first { $0.kind == .late }.map { TimeAmount.seconds(Int64($0.seconds)) }
            if body != nil { server.counts.replies += 1 }
            let status: HTTPResponseStatus = body == nil ? .notFound : .ok
            let bytes = body ?? Array(#"{"message":"not found"}"#.utf8)
            guard let delay else { return answer(status, bytes, context) }
            context.eventLoop.assumeIsolated().scheduleTask(in: delay) { [self] in
                answer(status, bytes, context)
            }
            return
        }
        let isAboutRate = refusal.kind != .fail
        let status: HTTPResponseStatus =
            refusal.kind == .busy ? .tooManyRequests : isAboutRate ? .imATeapot : .internalServerError
        let wait = isAboutRate ? String(refusal.seconds) : nil
        answer(status, Array(#"{"message":"refused"}"#.utf8), retryAfter: wait, context)
    }

    private func answer(
        _ status: HTTPResponseStatus,
        _ body: [UInt8],
        retryAfter: String? = nil,
        _ context: ChannelHandlerContext
    ) {
        var headers: HTTPHeaders = [
            "Content-Type": "application/json", "Content-Length": String(body.count),
            "Connection": "close",
        ]
        if let retryAfter { headers.add(name: "Retry-After", value: retryAfter) }
        let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
        context.write(Self.wrapOutboundOut(.head(head)), promise: nil)
        context.write(Self.wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil)
        let closing = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.writeAndFlush(Self.wrapOutboundOut(.end(nil))).whenComplete { _ in
            closing.value.close(promise: nil)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
