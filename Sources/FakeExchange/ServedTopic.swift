/// A topic a client subscribed to.
package struct ServedTopic: Equatable, Sendable {
    /// The channel, such as `orderbook.50.BTCUSDT`, `l2_data`, `book`.
    package let channel: [UInt8]
    /// The symbol where the venue names it apart; empty elsewhere.
    package let symbol: [UInt8]

    package init(_ channel: String, symbol: String = "") {
        (self.channel, self.symbol) = (Array(channel.utf8), Array(symbol.utf8))
    }

    /// The channel that tells what the venue offers, of no symbol.
    static let definitions = ServedTopic("instrument")

    /// The symbol of a book's topic and, where the topic names it, the depth; nil for other topics.
    var book: (symbol: String, depth: UInt32?)? {
        let name = String(decoding: channel, as: UTF8.self)
        if name == "book" || name == "l2_data" { return (String(decoding: symbol, as: UTF8.self), nil) }
        let parts = name.split(separator: ".", maxSplits: 2)
        guard parts.count == 3, parts[0] == "orderbook", let depth = UInt32(parts[1]) else { return nil }
        return (String(parts[2]), depth)
    }

    /// The symbol of a ticker's topic; nil for other topics.
    var ticker: String? {
        let name = String(decoding: channel, as: UTF8.self)
        return name.hasPrefix("tickers.") ? String(name.dropFirst(8)) : nil
    }

    /// Whether a frame is of this topic.
    func matches(_ frame: RawSpan, _ channel: Range<Int>, _ symbol: Range<Int>?) -> Bool {
        guard channel.count == self.channel.count, symbol?.count ?? 0 == self.symbol.count else {
            return false
        }
        return Self.equal(frame.extracting(channel), self.channel)
            && (symbol.map { Self.equal(frame.extracting($0), self.symbol) } ?? true)
    }

    private static func equal(_ left: RawSpan, _ right: [UInt8]) -> Bool {
        for index in right.indices
        where left.unsafeLoad(fromByteOffset: index, as: UInt8.self) != right[index] { return false }
        return true
    }
}
