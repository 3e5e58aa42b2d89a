public import MarketModel

/// One feed of one symbol to subscribe to.
public struct Subscription: Equatable, Sendable {
    /// The kinds wanted; those one topic carries together are subscribed together.
    public var kinds: FeedKinds
    /// The symbol as the venue writes it.
    public var symbol: String
    /// Levels a side, for books; nil = the venue's usual depth.
    public var depth: Int?
    /// What the venue's ack called the topic (``SubscriptionReply/handle``), for the request that ends it.
    public var handle: String?

    /// Names a feed.
    public init(_ kinds: FeedKinds, symbol: String, depth: Int? = nil) {
        self.kinds = kinds
        self.symbol = symbol
        self.depth = depth
    }
}
