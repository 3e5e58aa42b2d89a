public import MarketModel
public import OrderBooks
public import Synchronizer

/// Receives rows and the events that make them.
public protocol EventConsumer: SnapshotConsumer {
    /// The books that events are applied to.
    associatedtype Books: EventBooks
    /// Whether ``applied(_:of:books:)`` is wanted; asked for each event. False by default.
    var wantsEvents: Bool { get }
    /// Called for each event right after it was applied; by default ignores it.
    mutating func applied(_ event: EventReference, of batch: borrowing EventBatch, books: borrowing Books)
    /// Called when a book message opened a gap; by default ignores it.
    mutating func gapped(_ cause: GapCause, by update: BookUpdate, on connection: Int32)
}

extension EventConsumer {
    /// By default false.
    @inlinable
    public var wantsEvents: Bool { false }

    /// By default ignores the event.
    @inlinable
    public mutating func applied(
        _ event: EventReference,
        of batch: borrowing EventBatch,
        books: borrowing Books
    ) {}

    /// By default ignores the gap.
    @inlinable
    public mutating func gapped(_ cause: GapCause, by update: BookUpdate, on connection: Int32) {}
}
