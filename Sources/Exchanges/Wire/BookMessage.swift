public import MarketModel

/// A book message to be written; a venue writes what its messages have.
///
/// Times in nanoseconds since the Unix epoch.
public struct BookMessage: Sendable {
    /// What a message does with all of its levels, where each does one thing; in the order in which no book is crossed
    /// on the way.
    public enum Change: Sendable, CaseIterable {
        /// Levels go.
        case deletion
        /// Levels that were there have another size.
        case update
        /// Levels come that were not there.
        case insertion
    }

    /// The symbol as on the wire.
    public var symbol: String
    /// Whether it is a whole book rather than changed levels.
    public var isSnapshot: Bool
    /// What is done with its levels, where messages do one thing.
    public var change = Change.update
    /// Levels a side of the topic.
    public var depth: Int
    /// Best first in a snapshot; size zero deletes.
    public var bids: [PriceLevel] = []
    /// As the bids.
    public var asks: [PriceLevel] = []
    /// The topic's update number.
    public var updateID: Int64 = 0
    /// What it follows, where messages are linked; nil = the number before.
    public var link: BookLink?
    /// A number that rises over all topics.
    public var sequence: Int64 = 0
    /// The connection's message number.
    public var number: Int64 = 0
    /// The checksum of the book after the message.
    public var checksum: UInt32 = 0
    /// When the book changed.
    public var exchangeTime: Int64 = 0
    /// When the message was sent.
    public var time: Int64 = 0
    /// When its levels changed; nil = with the message.
    public var levelTime: Int64?

    /// The levels of both sides.
    public var levelCount: Int { bids.count + asks.count }

    /// Keeps the best levels of each side, so many at most.
    public mutating func cut(to depth: Int) {
        bids.removeLast(max(0, bids.count - depth))
        asks.removeLast(max(0, asks.count - depth))
    }

    /// Puts the best bid where the worst ask is: a wrong book, which shows as crossed.
    public mutating func mislead() {
        guard !bids.isEmpty, let ask = asks.last else { return }
        bids[0] = PriceLevel(price: ask.price, size: bids[0].size)
    }

    /// A message without levels.
    public init(symbol: String, isSnapshot: Bool, depth: Int) {
        (self.symbol, self.isSnapshot, self.depth) = (symbol, isSnapshot, depth)
    }
}
