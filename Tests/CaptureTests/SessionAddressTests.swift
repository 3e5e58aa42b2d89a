import Exchanges
import Foundation
import MarketModel
import Testing

@testable import Capture

@Suite struct SessionAddressTests {
    @Test("a session whose addresses make no sense leaves nothing in its folder")
    func addresses() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var good = CapturePlan.Connection(
            exchange: .bybit,
            market: .linear,
            subscriptions: [Subscription(.trades, symbol: "BTCUSDT")]
        )
        good.endpoint = "ws://127.0.0.1:1"
        var (socket, rest) = (good, good)
        socket.endpoint = "ws://127.0.0.1:none"
        rest.restEndpoint = "127.0.0.1:1"
        for (bad, error) in [
            (socket, CaptureError.badEndpoint("ws://127.0.0.1:none")),
            (rest, CaptureError.badRESTEndpoint("127.0.0.1:1")),
        ] {
            let plan = CapturePlan(connections: [good, bad], folder: folder)
            #expect(throws: error) { _ = try CaptureSession(plan) { _ in } }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
        }
    }
}
