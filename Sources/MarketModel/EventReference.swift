/// A kind of event and its index in that kind's array of an ``EventBatch``.
@frozen
public struct EventReference: Sendable {
    /// The kinds of event.
    @frozen
    public enum Kind: UInt8, Sendable {
        /// In ``EventBatch/books``.
        case book
        /// In ``EventBatch/trades``.
        case trade
        /// In ``EventBatch/liquidations``.
        case liquidation
        /// In ``EventBatch/fundingRates``.
        case fundingRate
        /// In ``EventBatch/openInterests``.
        case openInterest
        /// In ``EventBatch/statuses``.
        case status
    }

    /// The kind.
    public var kind: Kind
    // Eight bytes an event; memory does not hold the 2^32 events at which it would wrap.
    @usableFromInline var index32: UInt32

    /// Makes a reference.
    @inlinable
    public init(_ kind: Kind, _ index: Int) {
        self.kind = kind
        index32 = UInt32(truncatingIfNeeded: index)
    }

    /// The index in that kind's array.
    @inlinable
    public var index: Int { Int(index32) }
}
