/// The kinds of feed an instrument can have; a set of them.
@frozen
public struct FeedKinds: OptionSet, Hashable, Sendable {
    /// One bit a kind.
    public var rawValue: UInt8

    /// A set from its bits.
    @inlinable
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Order book messages.
    @inlinable public static var book: FeedKinds { FeedKinds(rawValue: 1) }
    /// Trades.
    @inlinable public static var trades: FeedKinds { FeedKinds(rawValue: 2) }
    /// Liquidations.
    @inlinable public static var liquidations: FeedKinds { FeedKinds(rawValue: 4) }
    /// Funding rates.
    @inlinable public static var fundingRates: FeedKinds { FeedKinds(rawValue: 8) }
    /// Open interest.
    @inlinable public static var openInterest: FeedKinds { FeedKinds(rawValue: 16) }
    /// Every kind.
    @inlinable public static var all: FeedKinds { FeedKinds(rawValue: 31) }
}
