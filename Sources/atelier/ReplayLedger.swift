import Glibc
import MarketModel
import OrderBooks
import Pipeline
import Recording
import Replay
import Synchronizer

/// `gaps.jsonl` of a replay: gaps of books and connections, and clock jumps that were not filled.
///
/// Two lines per gap, `opened` and `closed`, with the same id; one line per re-anchor.
final class ReplayLedger {
    private let path: String
    private let file: UnsafeMutablePointer<FILE>
    private var lastID = 0
    private(set) var failure: OutputError?

    /// Creates the file; an older one of the name is replaced (the folder was checked before).
    init(path: String) throws {
        self.path = path
        guard let file = fopen(path, "w") else {
            throw OutputError.system(path, String(cString: strerror(errno)))
        }
        self.file = file
    }

    deinit { fclose(file) }

    /// Removes the file.
    func discard() { unlink(path) }

    /// Records that a book became gapped; returns the gap's id.
    func opened(_ gap: BookGap, of instrument: Instrument) -> Int {
        lastID += 1
        write([
            ("id", .integer(lastID)), ("event", .string("opened")), ("time_ns", .wide(gap.receiveTime)),
            ("cause", .string("\(gap.cause)")), ("instrument", .string(instrument.description)),
            ("missed_trades", .null),
        ])
        return lastID
    }

    /// Records that a book is correct again.
    func closed(_ id: Int, of instrument: Instrument, at time: Int64) {
        write([
            ("id", .integer(id)), ("event", .string("closed")), ("time_ns", .wide(time)),
            ("instrument", .string(instrument.description)),
        ])
    }

    /// Records a gap of a connection, from its last frame to the next.
    func interrupted(_ one: ConnectionHole) {
        lastID += 1
        let channel = one.channel
        let connection = (
            "connection", JSONOutput.string("\(channel.exchange)/\(channel.market)/\(channel.slot)")
        )
        let frames = ("missed_frames", one.frames.map { JSONOutput.integer(Int(clamping: $0)) } ?? .null)
        write([
            ("id", .integer(lastID)), ("event", .string("opened")), ("time_ns", .wide(one.start)),
            ("cause", .string(one.cause.rawValue)), connection,
            ("instruments", .array(one.instruments.map { .string($0.description) })), frames,
            ("missed_trades", .null),
        ])
        guard let end = one.end else { return }
        write([
            ("id", .integer(lastID)), ("event", .string("closed")), ("time_ns", .wide(end)), connection,
            frames,
        ])
    }

    /// Records a jump longer than the gap-fill limit.
    func reanchored(_ jump: ClockJump, of instrument: Instrument) {
        lastID += 1
        write([
            ("id", .integer(lastID)), ("event", .string("reanchored")),
            ("instrument", .string(instrument.description)), ("from_ns", .wide(jump.from)),
            ("to_ns", .wide(jump.to)), ("skipped_rows", .wide(jump.skippedRows)),
        ])
    }

    /// Flushes to the operating system; throws an earlier failure, if any.
    func finish() throws {
        if fflush(file) != 0 { fail() }
        if let failure { throw failure }
    }

    private func write(_ members: [(String, JSONOutput)]) {
        if fputs(JSONOutput.object(members).text + "\n", file) < 0 { fail() }
    }

    private func fail() {
        failure = failure ?? OutputError.system(path, String(cString: strerror(errno)))
    }
}
