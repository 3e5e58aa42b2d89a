import NIOCore
import NIOHTTP1
import NIOWebSocket

/// Reads the answer of a server that refuses the upgrade, and reports its status.
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
