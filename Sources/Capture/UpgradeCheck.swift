import NIOCore
import NIOHTTP1
import NIOWebSocket

/// Upgrades an HTTP connection if the server's answer is what RFC 6455 (4.1) demands.
final class UpgradeCheck: NIOTypedHTTPClientProtocolUpgrader, @unchecked Sendable {
    let supportedProtocol = "websocket"
    let requiredUpgradeHeaders: [String] = []
    /// Knows the key and the answer to it.
    private let key: NIOTypedWebSocketClientUpgrader<Void>
    private let handler: MessageHandler.Box

    /// Passes messages to `handler`, on its event loop.
    init(_ handler: MessageHandler.Box) {
        self.handler = handler
        key = NIOTypedWebSocketClientUpgrader { channel, _ in channel.eventLoop.makeSucceededVoidFuture() }
    }

    func addCustom(upgradeRequestHeaders: inout HTTPHeaders) {
        key.addCustom(upgradeRequestHeaders: &upgradeRequestHeaders)
    }

    func shouldAllowUpgrade(upgradeResponse: HTTPResponseHead) -> Bool {
        guard let fault = fault(in: upgradeResponse) else { return true }
        handler.value.refuse("the server's answer to the WebSocket upgrade is wrong: \(fault)")
        return false
    }

    private func fault(in answer: HTTPResponseHead) -> String? {
        let connection = answer.headers[canonicalForm: "Connection"].map { $0.lowercased() }
        if !connection.contains("upgrade") { return "it lacks \"Connection: Upgrade\"" }
        if answer.headers["Upgrade"].count != 1 { return "it names more than one protocol" }
        guard key.shouldAllowUpgrade(upgradeResponse: answer) else {
            return "Sec-WebSocket-Accept is not that of our key"
        }
        for name in ["Sec-WebSocket-Extensions", "Sec-WebSocket-Protocol"] {
            // Without content it names nothing.
            let values = answer.headers[canonicalForm: name].filter { !$0.isEmpty }
            if let value = values.first { return "\(name) is \"\(value)\", which nobody asked for" }
        }
        return nil
    }

    func upgrade(channel: any Channel, upgradeResponse: HTTPResponseHead) -> EventLoopFuture<Void> {
        channel.eventLoop.makeCompletedFuture {
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(WebSocketFrameEncoder())
            try pipeline.addHandler(handler.value)
        }
    }
}
