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
    /// The markets it has, a connection of each; the first is meant when none is named and there is only one.
    ///
    /// ``Market/multi`` alone where a connection carries several.
    var markets: [Market] { get }
    /// The market of a symbol, where a connection carries several; asked once an instrument.
    func market(ofSymbol symbol: String) -> Market
    /// The channels of a market that are read, in the order in which their topics are asked for.
    ///
    /// Where a connection carries several they are asked of it for all channels, and of each symbol's own market for its
    /// topics.
    func channels(of market: Market) -> [FeedChannel]
    /// The depths its book feeds are offered at; empty = the whole book only.
    var depths: [Int] { get }
    /// The public WebSocket of a market; nil if the exchange does not have that market.
    func endpoint(of market: Market) -> String?

    // MARK: Session

    /// What a connection must keep to.
    var session: SessionRules { get }
    /// The positions of the topics that each request names, in the order of the requests.
    func requestGroups(of topics: [Subscription]) -> [[Int]]
    /// The frame that begins or ends topics of one group.
    func request(_ operation: SubscriptionOperation, _ topics: [Subscription], market: Market) -> String
    /// A request with an id that its answer repeats; as it is where the venue knows none.
    func identified(_ request: String, _ id: UInt64) -> String
    /// What a frame, valid JSON, answers to requests; nil for all other frames.
    func readSubscriptionReply(_ text: RawSpan) -> SubscriptionReply?
    /// Whether a frame, valid JSON, says that the venue is about to close the connection.
    func announcesClose(_ text: RawSpan) -> Bool
    /// What a frame, valid JSON, wants sent back at once, such as the venue's own ping; nil for all other frames.
    func answer(to text: RawSpan) -> String?
    /// How requests and answers name a topic.
    func name(of topic: Subscription) -> String
    /// The symbols that a request subscribes to; none of another request.
    func symbols(subscribedBy request: ClientRequest) -> [String]
    /// The symbol of a topic in channel metadata; nil if it has none.
    func symbol(ofTopic topic: String) -> String?
    /// The topics that a connection's address subscribes to, spaces between; empty where requests alone do.
    func topics(inAddress address: String) -> String
    /// How messages may spell a symbol that a request names; last, as the venue itself does.
    func spellings(of symbol: String) -> [String]

    // MARK: Books and definitions

    /// Whether sizes of a market count contracts, whose amounts definitions state.
    func countsContracts(on market: Market) -> Bool

    /// What its books obey.
    ///
    /// Cost: makes the value; whoever asks per event keeps it.
    var bookRules: BookRules { get }
    /// How it tells what it offers.
    var definitions: any DefinitionRules { get }
    /// What a market is asked by REST beside definitions; nil if nothing is.
    func replyRules(of market: Market) -> (any ReplyRules)?

    // MARK: Frames

    /// A decoder for one connection whose events name instruments of `venue`.
    func makeDecoder(market: Market, venue: VenueIndex) -> any FrameDecoder
    /// ``makeDecoder(market:venue:)`` that reads by names alone, for tests: it says the same of every frame.
    func makeSearchingDecoder(market: Market, venue: VenueIndex) -> any FrameDecoder
    /// The members whose values are of persons, such as addresses: they are logged as sent, and shown nowhere else.
    var privateMembers: [StaticString] { get }
    /// The venue's time of a frame, nanoseconds since the Unix epoch; nil if it has none that can be read.
    ///
    /// For imports without receive times. Cost: a search through the whole frame.
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
    /// That of the connection: it carries one.
    public func market(ofSymbol symbol: String) -> Market { markets.first ?? .multi }

    /// Nothing: all comes over the socket.
    public func replyRules(of market: Market) -> (any ReplyRules)? { nil }

    /// The request as it is: the venue knows no ids.
    public func identified(_ request: String, _ id: UInt64) -> String { request }

    /// None: public messages are of nobody.
    public var privateMembers: [StaticString] { [] }

    /// Never: the venue closes without a word.
    public func announcesClose(_ text: RawSpan) -> Bool { false }

    /// Nothing: the venue asks for no answers.
    public func answer(to text: RawSpan) -> String? { nil }

    /// Topics are named by their symbol.
    public func name(of topic: Subscription) -> String { topic.symbol }

    /// The topic is a symbol.
    public func symbol(ofTopic topic: String) -> String? { topic }

    /// None: requests subscribe.
    public func topics(inAddress address: String) -> String { "" }

    /// Sizes are amounts.
    public func countsContracts(on market: Market) -> Bool { false }

    /// One way: upper and lower case differ.
    public func spellings(of symbol: String) -> [String] { [symbol] }

    /// All of its markets.
    public var simulatedMarkets: [Market] { markets }

    /// Most exchanges have one market.
    public func makeMarketEvidence() -> (any MarketEvidence)? { nil }
}
