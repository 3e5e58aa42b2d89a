import Capture
import Exchanges
import FakeExchange
import Features
import Foundation
import Live
import MarketModel
import OrderBooks
import Pipeline
import Recording
import Replay
import Rows
import Simulation
import Synchronizer
import Testing

/// Replies in front of a simulation's frames, one for each second of it: the interest of a symbol.
private final class Interests: ServedFrames {
    private let source: SimulatedSource
    private var told: Int64 = 0
    private var held: (time: Int64, path: String?, bytes: [UInt8])?

    init(_ plan: SimulationPlan) throws { source = try SimulatedSource(plan) }

    func next(_ body: (Int64, String?, RawSpan) -> Void) -> Bool {
        if let held {
            body(held.time, held.path, held.bytes.span.bytes)
            self.held = nil
            return true
        }
        let goesOn = source.next { held = ($0, $1, $2.withUnsafeBytes { Array($0) }) }
        guard goesOn, let time = held?.time else { return false }
        let second = time / UnixTime.second
        guard second > told else { return next(body) }
        told = second
        body(
            time,
            "/interest?symbol=ONE",
            Array(#"{"interest":"\#(second)","time":\#(time)}"#.utf8).span.bytes
        )
        return true
    }
}

/// Books that replies seed, and values that are asked for, over sockets.
@Suite("Seeds and polls", .serialized)
struct SeedTests {
    private static let toy = Toy(isSeeded: true)
    private static let catalog = ExchangeCatalog([toy])
    private let folder = FileManager.default.temporaryDirectory.appending(path: "seeds-\(UUID().uuidString)")
        .path()

    private struct Session {
        var counts = CaptureCounts()
        var live = BookFindings()
        var replayed = BookFindings()
        var warnings: [String] = []
        var statuses: [StatusRecord] = []
        /// The paths of the replies, in the order of the log.
        var paths: [String] = []
        var gaps = ""
    }

    private final class Warnings: @unchecked Sendable {
        private let lock = NSLock()
        private var lines: [String] = []
        func add(_ line: String) { lock.withLock { lines.append(line) } }
        var all: [String] { lock.withLock { lines } }
    }

    private func simulation(frames: Int) throws -> SimulationPlan {
        let venue = try SimulationPlan.Venue(exchange: "toy", market: .spot, catalog: Self.catalog)
        var plan = SimulationPlan(seed: 5, venues: [venue])
        plan.frames = frames
        return plan
    }

