import Capture
import Exchanges
import FakeExchange
import Foundation
import MarketModel
import Recording
import Simulation
import Testing

/// A venue that asks whether its client is there, and closes the connection of one that does not answer.
@Suite("A toy venue that asks for signs of life", .timeLimit(.minutes(20)))
struct ToySignTests {
    /// What a session of some seconds sent, and how often it connected again.
    private func record(givesSigns: Bool) throws -> (sent: [String], reasons: [String]) {
        let folder = FileManager.default.temporaryDirectory.appending(path: "signs-\(UUID().uuidString)")
            .path()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let toy = Toy(wantsSigns: true, givesSigns: givesSigns)
        let catalog = ExchangeCatalog(ExchangeCatalog.standard.all + [toy])
        let venue = try SimulationPlan.Venue(exchange: "toy", market: .spot, catalog: catalog)
        var plan = SimulationPlan(seed: 7, venues: [venue])
        plan.duration = 600 * UnixTime.second
        var options = FakeExchangeOptions(exchange: "toy", market: "spot", catalog: catalog)
        (options.speed, options.resumes) = (10, true)
        let simulation = plan
        let server = FakeExchangeServer(options) { try SimulatedSource(simulation) }
        let port = try server.start()
        let feeds = [Subscription(.all, symbol: "ONE")]
        var connection = CapturePlan.Connection(exchange: toy, market: .spot, subscriptions: feeds)
        connection.endpoint = "ws://127.0.0.1:\(port)/"
        let session = try CaptureSession(CapturePlan(connections: [connection], folder: folder)) { _ in }
        try session.begin()
        usleep(2_500_000)
        _ = session.end()
        _ = server.stop()
        var (sent, reasons): ([String], [String]) = ([], [])
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) where name.hasSuffix(".mcap")
        {
            let reader = try RecordingReader(path: "\(folder)/\(name)")
            while try reader.advance() {
                let text = reader.bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
                if reader.channel.direction == .sent { sent.append(text) }
                if let status = reader.status, status.state == .disconnected { reasons.append("\(status)") }
            }
        }
        return (sent, reasons)
    }

    @Test func `a client that answers stays, and its answers are logged`() throws {
        let (sent, reasons) = try record(givesSigns: true)
        #expect(sent.first == #"{"do":"signs"}"#)
        #expect(sent.count { $0 == #"{"do":"sign"}"# } >= 5, "\(sent)")
        #expect(reasons.allSatisfy { !$0.contains("4000") }, "\(reasons)")
    }

    @Test func `one that does not is closed, and connects again`() throws {
        let (sent, reasons) = try record(givesSigns: false)
        #expect(sent.count { $0 == #"{"do":"signs"}"# } >= 2 && !sent.contains(#"{"do":"sign"}"#))
        #expect(reasons.contains { $0.contains("4000") }, "\(reasons)")
    }
}
