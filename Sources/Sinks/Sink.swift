public import Features
public import MarketModel
public import Synchronizer

/// Receives rows as they are made, and on request every decoded event.
///
/// Called on one thread, in order of emission. A sink that throws is reported and gets no more rows and
/// events, but is flushed and finished like the others, so that earlier rows are not lost. Passing problems
/// are the sink's own: it keeps what it can, counts what it loses, and reports both in its notes.
public protocol Sink: AnyObject {
    /// Its name in messages.
    var name: String { get }
    /// Its status, in one line.
    var status: String { get }
    /// Rows that it accepted and lost.
    var lostRows: UInt64 { get }
    /// Rows that it accepted and that are not yet at their destination.
    var waitingRows: UInt64 { get }
    /// Grows with progress on long work; may be read on any thread.
    var steps: Int { get }
    /// Whether ``write(_:of:)`` is wanted for events; asked when the sink is configured. False by default.
    var wantsEvents: Bool { get }
    /// Whether rows must show the levels of books; asked when the sink is configured. True by default.
    var wantsLevels: Bool { get }
    /// Writes a decoded event, right after it was applied. Ignored by default.
    func write(_ event: LiveEvent, of instrument: Instrument) throws(SinkError)
    /// Writes a row; the snapshot's memory is reused after the call. A row that it throws at is not
    /// accepted.
    func write(
        _ snapshot: borrowing MarketSnapshot,
        _ row: MarketAggregate,
        of instrument: Instrument
    ) throws(SinkError)
    /// Rows before the next one were lost in the queue. By default does nothing.
    func lost(_ rows: LostRows) throws(SinkError)
    /// Makes pending data durable if due; called several times a second, with nanoseconds of a monotonic
    /// clock. By default does nothing.
    func flush(at now: Int64) throws(SinkError)
    /// Makes what was taken durable, and ends.
    func finish() throws(SinkError)
    /// New messages for the user: problems and their end. None by default.
    func drainNotes() -> [String]
}

extension Sink {
    /// By default none.
    public var lostRows: UInt64 { 0 }
    /// By default none.
    public var waitingRows: UInt64 { 0 }
    /// By default none.
    public var steps: Int { 0 }
    /// By default does nothing.
    public func lost(_ rows: LostRows) throws(SinkError) {}
    /// By default false.
    public var wantsEvents: Bool { false }
    /// By default true.
    public var wantsLevels: Bool { true }
    /// By default does nothing.
    public func write(_ event: LiveEvent, of instrument: Instrument) throws(SinkError) {}
    /// By default does nothing.
    public func flush(at now: Int64) throws(SinkError) {}
    /// By default none.
    public func drainNotes() -> [String] { [] }
}
