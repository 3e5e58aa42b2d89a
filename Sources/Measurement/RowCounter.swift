public import Pipeline
public import Synchronizer

/// Counts rows and ignores their contents.
public struct RowCounter: EventConsumer {
    /// The book never changes.
    public typealias Books = StillBook
    /// The rows so far.
    public var rows = 0

    /// Counts from 0.
    public init() {}

    /// Counts a row.
    public mutating func consume(_ snapshot: inout MarketSnapshot) { rows += 1 }
}
