/// A change of feeds rather than of the market, as a value in the stream.
@frozen
public struct FeedStatus: Sendable {
    /// The change.
    @frozen
    public enum Change: UInt8, Sendable {
        /// The venue confirmed the subscription, or a message of the feed without events arrived.
        case live
        /// The venue confirmed an unsubscription: the feed ends, its book awaits a snapshot.
        case unsubscribed
        /// A message of the book could not be read: the book is gapped until its next snapshot.
        case bookFault
        /// Messages of the connection were lost: its feeds end, its books are gapped.
        case connectionBreak
    }

    /// The change.
    public var change: Change
    /// The kinds concerned.
    public var kinds: FeedKinds
    /// The instrument; nil = every instrument of the connection, known now or later.
    public var instrument: InstrumentIndex?
    /// For books: the topic's levels a side (0 = the whole book), as in ``BookUpdate/depth``; nil if
    /// unknown.
    ///
    /// A fault or end of a topic that the book does not follow leaves it unchanged.
    public var depth: UInt32?
    /// When the venue stamped the message: nanoseconds since the Unix epoch, UTC; nil if it did not.
    public var exchangeTime: Int64?
    /// When its frame arrived: nanoseconds since the Unix epoch, UTC.
    public var receiveTime: Int64

    /// Makes a status; times in nanoseconds since the Unix epoch.
    public init(
        _ change: Change,
        kinds: FeedKinds,
        instrument: InstrumentIndex?,
        depth: UInt32? = nil,
        exchangeTime: Int64?,
        receiveTime: Int64
    ) {
        self.change = change
        self.kinds = kinds
        self.instrument = instrument
        self.depth = depth
        self.exchangeTime = exchangeTime
        self.receiveTime = receiveTime
    }
}
