public import Features
public import MarketModel
public import Synchronizer

/// Receives rows from a pipeline, and on request every decoded event.
///
/// A class protocol, so that the code per frame is compiled once for all consumers.
public protocol RowConsumer: AnyObject {
    /// Called once per row, in order of emission; the snapshot's memory is reused after the call.
    func consume(
        _ snapshot: borrowing MarketSnapshot,
        _ aggregate: MarketAggregate,
        of instrument: Instrument
    )
    /// Called when a clock jumped further than the gap-fill limit; by default does nothing.
    func reanchored(_ jump: ClockJump, of instrument: Instrument)
    /// Whether rows must show the levels of books; asked once, by the pipeline's init. True by default.
    ///
    /// Without levels rows cost less, and aggregates are the same.
    var wantsLevels: Bool { get }
    /// Whether ``applied(_:of:books:)`` is wanted; asked once per frame. False by default.
    var wantsEvents: Bool { get }
    /// Called for each decoded event right after it was applied; by default does nothing.
    func applied(_ event: EventReference, of batch: borrowing EventBatch, books: borrowing BookTable)
    /// Called when a book becomes gapped; by default does nothing.
    func gapped(_ gap: BookGap, of instrument: Instrument)
    /// Called when the log brings an instrument's definition, and again when it changes; only later rows
    /// may use it. By default does nothing.
    ///
    /// `index` is the instrument's index in snapshots.
    func defined(_ definition: InstrumentDefinition, of instrument: Instrument, at index: InstrumentIndex)
}

extension RowConsumer {
    /// By default does nothing.
    public func reanchored(_ jump: ClockJump, of instrument: Instrument) {}
    /// By default true.
    public var wantsLevels: Bool { true }
    /// By default false.
    public var wantsEvents: Bool { false }
    /// By default does nothing.
    public func applied(
        _ event: EventReference,
        of batch: borrowing EventBatch,
        books: borrowing BookTable
    ) {}
    /// By default does nothing.
    public func gapped(_ gap: BookGap, of instrument: Instrument) {}
    /// By default does nothing.
    public func defined(
        _ definition: InstrumentDefinition,
        of instrument: Instrument,
        at index: InstrumentIndex
    ) {}
}
