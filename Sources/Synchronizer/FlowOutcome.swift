import MarketModel

/// What became of a trade or liquidation.
enum FlowOutcome {
    /// It is in the row of its time.
    case placed
    /// It waits: the clock has no anchor yet.
    case waiting
    /// Its row was emitted or skipped.
    case late
    /// Its id was seen before.
    case duplicate
}
