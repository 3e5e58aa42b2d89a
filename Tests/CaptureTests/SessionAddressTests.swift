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

@Suite struct DividedConnectionTests {
    private func plan(_ symbols: Int, _ kinds: FeedKinds, _ endpoint: String? = nil) -> CapturePlan {
        let feeds = (0..<symbols).map { Subscription(kinds, symbol: "S\($0)", depth: 500) }
        let whole = CapturePlan.Connection(
            exchange: .binance,
            market: .linear,
            subscriptions: feeds,
            endpoint: endpoint
        )
        return CapturePlan(connections: [whole], folder: "")
    }

    @Test("channels go to the addresses that have them; an address that was given has all unless it is bare")
    func paths() {
        let all: FeedKinds = [.book, .trades, .fundingRates, .openInterest]
        let own = plan(2, all).connections
        #expect(
            own.map(\.address) == [
                "wss://fstream.binance.com/public/stream", "wss://fstream.binance.com/market/stream",
            ]
        )
        #expect(own.map(\.subscriptions[1].kinds) == [.book, [.trades, .fundingRates, .openInterest]])
        #expect(own.allSatisfy { $0.subscriptions.allSatisfy { $0.depth == 500 } })
        #expect(plan(1, .trades).connections.map(\.path) == ["/market/stream"])
        let bare = plan(1, all, "ws://127.0.0.1:9/").connections
        #expect(bare.map(\.address) == ["ws://127.0.0.1:9/public/stream", "ws://127.0.0.1:9/market/stream"])
        #expect(plan(1, all, "ws://127.0.0.1:9").connections.map(\.address) == bare.map(\.address))
        #expect(Set(plan(1, all, "ws://h:9/x").connections.map(\.address)) == ["ws://h:9/x"])
    }

    @Test("no connection has more topics than the venue allows, and none is lost")
    func topics() {
        let parts = plan(700, [.trades, .fundingRates]).connections
        #expect(parts.map(\.subscriptions.count) == [512, 188])
        #expect(Set(parts.flatMap { $0.subscriptions.map(\.symbol) }).count == 700)
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
