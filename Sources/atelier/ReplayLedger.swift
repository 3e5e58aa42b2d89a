import Glibc
import MarketModel
import OrderBooks
import Rows
import Synchronizer

/// `gaps.jsonl` of a replay: gaps of books and connections, and clock jumps that were not filled.
///
/// Two lines per gap, `opened` and `closed`, with the same id; one line per re-anchor.
final class ReplayLedger: RowSink {
    /// Events, for the ends of gaps: one can open and close within a frame.
    let wants: RowNeeds = .events
    private let path: String
    private var file: UnsafeMutablePointer<FILE>?
    /// The numbers of gaps, and the open ones.
    var gaps = OpenGaps()
    private var failure: OutputError?

    init(path: String) { self.path = path }

    deinit { if let file { fclose(file) } }

    /// Creates the file; an older one of the name is replaced (the folder was checked before).
    func open() throws(OutputError) {
        file = fopen(path, "w")
        if file == nil { throw .system(path, String(cString: strerror(errno))) }
    }

    func discard() { if file != nil { unlink(path) } }

    func write(_ row: borrowing Row) {}

    func applied(
        _ event: EventReference,
        of batch: borrowing EventBatch,
        books: Span<BookKeeper>
    ) {
        guard event.kind == .book, !gaps.isEmpty else { return }
        let update = batch.books[event.index]
        guard books[update.instrument.position].book.state == .synced else { return }
        close(batch.instruments[update.instrument], at: update.receiveTime)
    }

    func received(_ notice: Notice) {
        switch notice {
        case .gapped(let gap, let instrument): open(gap, of: instrument)
        case .interrupted(let hole): write(hole)
        case .reanchored(let jump, let instrument): write(jump, of: instrument)
        case .defined, .recorded: break
        }
    }

    private func open(_ gap: BookGap, of instrument: Instrument) {
        // Gaps of a connection have a line of their own, which names its books.
        guard gap.cause != .connection else { return }
        close(instrument, at: gap.receiveTime)
        let id = gaps.open(instrument)
        write([
            ("id", .integer(id)), ("event", .string("opened")), ("time_ns", .wide(gap.receiveTime)),
            ("cause", .string("\(gap.cause)")), ("instrument", .string(instrument.description)),
            ("missed_trades", .null),
        ])
    }

    private func close(_ instrument: Instrument, at time: Int64) {
        guard let id = gaps.close(instrument) else { return }
        write([
            ("id", .integer(id)), ("event", .string("closed")), ("time_ns", .wide(time)),
            ("instrument", .string(instrument.description)),
        ])
    }

    private func write(_ one: ConnectionHole) {
        let id = gaps.next()
        let connection = ("connection", JSONOutput.string(one.connection.description))
        let frames = ("missed_frames", one.frames.map { JSONOutput.integer(Int(clamping: $0)) } ?? .null)
        write([
            ("id", .integer(id)), ("event", .string("opened")), ("time_ns", .wide(one.start)),
            ("cause", .string(one.cause.rawValue)), connection,
            ("instruments", .array(one.instruments.map { .string($0.description) })), frames,
            ("missed_trades", .null),
        ])
        guard let end = one.end else { return }
        write([
            ("id", .integer(id)), ("event", .string("closed")), ("time_ns", .wide(end)), connection,
            frames,
        ])
    }

    private func write(_ jump: ClockJump, of instrument: Instrument) {
        let id = gaps.next()
        write([
            ("id", .integer(id)), ("event", .string("reanchored")),
            ("instrument", .string(instrument.description)), ("from_ns", .wide(jump.from)),
            ("to_ns", .wide(jump.to)), ("skipped_rows", .wide(jump.skippedRows)),
        ])
    }

    /// Flushes to the operating system; throws an earlier failure, if any.
    func finish() throws(OutputError) -> SinkReceipt {
        if let file, fflush(file) != 0 { fail() }
        if let failure { throw failure }
        return SinkReceipt()
    }

    private func write(_ members: [(String, JSONOutput)]) {
        if let file, fputs(JSONOutput.object(members).text + "\n", file) < 0 { fail() }
    }

    private func fail() {
        failure = failure ?? OutputError.system(path, String(cString: strerror(errno)))
    }
}
