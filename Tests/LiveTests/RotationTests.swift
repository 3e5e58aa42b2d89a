import Capture
import Exchanges
import FakeExchange
import Foundation
import MarketModel
import Recording
import Simulation
import Synchronization
import Testing

@Suite("Rotation, over real sockets", .serialized, .timeLimit(.minutes(20)))
struct RotationTests {
    private let folder: String
    private static let hour: Int64 = 3_600_000_000_000

    init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "rotation-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        folder = url.path()
    }

    /// A wall clock with an offset set by the test.
    private final class WallClock: Sendable {
        private let offset: Mutex<Int64>

        /// Sets the time to `time` now.
        init(time: Int64) { offset = Mutex(time - WallClock.machine()) }

        func now() -> Int64 { WallClock.machine() + offset.withLock { $0 } }
        func step(by length: Int64) { offset.withLock { $0 += length } }

        private static func machine() -> Int64 {
            var time = timespec()
            clock_gettime(CLOCK_REALTIME, &time)
            return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
        }
    }

    private func simulation() throws -> SimulationPlan {
        var plan = SimulationPlan(seed: 5, venues: [try .init(exchange: "bybit", market: .linear)])
        plan.frames = 100_000
        return plan
    }

    private func server() throws -> FakeExchangeServer {
        var options = FakeExchangeOptions(exchange: "bybit", market: "linear")
        options.speed = 20
        let plan = try simulation()
        return FakeExchangeServer(options) { try SimulatedSource(plan) }
    }

    private func plan(_ port: Int, _ clock: WallClock) -> CapturePlan {
        let feeds = ["BTCUSDT", "ETHUSDT"].map { Subscription(.all, symbol: $0, depth: 50) }
        var connection = CapturePlan.Connection(exchange: .bybit, market: .linear, subscriptions: feeds)
        connection.endpoint = "ws://127.0.0.1:\(port)/v5"
        var plan = CapturePlan(connections: [connection], folder: folder)
        plan.wallClock = { clock.now() }
        return plan
    }

    /// The received frames and status records of a file.
    private struct LoggedFile {
        var frames: [(text: String, time: Int64, sequence: UInt32)] = []
        var statuses: [(reason: String, time: Int64)] = []

        init(_ path: String) throws {
            let reader = try RecordingReader(path: path)
            while try reader.advance() {
                if reader.channel.direction == .received {
                    let text = reader.bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
                    frames.append((text, reader.receiveTime, reader.sequence))
                } else if let record = reader.status {
                    statuses.append((record.reason ?? "", reader.receiveTime))
                }
            }
        }
    }

    private func files() throws -> [LoggedFile] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        #expect(!names.contains { $0.hasSuffix(".partial") })
        return try names.filter { $0.hasSuffix(".mcap") }.map { try LoggedFile("\(folder)/\($0)") }
    }

    /// Frames that no resync repeats: those of the simulation itself.
    private func streamed(_ frames: [String]) -> [String] {
        frames.filter { text in
            text.hasPrefix("{\"topic\"")
                && (!text.contains(#""type":"snapshot","#) || text.contains("publicTrade")
                    || text.contains("allLiquidation"))
        }
    }

    /// The first frames of the simulation.
    private func simulated(_ count: Int) throws -> [String] {
        var frames: [String] = []
        let source = try SimulatedSource(simulation())
        while frames.count < count,
            source.next({ _, _, bytes in
                frames.append(bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) })
            })
        {}
        return frames
    }

    @Test("a session that crosses an hour goes on in a second file, without losing or doubling a frame")
    func hour() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let server = try server()
        let edge = 500_000 * Self.hour
        let clock = WallClock(time: edge - 1_500_000_000)
        var plan = plan(try server.start(), clock)
        plan.rotation = .hour
        plan.resyncsAtRotation = false
        let session = try CaptureSession(plan) { _ in }
        try session.begin()
        while clock.now() < edge + 1_500_000_000 { usleep(20_000) }
        let counts = session.end()
        _ = server.stop()
        let files = try files()
        try #require(files.count == 2)
        #expect(try #require(files[0].frames.last).time < edge)
        #expect(try #require(files[1].frames.first).time >= edge)
        let frames = files.flatMap(\.frames)
        #expect(frames.map(\.sequence) == (1...frames.count).map { UInt32($0) })
        #expect(UInt64(frames.count) == counts.loggedFrames && counts.dropped == 0)
        let logged = streamed(frames.map(\.text))
        #expect(logged.count > 100)
        #expect(Array(streamed(try simulated(2 * frames.count)).prefix(logged.count)) == logged)
    }

    @Test("each file starts its books")
    func books() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let server = try server()
        let edge = 500_000 * Self.hour
        let clock = WallClock(time: edge - 1_500_000_000)
        var plan = plan(try server.start(), clock)
        plan.rotation = .hour
        let session = try CaptureSession(plan) { _ in }
        try session.begin()
        while clock.now() < edge + 2_500_000_000 { usleep(20_000) }
        _ = session.end()
        _ = server.stop()
        let files = try files()
        try #require(files.count == 2)
        for file in files {
            for symbol in ["BTCUSDT", "ETHUSDT"] {
                let start = "{\"topic\":\"orderbook.50.\(symbol)\",\"type\":\"snapshot\""
                #expect(file.frames.contains { $0.text.hasPrefix(start) }, "\(symbol)")
            }
        }
        let frames = files.flatMap(\.frames)
        #expect(frames.map(\.sequence) == (1...frames.count).map { UInt32($0) })
    }

    @Test(
        "wall time that jumps is made up for at a rotation, forward only, and said to be",
        arguments: [5, -5]
    )
    func rebase(seconds: Int64) throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let server = try server()
        let clock = WallClock(time: 500_000 * Self.hour)
        var plan = plan(try server.start(), clock)
        plan.rotationSize = 30_000
        plan.compression = .none
        let session = try CaptureSession(plan) { _ in }
        try session.begin()
        usleep(700_000)
        clock.step(by: seconds * 1_000_000_000)
        session.compareClocks()
        usleep(1_800_000)
        _ = session.end()
        _ = server.stop()
        let files = try files()
        try #require(files.count > 2)
        let times = files.flatMap(\.frames).map(\.time)
        #expect(times == times.sorted())
        let steps = zip(times, times.dropFirst()).filter { $1 - $0 > 4_000_000_000 }
        let told = files.flatMap(\.statuses).filter { $0.reason.contains("stepped forward") }
        #expect(steps.count == (seconds > 0 ? 1 : 0))
        #expect(told.count == (seconds > 0 ? 1 : 0))
    }
}
