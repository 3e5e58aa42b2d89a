import MarketModel

/// What the fast path did with an event, or why it left it to the slow one.
@usableFromInline
enum EventOutcome {
    case placed
    /// Its row was emitted or skipped.
    case late
    /// It waits: the clock has no anchor yet.
    case unanchored
    /// Its id was seen before.
    case duplicate
    /// Not handled: the clock moves first.
    case advancesClock
    /// Not handled: the book must be captured first for edges that the event crosses ahead of the clock.
    case crossesEdge
    /// Not handled: only the slow path can.
    case needsSlowPath
}
