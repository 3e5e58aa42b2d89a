public import Features
public import MarketModel
public import Synchronizer

/// Takes the rows of a replay.
public protocol RowReceiver: AnyObject {
    /// Takes a row; `isFinal` says that the end of the log emitted it, not a frame.
    func receive(
        _ snapshot: borrowing MarketSnapshot,
        _ aggregate: MarketAggregate,
        of instrument: Instrument,
        isFinal: Bool
    )
    /// The clock of an instrument jumped further than is filled: the next row does not follow the one before.
    func reanchored(_ instrument: Instrument)
    /// The log told what the venue says of an instrument: it holds for the rows that follow. By default does nothing.
    ///
    /// `index` is the instrument's in the snapshots.
    func defined(_ definition: InstrumentDefinition, of instrument: Instrument, at index: InstrumentIndex)
}

extension RowReceiver {
    /// Does nothing.
    public func defined(
        _ definition: InstrumentDefinition,
        of instrument: Instrument,
        at index: InstrumentIndex
    ) {}
}
