import Exchanges
import MarketModel
import NIOCore
import NIOHTTP1
import NIOPosix

extension Endpoint {
    /// Parses the address of a REST interface: `http://host[:port][/prefix]` or `https://…`.
    package init(rest text: String) throws(CaptureError) {
        let isSecure = text.hasPrefix("https://")
        guard isSecure || text.hasPrefix("http://"), !text.contains("?"), !text.contains("#") else {
            throw .badRESTEndpoint(text)
        }
        do {
            try self.init((isSecure ? "wss" : "ws") + text.dropFirst(isSecure ? 5 : 4))
        } catch {
            throw .badRESTEndpoint(text)
        }
    }

    /// The path prefix of a REST interface's requests.
    var prefix: Substring { path.hasSuffix("/") ? path.dropLast() : path[...] }

    /// The address of a REST interface as users write it.
    var restText: String { "http" + text.dropFirst(2) }
}

/// Sends one request and collects its answer.
final class RESTReader: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    /// The longest time that a venue is left alone because it says so, in seconds.
    private static let longestPause: Int64 = 86_400

    private let endpoint: Endpoint
    private let target: RequestTarget
    private let limit: Int
    private let patience: TimeAmount
    private var done: ((Result<ByteBuffer, RESTFailure>) -> Void)?
    private var body = ByteBuffer()
    private var deadline: NIODeadline?
    private var silence: Scheduled<Void>?

    /// Carries a reader across closures; it is used only on its channel's event loop.
    struct Box: @unchecked Sendable {
        let value: RESTReader
    }

    init(
        _ endpoint: Endpoint,
        path: String,
        limit: Int,
        patience: Int64,
        done: @escaping (Result<ByteBuffer, RESTFailure>) -> Void
    ) {
        self.endpoint = endpoint
        target = RequestTarget("\(endpoint.prefix)\(path)")
        self.limit = limit
        self.patience = .nanoseconds(patience)
        self.done = done
    }

    func channelActive(context: ChannelHandlerContext) {
        let host = endpoint.host.contains(":") ? "[\(endpoint.host)]" : endpoint.host
        let isStandard = endpoint.port == (endpoint.isSecure ? 443 : 80)
        var head = HTTPRequestHead(
            version: .http1_1,
            method: target.body == nil ? .GET : .POST,
            uri: target.path,
            headers: [
                "Host": isStandard ? host : "\(host):\(endpoint.port)", "User-Agent": "atelier-data",
                "Accept": "application/json", "Accept-Encoding": "identity", "Connection": "close",
            ]
        )
        let body = target.body.map { ByteBuffer(string: $0) }
        if let body {
            head.headers.add(name: "Content-Type", value: "application/json")
            head.headers.add(name: "Content-Length", value: "\(body.readableBytes)")
        }
        context.write(Self.wrapOutboundOut(.head(head)), promise: nil)
        if let body { context.write(Self.wrapOutboundOut(.body(.byteBuffer(body))), promise: nil) }
        context.writeAndFlush(Self.wrapOutboundOut(.end(nil)), promise: nil)
        deadline = .now() + patience * 3
        listen(context)
    }

    /// Limits the wait for the next bytes.
    private func listen(_ context: ChannelHandlerContext) {
        silence?.cancel()
        let (now, last) = (NIODeadline.now(), deadline ?? .now())
        let wait = min(now + patience, last) - now
        silence = context.eventLoop.assumeIsolated().scheduleTask(in: wait) { [self] in
            let isSlow = last <= .now()
            end(isSlow ? "the reply takes too long" : "the server does not answer", nil, context)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard done != nil else { return }
        listen(context)
        switch Self.unwrapInboundIn(data) {
        case .head(let head): check(head, context)
        case .body(var part):
            guard body.readableBytes + part.readableBytes <= limit else {
                return end("the reply is larger than \(limit) bytes", nil, context)
            }
            body.writeBuffer(&part)
        case .end: finish(.success(body), context)
        }
    }

    private func check(_ head: HTTPResponseHead, _ context: ChannelHandlerContext) {
        let code = Int64(head.status.code)
        switch head.status.code {
        case 100..<200: return
        case 200: break
        case 300..<400:
            let address = head.headers.first(name: "Location") ?? "nowhere"
            return end(
                "\(code) \(head.status.reasonPhrase): redirect to \(address) not followed",
                code,
                context
            )
        default:
            var failure = RESTFailure(
                reason: "the server answers \(code) \(head.status.reasonPhrase)",
                status: code
            )
            let seconds = head.headers.first(name: "Retry-After").flatMap { Int64($0) } ?? -1
            if seconds >= 0 { failure.retryAfter = min(seconds, Self.longestPause) * UnixTime.second }
            return finish(.failure(failure), context)
        }
        if let encoding = head.headers.first(name: "Content-Encoding"), encoding.lowercased() != "identity" {
            return end("the reply is compressed (\(encoding)) though that was not asked for", code, context)
        }
        let length = head.headers.first(name: "Content-Length").flatMap { Int($0) } ?? 0
        if length > limit { end("the reply is larger than \(limit) bytes", code, context) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let address = "\(endpoint.host):\(endpoint.port)"
        let isHTTP = error is HTTPParserError
        end(
            isHTTP ? "\(address) does not answer in HTTP" : SocketFailure.text(of: error, at: endpoint),
            nil,
            context
        )
    }

    func channelInactive(context: ChannelHandlerContext) {
        end("the connection ended before the reply did", nil, context)
        context.fireChannelInactive()
    }

    private func end(_ reason: String, _ status: Int64?, _ context: ChannelHandlerContext) {
        finish(.failure(RESTFailure(reason: reason, status: status)), context)
    }

    private func finish(_ result: Result<ByteBuffer, RESTFailure>, _ context: ChannelHandlerContext) {
        tell(result)
        context.close(promise: nil)
    }

    /// Reports that there was no connection.
    func fail(_ reason: String) { tell(.failure(RESTFailure(reason: reason))) }

    private func tell(_ result: Result<ByteBuffer, RESTFailure>) {
        silence?.cancel()
        silence = nil
        let done = done
        self.done = nil
        done?(result)
    }
}
