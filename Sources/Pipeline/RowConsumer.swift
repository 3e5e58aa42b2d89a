public import Features
public import MarketModel
public import Synchronizer

/// Takes what a pipeline makes: rows, and on request every decoded event.
///
/// A class, so that what runs per frame is compiled once, whoever takes the rows.
public protocol RowConsumer: AnyObject {
    /// Called once a row, in the order of emission; the snapshot's memory is reused after the call.
    func consume(
        _ snapshot: borrowing MarketSnapshot,
        _ aggregate: MarketAggregate,
        of instrument: Instrument
    )
    /// Called when a clock jumped further than is filled; by default does nothing.
    func reanchored(_ jump: ClockJump, of instrument: Instrument)
    /// Whether rows must show the levels of books; asked once, by the pipeline's init. True by default.
    ///
    /// Without them the aggregates are the same, and rows cost less.
    var wantsLevels: Bool { get }
    /// Whether ``applied(_:of:books:)`` is wanted; asked once a frame. False by default.
    var wantsEvents: Bool { get }
    /// Called for each decoded event right after it was applied; by default does nothing.
    func applied(_ event: EventReference, of batch: borrowing EventBatch, books: borrowing BookTable)
    /// Called for each change of a book into gapped; by default does nothing.
    func gapped(_ gap: BookGap, of instrument: Instrument)
    /// Called when the log has told what the venue says of an instrument, and again where that changes; rows that
    /// come later are the first that may use it. By default does nothing.
    ///
    /// `index` is the instrument's in the snapshots.
    func defined(_ definition: InstrumentDefinition, of instrument: Instrument, at index: InstrumentIndex)
}

extension RowConsumer {
    /// Does nothing.
    public func reanchored(_ jump: ClockJump, of instrument: Instrument) {}
    /// True.
    public var wantsLevels: Bool { true }
    /// False.
    public var wantsEvents: Bool { false }
    /// Does nothing.
    public func applied(
        _ event: EventReference,
        of batch: borrowing EventBatch,
        books: borrowing BookTable
    ) {}
    /// Does nothing.
    public func gapped(_ gap: BookGap, of instrument: Instrument) {}
    /// Does nothing.
    public func defined(
        _ definition: InstrumentDefinition,
        of instrument: Instrument,
        at index: InstrumentIndex
    ) {}
}
