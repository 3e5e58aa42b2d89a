import ByteCoding
import Features
import Foundation
import MarketModel
import OrderBooks
import Pipeline
import Recording
import Rows
import Synchronizer
import Testing

@testable import Replay

/// Draws the rows of each symbol, one letter per row, and keeps the gaps of connections.
private final class RowDrawing: RowSink {
    /// `+` synced and trades observed, `~` synced, `o` observed, `.` neither; `!` after a row whose gap
    /// flag disagrees.
    private(set) var rows: [String: String] = [:]
    private(set) var holes: [ConnectionHole] = []

    func write(_ row: borrowing Row) {
        let isObserved = row.snapshot.quality.observed.contains(.trades)
        let isSynced = row.aggregate.bookState == .synced
        var letter = isSynced && isObserved ? "+" : isSynced ? "~" : isObserved ? "o" : "."
        // A row that is not whole must say so.
        if letter != "+", !row.aggregate.gap { letter += "!" }
        rows[row.instrument.symbol, default: ""] += letter
    }

    func received(_ notice: Notice) {
        if case .interrupted(let hole) = notice { holes.append(hole) }
    }
}

/// Sessions end with their last record, and frames missing from the log are a loss.
struct SessionEndTests {
    private let folder = FileManager.default.temporaryDirectory.appending(
        path: "session-\(UUID().uuidString)"
    ).path()
    private static let second: Int64 = 1_000_000_000

    init() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    /// What a file holds: by connection, a frame each second of a line such as `S++ +`: a snapshot, trades, nothing.
    private struct File {
        var name: String
        var session: Int64 = 1
        /// The first second.
        var from: Int64 = 0
        var lines: [(slot: String, symbol: String, frames: String)]
        var firstSequence: UInt32 = 1
        var details: [(key: String, value: String)] = []
        /// Frames that use a number and are not written.
        var lost: Set<Int> = []
        var statuses: [(second: Int64, slot: String, status: StatusRecord)] = []
    }

    private static func frame(_ letter: Character, _ symbol: String, _ number: Int64) -> [UInt8] {
        let stamp = number * 1_000
        let text =
            letter == "S"
            ? #"{"topic":"orderbook.50.\#(symbol)","type":"snapshot","ts":\#(stamp),"data":{"s":"\#(symbol)","#
                + #""b":[["1","1"]],"a":[["2","1"]],"u":\#(number + 1),"seq":1}}"#
            : #"{"topic":"publicTrade.\#(symbol)","type":"snapshot","ts":\#(stamp),"data":["#
                + #"{"T":\#(stamp),"s":"\#(symbol)","S":"Buy","v":"1","p":"1","i":"\#(symbol)\#(number)"}]}"#
        return Array(text.utf8)
    }

    private func write(_ file: File) throws -> String {
        let path = "\(folder)/\(file.name).mcap"
        let output = try ByteOutput(path: path)
        let writer = try RecordingWriter(
            output,
            session: SessionFacts(start: file.session, details: file.details),
            chunkSize: 1
        )
        var numbers: [String: RecordingWriter.ChannelNumber] = [:]
        let slots = Set(file.lines.map(\.slot))
        for slot in slots.union(file.statuses.map(\.slot)).sorted() {
            for direction in slots.contains(slot) ? [FrameDirection.received, .status] : [.status] {
                let channel = FrameChannel(
                    exchange: "bybit",
                    market: "linear",
                    slot: slot,
                    direction: direction
                )
                let first = direction == .received ? file.firstSequence : 1
                numbers["\(slot)/\(direction)"] = try writer.add(channel, firstSequence: first)
            }
        }
        let length = file.lines.map(\.frames.count).max() ?? 0
        for index in 0..<length {
            let second = file.from + Int64(index)
            for (order, line) in file.lines.enumerated() {
                let letters = Array(line.frames)
                guard index < letters.count, letters[index] != " " else { continue }
                let number = try #require(numbers["\(line.slot)/\(FrameDirection.received)"])
                let time = second * Self.second + 100_000_000 + Int64(order)
                let bytes = Self.frame(letters[index], line.symbol, second)
                try writer.write(bytes.span.bytes, on: number, at: time)
            }
            for status in file.statuses where status.second == second {
                let number = try #require(numbers["\(status.slot)/\(FrameDirection.status)"])
                try writer.write(status.status, on: number, at: second * Self.second + 200_000_000)
            }
        }
        try writer.finish(reason: "test")
        try output.finish(replacing: true)
        return path
    }

    private func draw(
        _ paths: [String],
        _ clock: ClockMode = .external,
        period: Int64 = 1_000_000_000
    ) throws -> (rows: [String: String], holes: [ConnectionHole], summary: ReplaySummary) {
        let drawing = RowDrawing()
        let options = ReplayOptions(synchronizer: SynchronizerOptions(clock: clock, period: period))
        var replay = try Replay(paths: paths, options: options, into: drawing)
        while try replay.run(limit: 3) {}
        let summary = try replay.finish()
        return (drawing.rows, drawing.holes, summary)
    }

