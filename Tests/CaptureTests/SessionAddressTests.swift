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

@Suite struct FailedSessionTests {
    /// The number of event loop threads.
    private func loops() throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count { task in
            let name = try? String(contentsOfFile: "/proc/self/task/\(task)/comm", encoding: .utf8)
            return name?.hasPrefix("NIO-ELT") ?? false
        }
    }

    @Test("a session that cannot begin leaves no event loop behind", arguments: [false, true])
    func eventLoops(ledgerFails: Bool) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        // The log cannot be opened without its folder; the ledger cannot if a folder has its name.
        if ledgerFails {
            let name = "\(folder)/gaps.jsonl"
            try FileManager.default.createDirectory(atPath: name, withIntermediateDirectories: true)
        }
        let connection = CapturePlan.Connection(
            exchange: .bybit,
            market: .linear,
            subscriptions: [Subscription(.trades, symbol: "BTCUSDT")]
        )
        let before = try loops()
        // More than concurrent tests have.
        for number in 0..<50 {
            var plan = CapturePlan(connections: [connection], folder: folder)
            let start = 1_700_000_000_000_000_000 + Int64(number) * 1_000_000_000
            plan.wallClock = { start }
            #expect(throws: CaptureError.self) { _ = try CaptureSession(plan) { _ in } }
        }
        #expect(try loops() < before + 25)
    }
}
