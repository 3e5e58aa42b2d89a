import MarketModel

/// Which rows one jump of the clock emits.
struct RowPlan: Sendable {
    /// The last row, or nil if there is none to emit.
    var last: Int64?
    /// Only rows that hold trades or liquidations: the jump is too long to fill.
    var isSparse = false
}