    private func clean() { try? FileManager.default.removeItem(atPath: folder) }

    @Test func `a session's end gaps its books and ends its feeds as of each connection's last frame`() throws
    {
        defer { clean() }
        let first = try write(
            File(
                name: "b",
                lines: [("c0", "A", "STTT  "), ("c1", "B", "STTTTT")],
                details: [("source", "import")]
            )
        )
        let second = try write(
            File(
                name: "a",
                session: 9,
                from: 9,
                lines: [("c0", "A", "STTT")],
                details: [("source", "import")]
            )
        )
        let replay = try draw([second, first])
        // The row in which a feed begins is not observed. Rows that came before the end are as they were.
        #expect(replay.rows["A"] == "~~+++....~~++")
        #expect(replay.rows["B"] == "~~+++........")
        #expect(replay.holes.map(\.cause) == [.session, .session])
        #expect(Set(replay.holes.map(\.start)) == [3_100_000_000, 5_100_000_001])
        #expect(try !replay.summary.hasDamage && draw([first]).holes.isEmpty)
    }

    @Test func `a connection that falls quiet is live while its session goes on`() throws {
        defer { clean() }
        let path = try write(File(name: "a", lines: [("c0", "A", "STT"), ("c1", "B", "STTTTTT")]))
        let replay = try draw([path])
        #expect(replay.rows["A"] == "~~+++++")
        #expect(replay.holes.isEmpty)
    }

    @Test func `of two recorders at once each ends when its own last record has passed`() throws {
        defer { clean() }
        let one = try write(File(name: "a", session: 1, lines: [("c0", "A", "STTTT")]))
        let two = try write(File(name: "b", session: 2, from: 2, lines: [("c0", "B", "STTTTTTT")]))
        let replay = try draw([one, two])
        #expect(replay.rows["A"] == "~~++......")
        #expect(replay.rows["B"] == "~~++++++")
        #expect(replay.holes.map(\.connection.slot) == ["c0"] && replay.holes.first?.instruments.count == 1)
    }

    @Test("frames that counters lack end feeds at the frame before, once", arguments: [false, true])
    func counters(hasStatus: Bool) throws {
        defer { clean() }
        let status = StatusRecord(.dropped, count: 3)
        let first = try write(
            File(
                name: "1",
                lines: [("c0", "A", "STTT")],
                statuses: hasStatus ? [(3, "c0", status)] : []
            )
        )
        let second = try write(File(name: "2", from: 7, lines: [("c0", "A", "TTST")], firstSequence: 8))
        let replay = try draw([first, second])
        #expect(replay.rows["A"] == "~~+.....o++")
        #expect(replay.holes.map(\.cause) == [.dropped])
        #expect(replay.holes.first?.frames == 3 && replay.holes.first?.end == 7_100_000_000)
        #expect(replay.summary.missingFrames == 3 && replay.summary.hasDamage)
    }

    @Test func `a lost chunk ends the feeds of every connection of its file`() throws {
        defer { clean() }
        let path = try write(File(name: "1", lines: [("c0", "A", "STTTTTTT"), ("c1", "B", "STTT   T")]))
        var bytes = Array(try Data(contentsOf: URL(filePath: path)))
        let whole = try draw([path])
        #expect(whole.rows["B"] == "~~++++++")
        // One frame a chunk: the tenth is A's at 5 s.
        let chunk = try #require(ChunkSpan.all(in: bytes).dropFirst(9).first)
        bytes[chunk.offset + chunk.length - 4] ^= 0xff
        try Data(bytes).write(to: URL(filePath: path))
        let replay = try draw([path])
        #expect(replay.holes.map(\.cause) == [.dropped, .dropped])
        #expect(Set(replay.holes.map(\.connection.slot)) == ["c0", "c1"])
        #expect(replay.holes.compactMap(\.frames) == [1])
        #expect(replay.rows["A"] == "~~++...o" && replay.rows["B"] == "~~++....")
        // The recovered file states it too.
        let recovered = "\(folder)/recovered.mcap"
        let output = try ByteOutput(path: recovered)
        _ = try RecordingRecovery(of: path, to: output)
        try output.finish(replacing: false)
        let again = try draw([recovered])
        #expect(again.rows == replay.rows && again.summary.digest == replay.summary.digest)
        #expect(again.holes == replay.holes)
    }

    @Test func `a lost chunk ends the feeds of a connection that its file has but a status of`() throws {
        defer { clean() }
        let first = try write(File(name: "1", lines: [("c0", "A", "STT"), ("c1", "B", "STT")]))
        var second = File(name: "2", from: 3, lines: [("c0", "A", "TTTTT")], firstSequence: 4)
        second.statuses = [(7, "c1", StatusRecord(.disconnected, epoch: 1))]
        let path = try write(second)
        let whole = try draw([first, path])
        var bytes = Array(try Data(contentsOf: URL(filePath: path)))
        let chunk = try #require(ChunkSpan.all(in: bytes).dropFirst(1).first)
        bytes[chunk.offset + chunk.length - 4] ^= 0xff
        try Data(bytes).write(to: URL(filePath: path))
        let replay = try draw([first, path])
        #expect(whole.holes.map(\.cause) == [.disconnect])
        #expect(Set(replay.holes.filter { $0.cause == .dropped }.map(\.connection.slot)) == ["c0", "c1"])
    }

