import MarketModel

/// A channel of a connection, which the venue gives a number: its frames begin with that.
struct BitfinexChannel {
    /// What a channel brings.
    enum Kind: UInt8 {
        case book, trades, derivative, liquidations
        /// One that is not read: another channel, or lending of a currency.
        case ignored
    }

    /// Nil of one that was not granted.
    var number: Int64?
    var kind = Kind.ignored
    /// Empty of liquidations, which are of all symbols.
    var symbol: [UInt8] = []
    /// Levels a side, of books.
    var depth: UInt32 = 0
    /// Whether its first list came.
    var hasBegun = false
    /// The greatest number of the trades listed first.
    var lastListed: UInt64 = 0
    /// What the symbol names, once it was looked up.
    var instrument: InstrumentIndex?

    /// The kinds of feed it carries.
    var feeds: FeedKinds {
        switch kind {
        case .book: .book
        case .trades: .trades
        case .derivative: .fundingRates.union(.openInterest)
        case .liquidations: .liquidations
        case .ignored: []
        }
    }

    /// What it is of, as topics say it.
    var topic: Subscription {
        let subject = kind == .liquidations ? Bitfinex.all : String(decoding: symbol, as: UTF8.self)
        return Subscription(feeds, symbol: subject, depth: kind == .book ? Int(depth) : nil)
    }

    /// Reads a request or an answer to it; one that is not granted has no number.
    ///
    /// `{"event":"subscribed","channel":"book","chanId":209640,"symbol":"tBTCUSD","prec":"P0","freq":"F0","len":"25",
    /// "pair":"BTCUSD"}`, `{"event":"subscribed","channel":"status","chanId":335856,"key":"deriv:tBTCF0:USTF0"}`
    init(_ message: JSONValue, in text: RawSpan) {
        number = message.member("chanId", in: text)?.number(in: text)
        symbol = message.member("symbol", in: text)?.bytes(in: text) ?? []
        let isPair = symbol.first == UInt8(ascii: "t")
        switch message.text("channel", in: text) {
        case "status":
            let key = message.text("key", in: text)
            if key == Bitfinex.liquidations {
                (kind, symbol) = (.liquidations, [])
            } else if key.hasPrefix(Bitfinex.derivative) {
                (kind, symbol) = (.derivative, Array(key.utf8.dropFirst(Bitfinex.derivative.utf8.count)))
            }
        case "trades" where isPair: kind = .trades
        // What a request does not say is P0, and twenty-five levels.
        case "book" where isPair && ["", "P0"].contains(message.text("prec", in: text)):
            kind = .book
            depth = UInt32(clamping: message.member("len", in: text)?.number(in: text) ?? 25)
        default: break
        }
    }

    private init() {}
}

extension BitfinexChannel: StateElement {
    static var blank: Self { Self() }

    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.packed("number", &number)
        try coder.packed("kind", &kind)
        try coder.packed("symbol", &symbol)
        try coder.packed("depth", &depth)
        try coder.packed("hasBegun", &hasBegun)
        try coder.packed("lastListed", &lastListed)
    }
}

extension BitfinexChannel.Kind: StateCodable {
    mutating func code(_ coder: inout StateCoder) throws(StateError) { try coder.raw(&self) }
}
