import Capture
import Exchanges
import Foundation
import MarketModel
import Recording
import Simulation
import Testing

@testable import FakeExchange

@Suite("Served faults", .serialized, .timeLimit(.minutes(20)))
struct ServedFaultTests {
    @Test(
        "what is no fault is refused",
        arguments: [
            "", "drop", "drop@", "drop@0", "drop@x", "melt@5", "close@5:99", "drop@5:1000", "drop@5d",
            "stall@0s", "shutdown@5:0",
            "close@99999999999999999999", "close@9999999999h",
        ]
    )
    func refused(text: String) { #expect(ServedFault(text) == nil) }

    @Test("a fault strikes at its count or time, once or at every multiple")
    func moments() {
        var schedule = FaultSchedule(
            ["drop@3", "drop/2", "close@5s", "stall/4s"].compactMap(ServedFault.init)
        )
        let second: Int64 = 1_000_000_000
        var told: [String] = []
        for (number, elapsed) in zip(1...7, [0, 1, 3, 5, 6, 13, 14]) {
            let due = schedule.due(UInt64(number), at: Int64(elapsed) * second) { $0 != .refuse }
            told.append("\(elapsed):" + due.map { "\($0.kind)" }.joined(separator: "+"))
        }
        #expect(told == ["0:", "1:drop", "3:drop", "5:drop+close+stall", "6:", "13:drop+stall", "14:"])
    }

    @Test("a connection is closed at the same frame whatever the speed", arguments: [nil, 50.0] as [Double?])
    func close(speed: Double?) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "fault-\(UUID().uuidString)")
            .path()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var simulation = SimulationPlan(seed: 3, venues: [try .init(exchange: "bybit", market: .linear)])
        simulation.frames = 4_000
        let (frames, start, struck) = try times(simulation, after: 20_000_000_000)
        #expect(struck < 4_000 && start > 0)
        var options = FakeExchangeOptions(exchange: "bybit", market: "linear")
        (options.speed, options.resumes, options.closesAtEnd) = (speed, true, true)
        options.faults = ["close@20s:1013"].compactMap(ServedFault.init)
        let plan = simulation
        let server = FakeExchangeServer(options) { try SimulatedSource(plan) }
        let feeds = ["BTCUSDT", "ETHUSDT"].map { Subscription(.all, symbol: $0, depth: 50) }
        var connection = CapturePlan.Connection(exchange: .bybit, market: .linear, subscriptions: feeds)
        connection.endpoint = "ws://127.0.0.1:\(try server.start())/v5"
        let session = try CaptureSession(CapturePlan(connections: [connection], folder: folder)) { _ in }
        try session.begin()
        var waited = 0
        while waited < 400, session.counts().connections[0].reconnects < 1 {
            usleep(50_000)
            waited += 1
        }
        _ = session.end()
        #expect(server.stop().faults == 1)
        let name = try #require(
            FileManager.default.contentsOfDirectory(atPath: folder).first { $0.hasSuffix(".mcap") }
        )
        let reader = try RecordingReader(path: "\(folder)/\(name)")
        var received: [String] = []
        while try reader.advance() {
            if reader.channel.direction == .received {
                let text = reader.bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
                if text.hasPrefix("{\"topic\"") { received.append(text) }
            } else if reader.status?.state == .disconnected {
                #expect(reader.status?.code == 1013)
                break
            }
        }
        #expect(received == Array(frames.prefix(struck)))
    }

    /// The streamed frames of a simulation, its first time, and how many come through the first one after `length`.
    private func times(
        _ plan: SimulationPlan,
        after length: Int64
    ) throws -> (frames: [String], start: Int64, count: Int) {
        let source = try SimulatedSource(plan)
        var (frames, start, count): ([String], Int64?, Int?) = ([], nil, nil)
        while source.next({ time, _, bytes in
            let text = bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
            guard text.hasPrefix("{\"topic\"") else { return }
            frames.append(text)
            let first = start ?? time
            start = first
            if count == nil, time - first >= length { count = frames.count }
        }) {}
        return (frames, start ?? 0, count ?? frames.count)
    }
}
