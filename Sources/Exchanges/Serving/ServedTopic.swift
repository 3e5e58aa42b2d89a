/// A topic a client subscribed to.
public struct ServedTopic: Equatable, Sendable {
    /// What of it can be told to who subscribes in the middle.
    public enum State: Equatable, Sendable {
        /// A book of a symbol, at a depth where the topic names it.
        case book(symbol: String, depth: UInt32?)
        /// The last trades of a symbol.
        case trades(symbol: String)
        /// What ``ServedTables`` keep under a name, such as the ticker of a symbol.
        case table(String)
        /// What the venue offers.
        case definitions
        /// A text that whoever subscribes in the middle is sent first.
        case text(String)
        /// Nothing: what happens is told once.
        case none
    }

    /// The channel, such as `orderbook.50.BTCUSDT`, `l2_data`, `book`.
    public let channel: [UInt8]
    /// The symbol where the venue names it apart; empty elsewhere.
    public let symbol: [UInt8]
    /// What of it can be told.
    public let state: State

    /// Names a topic.
    public init(_ channel: String, symbol: String = "", state: State = .none) {
        (self.channel, self.symbol, self.state) = (Array(channel.utf8), Array(symbol.utf8), state)
    }

    /// Whether another topic has the same name.
    public func isNamed(like other: ServedTopic) -> Bool {
        channel == other.channel && symbol == other.symbol
    }

    /// Whether a frame is of this topic.
    public func matches(_ frame: RawSpan, _ channel: Range<Int>, _ symbol: Range<Int>?) -> Bool {
        frame.withUnsafeBytes { bytes in
            bytes[channel].elementsEqual(self.channel) && bytes[symbol ?? 0..<0].elementsEqual(self.symbol)
        }
    }
}
