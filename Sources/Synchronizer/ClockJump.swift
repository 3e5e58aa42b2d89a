public import MarketModel

/// A jump of an instrument's clock beyond the longest gap filled: the rows in between were skipped.
public struct ClockJump: Sendable, Equatable {
    /// The instrument.
    public var instrument: InstrumentIndex
    /// The clock before: the `ts` of the last row emitted or skipped, nanoseconds since the Unix epoch.
    public var from: Int64
    /// The clock after: the `ts` of the last row skipped, nanoseconds since the Unix epoch.
    public var to: Int64
    /// How many rows were skipped.
    public var skippedRows: Int64

    /// A jump from one edge to another.
    public init(instrument: InstrumentIndex, from: Int64, to: Int64, skippedRows: Int64) {
        self.instrument = instrument
        self.from = from
        self.to = to
        self.skippedRows = skippedRows
    }
}
