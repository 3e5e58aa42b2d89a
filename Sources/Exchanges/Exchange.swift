public import MarketModel
public import OrderBooks

/// Everything the rest of the product asks of an exchange: one small value a venue, listed in ``ExchangeCatalog``.
///
/// A value rather than a type, since one folder may hold several exchanges that differ in name and address alone.
/// `ADDING.md` beside this file says how to add one.
public protocol Exchange: Sendable {
    // MARK: Identity and markets

    /// The name in topics, columns and flags, in lower case.
    var name: String { get }
    /// The decoder's protocol in channel metadata, the name and a version: another wire format, another id.
    var protocolID: String { get }
    /// The markets it has; the first is meant when none is named and there is only one.
    var markets: [Market] { get }
    /// The kinds of event its decoder makes.
    var kinds: FeedKinds { get }
    /// The depths its book feeds are offered at; empty = the whole book only.
    var depths: [Int] { get }
    /// The public WebSocket of a market; nil if the exchange does not have that market.
    func endpoint(of market: Market) -> String?

    // MARK: Session

    /// What a connection must keep to.
    var session: SessionRules { get }
    /// What the venue subscribes to one by one for a subscription, with its depth stated.
    ///
    /// One without kinds keeps the connection alive and brings no events.
    func topics(of subscription: Subscription, market: Market) -> [Subscription]
    /// The frames that begin or end `topics`, in order, within the venue's sizes.
    func requests(
        _ operation: SubscriptionOperation,
        topics: [Subscription],
        market: Market
    ) -> [SubscriptionRequest]
    /// A request with an id that its answer repeats; as it is where the venue knows none.
    func identified(_ request: String, _ id: UInt64) -> String
    /// What a frame, valid JSON, answers to requests; nil for all other frames.
    func readSubscriptionReply(_ text: RawSpan) -> SubscriptionReply?
    /// How requests and answers name a topic.
    func name(of topic: Subscription) -> String
    /// A symbol as the venue compares it: two that it takes for one have the same.
    func key(of symbol: String) -> String
    /// The symbols that a request subscribes to; none for every other frame.
    func symbols(subscribedBy request: RawSpan) -> [[UInt8]]
    /// The symbol of a topic in channel metadata; nil if it has none.
    func symbol(ofTopic topic: [UInt8]) -> [UInt8]?
    /// How messages spell a symbol beside what a request calls it; nil if there is no other way.
    func otherSpelling(of symbol: [UInt8]) -> [UInt8]?

    // MARK: Books and definitions

    /// What its books obey.
    ///
    /// Cost: makes the value; whoever asks per event keeps it.
    var bookRules: BookRules { get }
    /// How it tells what it offers.
    var definitions: any DefinitionRules { get }

    // MARK: Frames

    /// A decoder for one connection whose events name instruments of `venue`.
    func makeDecoder(market: Market, venue: VenueIndex) -> any FrameDecoder
    /// ``makeDecoder(market:venue:)`` that reads by names alone, for tests: it says the same of every frame.
    func makeTolerantDecoder(market: Market, venue: VenueIndex) -> any FrameDecoder
    /// The venue's time of a frame, nanoseconds since the Unix epoch; nil if it has none that can be read.
    ///
    /// For imports without receive times. Cost: a tolerant reading of the whole frame.
    func venueTime(of frame: RawSpan) -> Int64?
    /// Finds out which market a recorded connection is of; nil where the exchange has only one.
    func makeMarketEvidence() -> (any MarketEvidence)?

    // MARK: The other side: simulated and served sessions

    /// Writes the frames of a market.
    func encoder(of market: Market) -> any FrameEncoder
    /// How a market takes requests, and what its frames are about.
    func server(of market: Market) -> any ServerRules
    /// The markets that can be simulated; the first is meant when none is named.
    var simulatedMarkets: [Market] { get }
    /// What a market looks like when it is simulated; nil where it cannot be.
    func simulation(of market: Market) -> (any SimulationModel)?
}

extension Exchange {
    /// Most venues spell symbols one way.
    public func otherSpelling(of symbol: [UInt8]) -> [UInt8]? { nil }

    /// All of its markets.
    public var simulatedMarkets: [Market] { markets }

    /// Most exchanges have one market.
    public func makeMarketEvidence() -> (any MarketEvidence)? { nil }
}
