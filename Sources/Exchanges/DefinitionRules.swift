public import MarketModel

/// How an exchange tells what it offers: by REST replies, page by page, or on a channel of its WebSocket.
public protocol DefinitionRules: Sendable {
    /// The address of a market's REST interface, such as `https://api.example.com`; nil where a channel tells.
    func restEndpoint(of market: Market) -> String?
    /// The paths whose replies together list all that a market offers: the first page of each, with what is posted to it
    /// behind a space (``RequestTarget``).
    func queries(of market: Market) -> [String]
    /// The index of the query whose reply lists an instrument that is traded.
    func query(listing definition: InstrumentDefinition) -> Int
    /// Whether the replies list a symbol if the venue has it.
    func lists(_ symbol: String) -> Bool
    /// Reads the body of a REST reply, valid JSON; nil if it is about something else.
    func readPage(_ reply: RawSpan) throws(DefinitionFault) -> DefinitionPage?
    /// The request that begins or ends the channel; nil where REST tells.
    func channelRequest(_ operation: SubscriptionOperation) -> String?
    /// Writes a definition as an entry of a reply or message; one without a word for its status is traded.
    func entry(_ definition: InstrumentDefinition, market: Market) -> String
    /// Writes the body of a REST reply, or the message of a channel, which has no next page.
    func list(_ entries: [String], next: String?, market: Market) -> String
}

extension DefinitionRules {
    /// None: a channel tells.
    public func restEndpoint(of market: Market) -> String? { nil }

    /// None: a channel tells.
    public func queries(of market: Market) -> [String] { [] }

    /// The first: others list what is not traded yet.
    public func query(listing definition: InstrumentDefinition) -> Int { 0 }

    /// All are listed.
    public func lists(_ symbol: String) -> Bool { true }

    /// No reply is one: a channel tells.
    public func readPage(_ reply: RawSpan) throws(DefinitionFault) -> DefinitionPage? { nil }

    /// Most venues have no channel.
    public func channelRequest(_ operation: SubscriptionOperation) -> String? { nil }

    /// The request that subscribes to the channel; nil where REST tells.
    public var channelRequest: String? { channelRequest(.subscribe) }

    /// Reads the body of a REST reply.
    ///
    /// Cost: a search through the whole body.
    public func read(_ reply: RawSpan) throws(DefinitionFault) -> DefinitionPage {
        guard JSONValidator.isValid(reply) else { throw .unreadable("the reply is no JSON") }
        guard let page = try readPage(reply) else { throw .unreadable("the reply lists no instruments") }
        return page
    }
}
