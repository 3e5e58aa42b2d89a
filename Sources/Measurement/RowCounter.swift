public import Pipeline
public import Synchronizer

/// Counts the rows of a book that never changes and looks at nothing else.
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