    /// Serves a session, records and replays it.
    private func record(
        _ faults: [String] = [],
        frames: Int = 2_500,
        isDivided: Bool = false,
        _ adjust: (inout CapturePlan) -> Void = { _ in },
        source: @escaping @Sendable (SimulationPlan) throws -> any ServedFrames = { try SimulatedSource($0) }
    ) throws -> Session {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        var options = FakeExchangeOptions(exchange: "toy", market: "spot", catalog: Self.catalog)
        options.speed = 12
        options.resumes = !isDivided
        options.faults = try faults.map { try #require(ServedFault($0)) }
        let simulation = try simulation(frames: frames)
        let server = FakeExchangeServer(options) { try source(simulation) }
        let port = try server.start()
        let feeds = ["ONE", "TWO"].map { Subscription([.book, .trades], symbol: $0) }
        var connection = CapturePlan.Connection(
            exchange: Toy(isSeeded: true, isDivided: isDivided),
            market: .spot,
            subscriptions: feeds
        )
        connection.endpoint = "ws://127.0.0.1:\(port)/"
        connection.restEndpoint = "http://127.0.0.1:\(port)"
        var plan = CapturePlan(connections: [connection], folder: folder)
        plan.pollInterval = 3_600 * UnixTime.second
        adjust(&plan)
        var session = Session()
        let warnings = Warnings()
        let live = try LiveSession(
            plan,
            options: SynchronizerOptions(clock: .external),
            sinks: [session.live]
        ) {
            warnings.add($0)
        }
        try live.begin()
        for _ in 0..<1_500 {
            usleep(20_000)
            let (served, counts) = (server.currentCounts(), live.counts().connections)
            let frames = counts.reduce(0) { $0 + $1.frames }
            if served.isOver, frames >= served.frames + served.answers { break }
        }
        session.counts = live.end()
        _ = server.stop()
        session.warnings = warnings.all
        try read(&session)
        return session
    }

    private func read(_ session: inout Session) throws {
        var options = ReplayOptions(synchronizer: SynchronizerOptions(clock: .external))
        options.catalog = Self.catalog
        var replay = try Replay(paths: [folder], options: options, into: session.replayed)
        while try replay.run(limit: 1_000) {}
        let summary = try replay.finish()
        #expect(summary.missingFrames == 0)
        for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        where name.hasSuffix(".mcap") {
            let reader = try RecordingReader(path: "\(folder)/\(name)")
            while try reader.advance() {
                if let status = reader.status { session.statuses.append(status) }
                if reader.channel.direction == .http { session.paths.append(reader.channel.request) }
            }
        }
        session.gaps = try String(contentsOfFile: "\(folder)/gaps.jsonl", encoding: .utf8)
    }

    /// Every book that stood is that of the simulation, many stood, and live rows are those of the log.
    private func check(_ session: Session, frames: Int = 2_500) throws {
        let expected = try BookFindings.reference(simulation(frames: frames), Self.toy, .spot).books
        #expect(session.replayed.books.count > 200)
        let wrong = session.replayed.books.filter { expected[$0.key] != $0.value }
        #expect(wrong.isEmpty)
        #expect(!session.live.rows.isEmpty && session.live.rows == session.replayed.rows)
        #expect(session.counts.connections[0].lacking.withoutSnapshot.isEmpty)
        #expect(session.counts.dropped == 0)
    }

    private func remove() { try? FileManager.default.removeItem(atPath: folder) }

    @Test("a seed is asked for each book once its deltas flow, and never while it stands")
    func seeded() throws {
        defer { remove() }
        let session = try record()
        try check(session)
        #expect(session.replayed.seeds == 2 && session.warnings.isEmpty, "\(session.warnings)")
        #expect(session.paths.sorted() == ["/depth?symbol=ONE&limit=1000", "/depth?symbol=TWO&limit=1000"])
        #expect(session.gaps.isEmpty && session.counts.connections[0].reconnects == 0)
    }

    @Test("seeds that come late, too old, or not at once are asked for until one fits")
    func lateAndOld() throws {
        defer { remove() }
        let session = try record(["late@1:1", "old@2", "fail@3"])
        try check(session)
        #expect(session.replayed.seeds == 2 && session.paths.count == 3)
        #expect(session.statuses.contains { $0.state == .rejected && $0.code == 500 })
    }

    @Test(
        "a venue that wants no requests gets none for as long as it says",
        arguments: ["busy@1:1", "ban@1:1"]
    )
    func tooMany(fault: String) throws {
        defer { remove() }
        let session = try record([fault])
        try check(session)
        let code: Int64 = fault.hasPrefix("busy") ? 429 : 418
        let refusal = try #require(session.statuses.first { $0.code == code })
        #expect(refusal.state == .rejected && refusal.reason?.hasSuffix("asking again in 1.0 s") == true)
        #expect(session.warnings.contains { $0.contains("the server answers \(code)") })
    }

    @Test("a break is mended by another seed; the socket stays open")
    func broken() throws {
        defer { remove() }
        // At least one of these is a book's; the next seed is asked for five seconds after the last.
        let session = try record((400...404).map { "drop@\($0)" }, frames: 6_000)
        try check(session, frames: 6_000)
        #expect(session.replayed.seeds > 2 && session.counts.connections[0].reconnects == 0)
        #expect(session.statuses.contains { $0.state == .resync && $0.reason == "sequence" })
        let lines = session.gaps.split(separator: "\n")
        #expect(lines.count == 2 * (session.replayed.seeds - 2), "\(session.gaps)")
        #expect(lines.first?.contains(#""cause":"sequence""#) == true)
    }

    @Test("a new connection asks anew; replies to the one before are of no use to it")
    func reconnected() throws {
        defer { remove() }
        let session = try record(["close@300", "late@3:2"])
        try check(session)
        #expect(session.counts.connections[0].reconnects == 1)
        #expect(session.replayed.seeds >= 3)
    }

    @Test("each file of a rotation starts its books, whatever stood before")
    func rotated() throws {
        defer { remove() }
        let session = try record(frames: 8_000) { $0.rotationSize = 150_000 }
        try check(session, frames: 8_000)
        let files = try FileManager.default.contentsOfDirectory(atPath: folder).filter {
            $0.hasSuffix(".mcap")
        }
        // A seed follows the one before after five seconds: not every file lasts as long.
        var begun = 0
        for name in files.sorted().dropFirst() {
            let reader = try RecordingReader(path: "\(folder)/\(name)")
            var seeds = 0
            while try reader.advance() { seeds += reader.channel.direction == .http ? 1 : 0 }
            let alone = BookFindings()
            var options = ReplayOptions(synchronizer: SynchronizerOptions(clock: .external))
            options.catalog = Self.catalog
            var replay = try Replay(paths: ["\(folder)/\(name)"], options: options, into: alone)
            while try replay.run(limit: 1_000) {}
            #expect(seeds > 0 || alone.books.isEmpty)
            #expect(alone.books.allSatisfy { session.replayed.books[$0.key] == $0.value })
            begun += alone.books.isEmpty ? 0 : 1
        }
        #expect(begun > 0 && session.replayed.seeds == 2)
    }

    @Test("channels of two addresses have two sockets, and one session has both")
    func divided() throws {
        defer { remove() }
        let session = try record(isDivided: true) { plan in
            #expect(plan.connections.map(\.path) == ["/books", "/rest"])
            #expect(plan.connections.map(\.subscriptions[0].kinds) == [.book, .trades])
        }
        try check(session)
        #expect(session.counts.connections.map { $0.endpoint.hasSuffix("/books") } == [true, false])
        #expect(session.counts.connections.allSatisfy { $0.dataFrames > 50 && $0.unknownFrames == 0 })
    }

    @Test("values of REST alone are asked for at their interval")
    func polled() throws {
        defer { remove() }
        let session = try record([]) {
            $0.pollInterval = 300 * UnixTime.millisecond
            for index in 0..<2 { $0.connections[0].subscriptions[index].kinds.insert(.openInterest) }
        } source: {
            try Interests($0)
        }
        try check(session)
        #expect(session.replayed.interests.count >= 5)
        #expect(session.replayed.interests.allSatisfy { $0.hasPrefix("ONE ") })
        // Nobody tells the other symbol's.
        #expect(session.statuses.contains { $0.state == .rejected && $0.topic == "polls" && $0.code == 404 })
    }
}
