import MarketModel

/// What a topic such as `orderbook.50.BTCUSDT` names.
struct BybitTopic {
    enum Kind {
        case book, trades, liquidations, retiredLiquidations, tickers, ignored
    }

    var kind: Kind
    /// Levels a side, for books.
    var depth: UInt32
    /// Where the symbol begins in the topic.
    var symbolStart: Int

    /// A topic whose symbol is known.
    init(_ kind: Kind, depth: UInt32 = 0) {
        self.kind = kind
        self.depth = depth
        symbolStart = 0
    }

    /// Reads a topic's text; nil if nobody named its kind.
    init?(_ topic: RawSpan) {
        depth = 0
        guard let dot = BybitTopic.dot(topic, from: 0) else { return nil }
        symbolStart = dot + 1
        let name = topic.extracting(0..<dot)
        if BybitTopic.isName(name, "orderbook") {
            guard let second = BybitTopic.dot(topic, from: dot + 1) else { return nil }
            let text = topic.extracting((dot + 1)..<second)
            kind = BybitTopic.isName(text, "rpi") ? .ignored : .book
            symbolStart = second + 1
            guard kind == .book else { return }
            guard let depth = BybitTopic.number(text) else { return nil }
            self.depth = depth
        } else if BybitTopic.isName(name, "publicTrade") {
            kind = .trades
        } else if BybitTopic.isName(name, "tickers") {
            kind = .tickers
        } else if BybitTopic.isName(name, "allLiquidation") {
            kind = .liquidations
        } else if BybitTopic.isName(name, "liquidation") {
            kind = .retiredLiquidations
        } else if BybitTopic.isIgnored(name) {
            kind = .ignored
        } else {
            return nil
        }
    }

    /// The symbol a topic is about, or the text itself if it is one; nil for topics of a whole coin.
    static func symbol(_ topic: [UInt8]) -> [UInt8]? {
        guard let dot = topic.lastIndex(of: 0x2e) else {
            return topic.contains { 0x61...0x7a ~= $0 } ? nil : topic
        }
        let isOfCoin = ["insurance.", "adlAlert."].contains { topic.starts(with: $0.utf8) }
        return isOfCoin ? nil : Array(topic[(dot + 1)...])
    }

    /// The kinds of feed the topic carries on `market`.
    func feeds(on market: Market) -> FeedKinds {
        switch kind {
        case .book: .book
        case .trades: .trades
        case .liquidations, .retiredLiquidations: .liquidations
        case .tickers: market == .spot ? [] : [.fundingRates, .openInterest]
        case .ignored: []
        }
    }

    private static func isIgnored(_ name: RawSpan) -> Bool {
        isName(name, "kline") || isName(name, "kline_lt") || isName(name, "tickers_lt") || isName(name, "lt")
            || isName(name, "insurance") || isName(name, "priceLimit") || isName(name, "adlAlert")
    }

    private static func dot(_ topic: RawSpan, from start: Int) -> Int? {
        var offset = start
        while offset < topic.byteCount {
            if JSONValue.byte(topic, offset) == 0x2e { return offset }
            offset += 1
        }
        return nil
    }

    private static func isName(_ text: RawSpan, _ word: StaticString) -> Bool {
        guard text.byteCount == word.utf8CodeUnitCount else { return false }
        for index in 0..<text.byteCount where JSONValue.byte(text, index) != word.utf8Start[index] {
            return false
        }
        return true
    }

    /// The parts of a book's topic behind its kind, such as `50.BTCUSDT`.
    static func depthAndSymbol(_ text: RawSpan) -> (depth: UInt32, symbol: FastName)? {
        guard let dot = dot(text, from: 0), let depth = number(text.extracting(0..<dot)),
            let symbol = FastName(text.extracting((dot + 1)..<text.byteCount))
        else { return nil }
        return (depth, symbol)
    }

    /// A depth: one to six digits, above zero.
    private static func number(_ text: RawSpan) -> UInt32? {
        guard 1...6 ~= text.byteCount else { return nil }
        var value: UInt32 = 0
        for offset in 0..<text.byteCount {
            let digit = JSONValue.byte(text, offset) &- 0x30
            guard digit <= 9 else { return nil }
            value = value * 10 + UInt32(digit)
        }
        return value > 0 ? value : nil
    }
}
