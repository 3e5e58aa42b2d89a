public import MarketModel
public import OrderBooks
public import Synchronizer

/// A synchronizer's host whose books follow the messages of frames, and which may watch events.
public protocol FrameHost: SynchronizerHost {
    /// Whether a message belongs to the topic that its book follows; if not, its topic is registered.
    mutating func accept(_ update: BookUpdate, on connection: Int32) -> Bool
    /// Applies a message that was accepted; `levels` are those of its batch.
    mutating func apply(
        _ update: BookUpdate,
        levels: Span<PriceLevel>,
        on connection: Int32
    ) -> BookChange
    /// Whether ``applied(_:of:)`` is wanted; asked for each event. False by default.
    var wantsEvents: Bool { get }
    /// Called for each event right after it was applied; by default ignores it.
    mutating func applied(_ event: EventReference, of batch: borrowing EventBatch)
    /// Called when a book message opened a gap; by default ignores it.
    mutating func gapped(_ cause: GapCause, by update: BookUpdate, on connection: Int32)
}

extension FrameHost {
    /// By default false.
    @inlinable
    public var wantsEvents: Bool { false }

    /// By default ignores the event.
    @inlinable
    public mutating func applied(_ event: EventReference, of batch: borrowing EventBatch) {}

    /// By default ignores the gap.
    @inlinable
    public mutating func gapped(_ cause: GapCause, by update: BookUpdate, on connection: Int32) {}
}
