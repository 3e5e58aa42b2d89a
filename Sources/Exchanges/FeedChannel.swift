public import MarketModel

/// A channel of a venue: what its topics carry, and how requests name it.
public struct FeedChannel: Sendable {
    /// The name in requests.
    public var name: String
    /// The kinds that a topic carries together; none of one that only keeps the connection alive.
    public var kinds: FeedKinds
    /// Levels a side where nobody names a depth; nil of a channel without depths.
    public var usualDepth: Int?
    /// How far apart messages of a topic may be where nothing is amiss, in nanoseconds; nil where they come often.
    public var cadence: Int64?
    /// What a topic is of, for a symbol: the symbol itself or, where a topic carries a whole group of symbols, the
    /// group's name; nil where the channel has nothing of it.
    public var subject: @Sendable (String) -> String?
    /// The path of the WebSocket's address that has it; nil of the path of ``Exchange/endpoint(of:)``.
    public var path: String?

    /// A channel; by default each of its topics is of one symbol.
    public init(
        _ name: String,
        _ kinds: FeedKinds,
        usualDepth: Int? = nil,
        cadence: Int64? = nil,
        path: String? = nil,
        subject: @escaping @Sendable (String) -> String? = { $0 }
    ) {
        (self.name, self.kinds, self.usualDepth) = (name, kinds, usualDepth)
        (self.cadence, self.path, self.subject) = (cadence, path, subject)
    }
}
