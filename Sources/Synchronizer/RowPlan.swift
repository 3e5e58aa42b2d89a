public import MarketModel

/// Which rows one jump of the clock emits.
struct RowPlan: Sendable {
    /// The last row, or nil if there is none to emit.
    var last: Int64?
    /// Only rows that hold trades or liquidations: the jump is too long to fill.
    var isSparse = false
}

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
