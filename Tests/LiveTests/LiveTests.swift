import Capture
import Exchanges
import FakeExchange
import Features
import Foundation
import Live
import MarketModel
import Recording
import Replay
import Rows
import Simulation
import Sinks
import Synchronizer
import Testing

/// Keeps all rows.
private final class RowList: RowSink {
    var rows: [MarketAggregate] = []
    func write(_ row: borrowing Row) { rows.append(row.aggregate) }
}

@Suite("Live, over real sockets", .serialized)
struct LiveTests {
    private func folder() throws -> String {
        let url = FileManager.default.temporaryDirectory.appending(path: "live-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        return url.path()
    }

    private func plan(frames: Int) throws -> SimulationPlan {
        var plan = SimulationPlan(seed: 11, venues: [try .init(exchange: "bybit", market: .linear)])
        plan.frames = frames
        return plan
    }

    private func server(_ frames: Int, _ faults: [String]) throws -> FakeExchangeServer {
        var options = FakeExchangeOptions(exchange: "bybit", market: "linear")
        options.speed = nil
        options.resumes = true
        options.faults = faults.compactMap(ServedFault.init)
        let plan = try plan(frames: frames)
        return FakeExchangeServer(options) { try SimulatedSource(plan) }
    }

    /// Records until the server's source has ended and everything it sent is logged.
    private func play(
        _ server: FakeExchangeServer,
        _ folder: String,
        _ sinks: [any RowSink]
    ) throws -> CaptureCounts {
        let port = try server.start()
        let feeds = ["BTCUSDT", "ETHUSDT"].map { Subscription(.all, symbol: $0, depth: 50) }
        var connection = CapturePlan.Connection(exchange: .bybit, market: .linear, subscriptions: feeds)
        connection.endpoint = "ws://127.0.0.1:\(port)/v5"
        var plan = CapturePlan(connections: [connection], folder: folder)
        plan.maximumDelay = 100_000_000
        plan.maximumAttempts = 1_000
        let session = try LiveSession(plan, options: SynchronizerOptions(clock: .external), sinks: sinks)
        try session.begin()
        for _ in 0..<600 {
            usleep(50_000)
            let served = server.currentCounts()
            let received = session.counts().connections[0].frames
            if served.isOver, received >= served.frames + served.answers + served.snapshots { break }
        }
        // The last row's edge passes before the session's end is recorded.
        usleep(150_000)
        return session.end()
    }

    private func frames(in folder: String) throws -> [String] {
        var frames: [String] = []
        for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        where name.hasSuffix(".mcap") {
            let reader = try RecordingReader(path: "\(folder)/\(name)")
            while try reader.advance() {
                guard reader.channel.direction == .received else { continue }
                let text = reader.bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
                if text.hasPrefix("{\"topic\"") { frames.append(text) }
            }
        }
        return frames
    }

    private func simulated(_ count: Int) throws -> [String] {
        var frames: [String] = []
        let source = try SimulatedSource(plan(frames: count))
        while source.next({ _, _, bytes in
            let text = bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
            if text.hasPrefix("{\"topic\"") { frames.append(text) }
        }) {}
        return frames
    }

    @Test("the log holds what was served, frame by frame, over forced disconnects")
    func served() throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let server = try server(3_000, ["close/400"])
        let counts = try play(server, folder, [])
        let told = server.stop()
        #expect(told.connections >= 7)
        #expect(counts.dropped == 0)
        #expect(counts.loggedFrames == told.frames + told.answers + told.snapshots)
        // Two books and two tickers at each reconnect.
        #expect(told.snapshots == 4 * (told.connections - 1))
        #expect(counts.connections[0].gaps == 0)
        let deltas = { (frames: [String]) in
            frames.filter { !$0.contains(#""type":"snapshot","#) || $0.contains("publicTrade") }
        }
        #expect(try deltas(frames(in: folder)) == deltas(simulated(3_000)))
    }

    @Test("replaying the log gives the rows that live emitted")
    func sameRows() throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let sink = RowList()
        let server = try server(4_000, ["close/900", "drop/500"])
        _ = try play(server, folder, [sink])
        _ = server.stop()
        let name = try #require(
            FileManager.default.contentsOfDirectory(atPath: folder).first { $0.hasSuffix(".mcap") }
        )
        var replay = try Replay(
            paths: ["\(folder)/\(name)"],
            options: ReplayOptions(synchronizer: SynchronizerOptions(clock: .external))
        )
        var again: [MarketAggregate] = []
        while let row = try replay.next() { again.append(row.aggregate) }
        #expect(try replay.finish().rows == again.count && again.count > 5)
        #expect(again == sink.rows)
        let files = try writeRows(of: "\(folder)/\(name)", to: "\(folder)/rows")
        #expect(files.contains { $0.hasPrefix("\(folder)/rows/aggregates/") })
    }

    @Test("the ten-line program gets rows", .timeLimit(.minutes(20)))
    func tenLines() async throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var options = FakeExchangeOptions(exchange: "bybit", market: "linear")
        options.speed = 20
        let plan = try plan(frames: 100_000)
        let server = FakeExchangeServer(options) { try SimulatedSource(plan) }
        let port = try server.start()
        try await watch(endpoint: "ws://127.0.0.1:\(port)/", folder: folder)
        _ = server.stop()
    }
}
