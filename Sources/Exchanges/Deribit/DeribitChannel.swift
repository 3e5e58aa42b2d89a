import ByteCoding
import MarketModel

/// What the name of a channel says: what it brings, of which instrument.
struct DeribitChannel {
    enum Kind { case book, trades, ticker, quote, perpetual, ignored }

    /// What it brings.
    let kind: Kind
    /// Where the instrument's symbol stands in the name; empty of a channel of a whole kind of instruments.
    let symbol: Range<Int>
    /// Levels a side of its books; 0 = all.
    let depth: UInt32

    /// Reads a name such as `book.BTC-PERPETUAL.100ms`; nil if nobody named it.
    @inline(__always)
    init?(_ name: RawSpan) {
        let first = Self.end(name, 0)
        guard let kind = Self.kind(name.extracting(0..<first)) else { return nil }
        let (second, third) = (Self.end(name, first + 1), Self.end(name, Self.end(name, first + 1) + 1))
        let hasMore = third < name.byteCount
        let symbol = min(first + 1, name.byteCount)..<second
        switch kind {
        case .book where hasMore:
            // `book.BTC-PERPETUAL.none.20.100ms`; prices grouped by a step are not the venue's own.
            let fourth = Self.end(name, third + 1)
            let depth = Self.number(name, min(third + 1, name.byteCount)..<fourth)
            let isWindow = Self.isText(name, second + 1..<third, "none") && depth > 0
            self.init(isWindow ? .book : .ignored, symbol, depth)
        case .trades where hasMore: self.init(.trades, 0..<0, 0)
        default: self.init(kind, symbol, 0)
        }
    }

    init?(_ name: String) {
        guard let channel = name.withBytes({ DeribitChannel($0) }) else { return nil }
        self = channel
    }

    private init(_ kind: Kind, _ symbol: Range<Int>, _ depth: UInt32) {
        (self.kind, self.symbol, self.depth) = (kind, symbol, depth)
    }

    @inline(__always)
    private static func kind(_ word: RawSpan) -> Kind? {
        let all = 0..<word.byteCount
        if isText(word, all, "book") { return .book }
        if isText(word, all, "trades") { return .trades }
        if isText(word, all, "ticker") { return .ticker }
        if isText(word, all, "quote") { return .quote }
        if isText(word, all, "perpetual") { return .perpetual }
        let isIndex = word.byteCount > 8 && isText(word, 0..<8, "deribit_")
        for name in ignored where isIndex || isText(word, all, name) { return .ignored }
        return nil
    }

    /// Beside those whose names begin with the venue's.
    private static let ignored: [StaticString] = [
        "announcements", "block_rfq", "block_trade_confirmations", "chart", "estimated_expiration_price",
        "incremental_ticker", "instrument", "markprice", "platform_state", "rfq",
    ]

    /// The kinds of feed that it carries for a symbol.
    func feeds(of symbol: String) -> FeedKinds {
        switch kind {
        case .book: .book
        case .trades: Deribit.kinds(of: "trades", symbol)
        case .ticker: Deribit.kinds(of: "ticker", symbol)
        case .perpetual: .fundingRates
        case .quote, .ignored: []
        }
    }

    // MARK: - Bytes

    /// Where the part of a name that begins at `start` ends: the next point, or the end.
    @inline(__always)
    private static func end(_ name: RawSpan, _ start: Int) -> Int {
        var offset = start
        while offset < name.byteCount, JSONValue.byte(name, offset) != 0x2e { offset += 1 }
        return min(offset, name.byteCount)
    }

    @inline(__always)
    private static func isText(_ name: RawSpan, _ range: Range<Int>, _ text: StaticString) -> Bool {
        guard range.count == text.utf8CodeUnitCount else { return false }
        for index in 0..<range.count
        where JSONValue.byte(name, range.lowerBound + index) != text.utf8Start[index] {
            return false
        }
        return true
    }

    /// A number of up to four digits; 0 if it is none.
    private static func number(_ name: RawSpan, _ range: Range<Int>) -> UInt32 {
        guard 1...4 ~= range.count else { return 0 }
        var number: UInt32 = 0
        for index in range {
            let digit = JSONValue.byte(name, index) &- 0x30
            guard digit <= 9 else { return 0 }
            number = number * 10 + UInt32(digit)
        }
        return number
    }
}
