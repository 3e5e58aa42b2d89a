public import Features
public import MarketModel
public import Synchronizer

/// Receives the rows of a replay.
public protocol RowReceiver: AnyObject {
    /// Receives a row; `isFinal` if the end of the log emitted it, not a frame.
    func receive(
        _ snapshot: borrowing MarketSnapshot,
        _ aggregate: MarketAggregate,
        of instrument: Instrument,
        isFinal: Bool
    )
    /// The clock of an instrument jumped further than gaps are filled: its next row does not follow the one
    /// before.
    func reanchored(_ instrument: Instrument)
    /// A definition in the log holds for the rows that follow; ignored by default.
    ///
    /// `index` is the instrument's in the snapshots.
    func defined(_ definition: InstrumentDefinition, of instrument: Instrument, at index: InstrumentIndex)
}

extension RowReceiver {
    /// By default ignores definitions.
    public func defined(
        _ definition: InstrumentDefinition,
        of instrument: Instrument,
        at index: InstrumentIndex
    ) {}
}
