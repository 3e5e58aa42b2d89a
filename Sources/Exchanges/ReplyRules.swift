public import MarketModel

/// What a market is asked by REST beside definitions: seeds of books, and values that it never streams.
///
/// A decoder reads the replies (``FrameDecoder/decodeReply(_:path:receiveTime:into:)``).
public protocol ReplyRules: Sendable {
    /// The most weight of requests in a minute.
    var weightLimit: Int { get }
    /// The request for the seed of a symbol's book, of so many levels a side or, without a depth, the most.
    ///
    /// Nil where books need no seed.
    func seedRequest(for symbol: String, depth: Int?) -> ReplyRequest?
    /// The kinds of value that are asked for at intervals.
    var polledKinds: FeedKinds { get }
    /// The requests for the values of a symbol that are of these kinds.
    func polls(of kinds: FeedKinds, symbol: String) -> [ReplyRequest]

    // The other side.

    /// The symbol and the depth that a path asks a seed of; nil if it asks for something else.
    func seed(requestedBy path: String) -> (symbol: String, depth: Int)?
    /// Writes a seed.
    func reply(seeding book: BookMessage) -> String
    /// Writes the reply to one of the ``polls(of:symbol:)``, with what `ticker` holds; nil if that path is none.
    func reply(telling ticker: TickerMessage, to path: String) -> String?
}

extension ReplyRules {
    /// None: all values are streamed.
    public var polledKinds: FeedKinds { [] }

    /// None: all values are streamed.
    public func polls(of kinds: FeedKinds, symbol: String) -> [ReplyRequest] { [] }

    /// None: books need no seed.
    public func seedRequest(for symbol: String, depth: Int?) -> ReplyRequest? { nil }

    /// None: books need no seed.
    public func seed(requestedBy path: String) -> (symbol: String, depth: Int)? { nil }

    /// Nothing: all values are streamed.
    public func reply(telling ticker: TickerMessage, to path: String) -> String? { nil }

    /// Nothing: books need no seed.
    public func reply(seeding book: BookMessage) -> String { "" }
}
