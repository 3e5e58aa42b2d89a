public import MarketModel
public import OrderBooks

/// Everything the rest of the product knows of an exchange: one value of it a venue, all of them in
/// ``ExchangeCatalog``.
public struct Exchange: Sendable {
    /// The name in topics, columns and flags, such as `bybit`.
    public let name: String
    /// The decoder's protocol in channel metadata, such as `bybit-v5`: another wire format, another id.
    public let protocolID: String
    /// The markets it has; the first is meant when none is named and there is only one.
    public let markets: [Market]
    /// The kinds of event its decoder makes.
    public let kinds: FeedKinds
    /// What its books obey.
    public let bookRules: BookRules
    /// The depths its book feeds are offered at; empty = the whole book only.
    public let depths: [Int]
    /// What a recorder must know beside.
    public let capture: CaptureRules
    /// How it is asked for feeds.
    public let subscriptions: SubscriptionRules
    /// How it tells what it offers.
    public let definitions: DefinitionRules
    let endpointOf: @Sendable (Market) -> String?
    let decoderFor: @Sendable (Market, VenueIndex) -> any FrameDecoder
    let tolerantDecoderFor: @Sendable (Market, VenueIndex) -> any FrameDecoder
    let timeOf: @Sendable (RawSpan) -> Int64?
    /// The symbols that a request subscribes to.
    let symbolsOf: @Sendable (RawSpan) -> [[UInt8]]
    /// The symbol of a topic in channel metadata; nil if it has none.
    let symbolOfTopic: @Sendable ([UInt8]) -> [UInt8]?
    /// How messages spell a symbol beside what a request calls it; nil if there is no other way.
    let otherSpelling: @Sendable ([UInt8]) -> [UInt8]?

    /// The public WebSocket of a market; nil if the exchange does not have that market.
    public func endpoint(of market: Market) -> String? { endpointOf(market) }

    /// A decoder for one connection whose events name instruments of `venue`.
    public func makeDecoder(market: Market, venue: VenueIndex) -> any FrameDecoder {
        decoderFor(market, venue)
    }

    /// ``makeDecoder(market:venue:)`` without the fast path, for tests: it says the same of every frame.
    package func makeTolerantDecoder(market: Market, venue: VenueIndex) -> any FrameDecoder {
        tolerantDecoderFor(market, venue)
    }

    /// The venue's time of a frame, nanoseconds since the Unix epoch; nil if it has none that can be read.
    ///
    /// For imports without receive times. Cost: a tolerant reading of the whole frame.
    public func venueTime(of frame: RawSpan) -> Int64? { timeOf(frame) }
}

/// One feed of one symbol to subscribe to.
public struct Subscription: Equatable, Sendable {
    /// The kinds wanted; those one topic carries together are subscribed together.
    public var kinds: FeedKinds
    /// The symbol as the venue writes it.
    public var symbol: String
    /// Levels a side, for books; nil = the venue's usual depth.
    public var depth: Int?

    /// Names a feed.
    public init(_ kinds: FeedKinds, symbol: String, depth: Int? = nil) {
        self.kinds = kinds
        self.symbol = symbol
        self.depth = depth
    }
}

extension String {
    /// The text as a JSON string.
    package var jsonLiteral: String {
        var literal = "\""
        for scalar in unicodeScalars {
            switch scalar {
            case "\"", "\\": literal += "\\\(scalar)"
            case "\u{0}"..."\u{1f}":
                let digits = String(scalar.value, radix: 16)
                literal += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: literal.unicodeScalars.append(scalar)
            }
        }
        return literal + "\""
    }
}
