import Features
import Synchronizer

/// Drops all rows, where only a summary is wanted.
public final class DiscardingSink: RowSink {
    /// Nothing.
    public let wants: RowNeeds = []

    /// Makes a sink.
    public init() {}

    /// Drops a row.
    public func write(_ row: borrowing Row) {}
}
