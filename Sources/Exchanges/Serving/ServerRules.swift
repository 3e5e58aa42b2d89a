/// How a venue takes requests, and what its frames are about: the other side of a connection, for `serve`.
public protocol ServerRules: Sendable {
    /// What a frame of a recording is about; frames of recordings are well formed.
    func topic(of frame: RawSpan) -> FrameTopic
    /// The depth of the book that a frame is of, by its topic or its ack; nil where it tells none.
    func bookDepth(in frame: RawSpan) -> Int?
    /// The connection's message number in a frame; nil where there is none.
    func messageNumber(in frame: RawSpan) -> MessageNumber?
    /// What the venue answers to a request at a time (nanoseconds since the Unix epoch), and what it changes.
    func answer(_ request: ClientRequest, _ offer: ServedOffer, at time: Int64) -> ServedAnswer
    /// Whether who subscribes to trades is told the last ones first.
    var repeatsTrades: Bool { get }
    /// What the venue answers to a text that is no request, such as a ping that is no JSON; nil where it takes none.
    func answer(toText text: String) -> String?
    /// What the venue says at a time before it closes a connection; nil where it says nothing.
    func closingNotice(at time: Int64) -> String?
    /// Merges the tickers, or tables of rows, of a source; nil at venues that have none.
    func makeTables() -> (any ServedTables)?
    /// Renumbers the channels of a source; nil where frames name what they are about.
    func makeNumbers() -> (any ServedNumbers)?
}

extension ServerRules {
    /// Most venues number topics.
    public func messageNumber(in frame: RawSpan) -> MessageNumber? { nil }

    /// Most venues begin with the next trade.
    public var repeatsTrades: Bool { false }

    /// Most venues take requests alone.
    public func answer(toText text: String) -> String? { nil }

    /// Most venues close without a word.
    public func closingNotice(at time: Int64) -> String? { nil }

    /// Most venues have neither tickers nor tables that are followed.
    public func makeTables() -> (any ServedTables)? { nil }

    /// Most venues' frames name what they are about.
    public func makeNumbers() -> (any ServedNumbers)? { nil }

    /// Messages of whole books name no depth.
    public func bookDepth(in frame: RawSpan) -> Int? { nil }
}
