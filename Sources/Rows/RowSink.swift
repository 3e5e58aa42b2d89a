public import MarketModel
public import OrderBooks

/// Where rows go, and on request the events that make them: files, a terminal, readers, a dataset, a page.
///
/// Called on one thread, in order of emission. A sink that throws gets no more rows and events. Everything
/// but rows is ignored by default.
public protocol RowSink: AnyObject {
    /// Its name in messages.
    var name: String { get }
    /// What it needs, asked once, before the first frame. By default levels.
    var wants: RowNeeds { get }

    // MARK: Rows

    /// Writes a row; its memory is reused after the call. A row that it throws at is not accepted.
    func write(_ row: borrowing Row) throws
    /// Tells what else happened. By default ignored.
    func received(_ notice: Notice)

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
    public func received(_ notice: Notice) {}
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
