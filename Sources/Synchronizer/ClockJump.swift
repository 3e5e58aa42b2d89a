public import MarketModel

/// A jump of an instrument's clock beyond the longest gap filled: rows in between were not emitted.
public struct ClockJump: Sendable, Equatable {
    /// The instrument.
    public var instrument: InstrumentIndex
    /// The clock before: the last row emitted or passed, as its `ts`, nanoseconds since the Unix epoch.
    public var from: Int64
    /// The clock after, as the `ts` of the last row passed, nanoseconds since the Unix epoch.
    public var to: Int64
    /// How many rows were left out.
    public var skippedRows: Int64
}
