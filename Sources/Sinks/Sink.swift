public import Features
public import MarketModel
public import Synchronizer

/// Takes rows as they are made, and on request every decoded event.
///
/// Called on one thread, in the order of emission. A sink that cannot work fails when it is made; one that
/// throws later is told of and gets no more rows and events, but is flushed and finished like the others, so that
/// what it took before is not lost. Trouble that may pass is the sink's own: it keeps what it can,
/// counts what it cannot, and says both in its notes.
public protocol Sink: AnyObject {
    /// What it is called in messages.
    var name: String { get }
    /// How it fares, in one line.
    var status: String { get }
    /// Rows that it took and lost.
    var lostRows: UInt64 { get }
    /// Rows that it took and that are not yet where they belong.
    var waitingRows: UInt64 { get }
    /// Grows while it gets on with long work; may be read on any thread.
    var steps: Int { get }
    /// Whether ``write(_:of:)`` is wanted for events; asked when the sink is configured. False by default.
    var wantsEvents: Bool { get }
    /// Whether rows must show the levels of books; asked when the sink is configured. True by default.
    var wantsLevels: Bool { get }
    /// Writes a decoded event, right after it was applied. Ignored by default.
    func write(_ event: LiveEvent, of instrument: Instrument) throws(SinkError)
    /// Takes a row; the snapshot's memory is reused after the call. A row that it throws at is not taken.
    func write(
        _ snapshot: borrowing MarketSnapshot,
        _ row: MarketAggregate,
        of instrument: Instrument
    ) throws(SinkError)
    /// Rows that should have come before the next one were lost on the way. By default does nothing.
    func lost(_ rows: LostRows) throws(SinkError)
    /// A chance to make durable what waits, several times a second: `now` is a time in nanoseconds of any clock
    /// that does not step back. By default does nothing.
    func flush(at now: Int64) throws(SinkError)
    /// Makes what was taken durable, and ends.
    func finish() throws(SinkError)
    /// What the user should know and was not yet told: trouble and its end. Nothing by default.
    func drainNotes() -> [String]
}

extension Sink {
    /// None.
    public var lostRows: UInt64 { 0 }
    /// None.
    public var waitingRows: UInt64 { 0 }
    /// None.
    public var steps: Int { 0 }
    /// Does nothing.
    public func lost(_ rows: LostRows) throws(SinkError) {}
    /// False.
    public var wantsEvents: Bool { false }
    /// True.
    public var wantsLevels: Bool { true }
    /// Does nothing.
    public func write(_ event: LiveEvent, of instrument: Instrument) throws(SinkError) {}
    /// Does nothing.
    public func flush(at now: Int64) throws(SinkError) {}
    /// Nothing.
    public func drainNotes() -> [String] { [] }
}
