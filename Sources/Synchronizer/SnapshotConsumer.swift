import MarketModel

/// Takes rows in the order they are emitted.
public protocol SnapshotConsumer {
    /// Called once a row. The snapshot is the synchronizer's own, lent because a copy costs: it is to be left as it is, for
    /// the next rows are made of it, and its memory is reused after the call returns.
    mutating func consume(_ snapshot: inout MarketSnapshot)
    /// Called when a clock jumped further than is filled; by default does nothing.
    mutating func reanchored(_ jump: ClockJump)
}

extension SnapshotConsumer {
    /// Does nothing.
    public mutating func reanchored(_ jump: ClockJump) {}
}