    @Test func `a file cut back to its last whole chunk lacks what the recorder says, and nothing else`()
        throws
    {
        defer { clean() }
        let first = try write(File(name: "1", lines: [("c0", "A", "STTT")]))
        let second = try write(
            File(
                name: "2",
                from: 6,
                lines: [("c0", "A", " TST")],
                firstSequence: 5,
                statuses: [(6, "c0", StatusRecord(.dropped, count: 3))]
            )
        )
        let whole = try draw([first, second])
        #expect(whole.rows["A"] == "~~+~~~..++")
        let bytes = Array(try Data(contentsOf: URL(filePath: first)))
        let chunk = try #require(ChunkSpan.all(in: bytes).last)
        try Data(bytes[..<(chunk.offset + chunk.length)]).write(to: URL(filePath: first))
        let replay = try draw([first, second])
        #expect(replay.rows == whole.rows && replay.holes == whole.holes)
        #expect(replay.summary.digest == whole.summary.digest && replay.summary.hasDamage)
    }

    @Test(
        "a recorder's own end counts from when it closed, a merge's from the last frame",
        arguments: [1, nil]
    )
    func ends(epoch: UInt64?) throws {
        defer { clean() }
        let end = StatusRecord(.disconnected, epoch: epoch, reason: "session ended")
        let lines = [
            (slot: "c0", symbol: "A", frames: "STTT"), (slot: "c1", symbol: "B", frames: "STTT    T"),
        ]
        let first = try write(File(name: "1", lines: lines, statuses: [(6, "c0", end)]))
        let replay = try draw([first])
        #expect(replay.rows["A"] == (epoch == nil ? "~~+......" : "~~+~~~..."))
        #expect(replay.holes.map(\.cause) == [epoch == nil ? .session : .disconnect])
        #expect(replay.holes.first?.start == 3_100_000_000)
    }

    @Test func `imports that begin alike are sessions of their own`() throws {
        defer { clean() }
        let details = [(key: "source", value: "import"), (key: "id", value: "1")]
        let one = try write(File(name: "a", lines: [("c0", "A", "STT")], details: details))
        let two = try write(File(name: "b", lines: [("c0", "A", "S    TT")], details: details))
        #expect(try draw([one, two]).holes.map(\.cause) == [.session])
        let piece = try write(
            File(
                name: "0",
                from: 8,
                lines: [("c0", "A", "TT")],
                firstSequence: 4,
                details: [("source", "import"), ("continues", "import-1-1"), ("part", "2")]
            )
        )
        #expect(try draw([piece, one]).rows["A"] == "~~++++++++")
        #expect(try draw([piece, one]).holes.isEmpty)
    }

    @Test func `counts and parts of a file that are as great as can be end nothing`() throws {
        defer { clean() }
        let status = StatusRecord(.dropped, count: UInt64(Int64.max))
        let path = try write(
            File(
                name: "a",
                lines: [("c0", "A", "STTT")],
                details: [("source", "import"), ("continues", "x"), ("part", "\(Int.max)")],
                statuses: [(0, "c0", status), (1, "c0", status), (2, "c0", status)]
            )
        )
        #expect(try draw([path]).summary.droppedFrames == .max)

        let rules = ImportRules(
            exchange: "bybit",
            protocolID: "bybit-v5",
            markets: [.linear],
            venueTime: { _ in nil },
            makeProbe: { nil }
        )
        let session = ImportSession(rules: rules, predecessor: try ImportPredecessor(path: path))
        let line = #"{"recv_ns":9000000000,"conn":"c0","frame":"{}"}"#
        try session.add(ByteInput(bytes: Array(line.utf8).span.bytes))
        let output = try ByteOutput(path: "\(folder)/b.mcap")
        try session.write(to: output, compression: .none)
        try output.finish(replacing: false)
        #expect(try RecordingReader(path: "\(folder)/b.mcap").session.name == "x")
    }
}

/// The position of a chunk in a file.
private struct ChunkSpan {
    var offset: Int
    var length: Int

    static func all(in bytes: [UInt8]) -> [ChunkSpan] {
        var found: [ChunkSpan] = []
        var position = 8
        while position + 9 <= bytes.count - 8 {
            let length = (0..<8).reduce(0) { $0 | Int(bytes[position + 1 + $1]) << (8 * $1) }
            if bytes[position] == 6 { found.append(ChunkSpan(offset: position, length: length + 9)) }
            position += 9 + length
        }
        return found
    }
}
