import MarketModel

/// Receives rows in the order they are emitted.
public protocol SnapshotConsumer {
    /// Called once per row. The snapshot is borrowed, not owned: do not modify it; its storage is reused
    /// for the next row.
    mutating func consume(_ snapshot: inout MarketSnapshot)
    /// Called when a clock jumped further than gaps are filled; ignored by default.
    mutating func reanchored(_ jump: ClockJump)
}

extension SnapshotConsumer {
    /// By default ignores it.
    public mutating func reanchored(_ jump: ClockJump) {}
}
