import MarketModel

/// What became of an event on its way to its row.
@usableFromInline
enum EventOutcome {
    case placed
    /// Its row was emitted or passed.
    case late
    /// The clock has no anchor yet: it waits for one.
    case unanchored
    /// Its id was seen before.
    case duplicate
    /// Nothing yet: the clock moves first.
    case advancesClock
    /// Nothing yet: the book is kept first for edges that the event crosses ahead of the clock.
    case crossesEdge
    /// Nothing yet: there is more to it than usual.
    case needsSlowPath
}
