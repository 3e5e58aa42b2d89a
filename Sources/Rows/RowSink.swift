public import MarketModel
public import OrderBooks
public import Synchronizer

/// Where rows go, and on request the events that make them: files, a terminal, readers, a dataset, a page.
///
/// Called on one thread, in order of emission. A sink that throws gets no more rows and events. Everything
/// but rows is ignored by default.
public protocol RowSink: AnyObject {
    /// Its name in messages.
    var name: String { get }
    /// What it needs: levels are asked for once, before the first frame; events once a frame. By default
    /// levels.
    var wants: RowNeeds { get }

    // MARK: Rows

    /// Writes a row; its memory is reused after the call. A row that it throws at is not accepted.
    func write(_ row: borrowing Row) throws
    /// Called when the log brings an instrument's definition, and again when it changes; only later rows may
    /// use it. `index` is the instrument's in rows.
    func defined(_ definition: InstrumentDefinition, of instrument: Instrument, at index: InstrumentIndex)
    /// Called when a clock jumped further than the gap-fill limit: the next row does not follow the one before.
    func reanchored(_ jump: ClockJump, of instrument: Instrument)

    // MARK: Events

    /// Called for each event right after it was applied; `books` are by ``InstrumentIndex``. By default
    /// writes a copy of it.
    func applied(
        _ event: EventReference,
        of batch: borrowing EventBatch,
        books: Span<BookKeeper>
    ) throws
    /// Writes a copy of an event.
    func write(_ event: LiveEvent, of instrument: Instrument) throws
    /// Called when a book becomes gapped.
    func gapped(_ gap: BookGap, of instrument: Instrument)
    /// Called for each status record of a connection, in log order; `time` is its receive time, nanoseconds
    /// since the Unix epoch, UTC.
    func recorded(_ status: StatusRecord, of connection: ConnectionName, at time: Int64)
    /// Called once for each gap of a connection: at the first frame after it, or at the end.
    func interrupted(_ hole: ConnectionHole)

    // MARK: The end

    /// Makes durable what was accepted, and ends.
    func finish() throws -> SinkReceipt
    /// Removes what it has made, instead of finishing.
    func discard()

    // MARK: Beside a session that goes on

    /// Makes pending data durable if due; called several times a second, with nanoseconds of a monotonic
    /// clock.
    func flush(at now: Int64) throws
    /// Rows before the next one were lost in the queue.
    func lost(_ rows: LostRows) throws
    /// New messages for the user: problems and their end.
    func drainNotes() -> [String]
    /// Its status, in one line.
    var status: String { get }
    /// Rows that it accepted and lost.
    var lostRows: UInt64 { get }
    /// Rows that it accepted and that are not yet at their destination.
    var waitingRows: UInt64 { get }
    /// Grows with progress on long work; may be read on any thread.
    var steps: Int { get }
}

// The documentation of the members says what they do by default.
extension RowSink {
    /// By default that of the type.
    public var name: String { "\(Self.self)" }
    /// By default levels.
    public var wants: RowNeeds { .levels }
    /// By default nothing.
    public func defined(
        _ definition: InstrumentDefinition,
        of instrument: Instrument,
        at index: InstrumentIndex
    ) {}
    /// By default nothing.
    public func reanchored(_ jump: ClockJump, of instrument: Instrument) {}
    /// By default writes a copy.
    public func applied(
        _ event: EventReference,
        of batch: borrowing EventBatch,
        books: Span<BookKeeper>
    ) throws {
        guard let index = batch.instrument(of: event), let copy = LiveEvent(event, of: batch) else { return }
        try write(copy, of: batch.instruments[index])
    }
    /// By default nothing.
    public func write(_ event: LiveEvent, of instrument: Instrument) {}
    /// By default nothing.
    public func gapped(_ gap: BookGap, of instrument: Instrument) {}
    /// By default nothing.
    public func recorded(_ status: StatusRecord, of connection: ConnectionName, at time: Int64) {}
    /// By default nothing.
    public func interrupted(_ hole: ConnectionHole) {}
    /// By default an empty receipt.
    public func finish() -> SinkReceipt { SinkReceipt() }
    /// By default nothing.
    public func discard() {}
    /// By default nothing.
    public func flush(at now: Int64) {}
    /// By default nothing.
    public func lost(_ rows: LostRows) {}
    /// By default none.
    public func drainNotes() -> [String] { [] }
    /// By default empty.
    public var status: String { "" }
    /// By default none.
    public var lostRows: UInt64 { 0 }
    /// By default none.
    public var waitingRows: UInt64 { 0 }
    /// By default none.
    public var steps: Int { 0 }
}
