import MarketModel

/// Which rows one jump of the clock emits.
struct RowPlan: Sendable {
    /// The last row, or nil if there is none to emit.
    var last: Int64?
    /// Whether only rows with trades or liquidations are emitted: the jump is too long to fill.
    var isSparse = false
}
