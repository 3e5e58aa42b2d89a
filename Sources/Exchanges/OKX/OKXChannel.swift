import MarketModel

/// What a channel brings.
enum OKXChannel: Equatable {
    /// Changes of a book after a whole one, so many levels a side.
    case book(UInt32)
    /// The best levels of a book, so many a side, whole each time.
    case best(UInt32)
    /// Trades one by one or, as `trades` lists them, with an order's fills at a price in one.
    case trades(isAggregate: Bool)
    case liquidations
    case fundingRates
    case openInterest
    /// One that is not read.
    case ignored

    /// Reads the name of a channel; nil if nobody named it.
    init?(_ channel: JSONValue, in text: RawSpan) {
        if channel.isString("books", in: text) || channel.isString("books-l2-tbt", in: text) {
            self = .book(OKX.wholeDepth)
        } else if channel.isString("trades", in: text) {
            self = .trades(isAggregate: true)
        } else if channel.isString("bbo-tbt", in: text) {
            self = .best(1)
        } else if channel.isString("books5", in: text) {
            self = .best(5)
        } else if channel.isString("trades-all", in: text) {
            self = .trades(isAggregate: false)
        } else if channel.isString("books50-l2-tbt", in: text) {
            self = .book(50)
        } else if channel.isString("liquidation-orders", in: text) {
            self = .liquidations
        } else if channel.isString("funding-rate", in: text) {
            self = .fundingRates
        } else if channel.isString("open-interest", in: text) {
            self = .openInterest
        } else {
            guard Self.isIgnored(channel, text) else { return nil }
            self = .ignored
        }
    }

    /// Reads the name of a channel whose messages come in the usual order; nil if it is another.
    @inline(__always)
    init?(_ cursor: inout FastCursor) {
        if cursor.consume(#"books""#) || cursor.consume(#"books-l2-tbt""#) {
            self = .book(OKX.wholeDepth)
        } else if cursor.consume(#"trades""#) {
            self = .trades(isAggregate: true)
        } else if cursor.consume(#"bbo-tbt""#) {
            self = .best(1)
        } else if cursor.consume(#"books5""#) {
            self = .best(5)
        } else if cursor.consume(#"trades-all""#) {
            self = .trades(isAggregate: false)
        } else if cursor.consume(#"books50-l2-tbt""#) {
            self = .book(50)
        } else {
            return nil
        }
    }

    private static let ignoredNames: [StaticString] = [
        "tickers", "index-tickers", "mark-price", "price-limit", "estimated-price", "opt-summary", "status",
        "instruments", "option-trades", "call-auction-details", "adl-warning", "economic-calendar",
        "block-tickers", "public-block-trades", "public-struc-block-trades", "books-rpi", "books-sbe-tbt",
    ]

    /// Candles have a channel for each length; spreads are no instruments of their own.
    private static func isIgnored(_ channel: JSONValue, _ text: RawSpan) -> Bool {
        for name in ignoredNames where channel.isString(name, in: text) { return true }
        let name = channel.shortText(in: text) ?? ""
        return ["candle", "index-candle", "mark-price-candle", "sprd-"].contains { name.hasPrefix($0) }
    }

    /// The kinds of feed it carries.
    var feeds: FeedKinds {
        switch self {
        case .book, .best: .book
        case .trades: .trades
        case .liquidations: .liquidations
        case .fundingRates: .fundingRates
        case .openInterest: .openInterest
        case .ignored: []
        }
    }

    /// The levels a side in its messages; nil if it carries no books.
    var depth: UInt32? {
        switch self {
        case .book(let depth), .best(let depth): depth
        default: nil
        }
    }
}
