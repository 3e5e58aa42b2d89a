/// One message about one order book: a whole book or changed levels.
///
/// Its levels are in ``EventBatch/levels``: bids, then asks, in wire order.
@frozen
public struct BookUpdate: Sendable {
    // Ordered to leave little padding: 80 bytes.

    /// When its frame arrived: nanoseconds since the Unix epoch, UTC.
    public var receiveTime: Int64
    /// When the venue stamped it: nanoseconds since the Unix epoch, UTC; nil if it did not.
    public var exchangeTime: Int64?
    /// Whether it replaces the book (a snapshot) or changes levels (a delta).
    public var isSnapshot: Bool
    /// Whether there are no bids below those of this snapshot; otherwise it is unknown.
    public var hasAllBids = true
    /// Whether there are no asks above those of this snapshot; otherwise it is unknown.
    public var hasAllAsks = true
    /// The instrument.
    public var instrument: InstrumentIndex
    /// The venue's update number of this topic, where it has one.
    public var updateID: Int64?
    /// The venue's checksum of the book after this message, where it sends one.
    public var checksum: UInt32?
    @usableFromInline var bids32: UInt32
    @usableFromInline var asks32: UInt32
    /// How many levels a side the topic carries; 0 = the whole book.
    public var depth: UInt32
    /// The index of the first bid in ``EventBatch/levels``.
    public var firstLevel: Int
    /// Which numbers it holds and which it follows, where messages say so.
    public var link = BookLink.none

    /// Makes an update; times in nanoseconds since the Unix epoch.
    @inlinable
    public init(
        instrument: InstrumentIndex,
        isSnapshot: Bool,
        depth: UInt32,
        firstLevel: Int,
        bidCount: Int,
        askCount: Int,
        updateID: Int64? = nil,
        checksum: UInt32? = nil,
        exchangeTime: Int64?,
        receiveTime: Int64
    ) {
        self.instrument = instrument
        self.isSnapshot = isSnapshot
        self.depth = depth
        self.exchangeTime = exchangeTime
        self.receiveTime = receiveTime
        self.updateID = updateID
        self.checksum = checksum
        self.firstLevel = firstLevel
        bids32 = UInt32(truncatingIfNeeded: bidCount)
        asks32 = UInt32(truncatingIfNeeded: askCount)
    }

    /// Whether it is a snapshot from a reply, which the deltas of its topic join by number.
    @inlinable
    public var isSeed: Bool { isSnapshot && link.first != 0 }

    /// The number of bids.
    @inlinable
    public var bidCount: Int { Int(bids32) }

    /// The number of asks; they follow the bids.
    @inlinable
    public var askCount: Int { Int(asks32) }

    /// The range of the bids in ``EventBatch/levels``.
    @inlinable
    public var bids: Range<Int> { firstLevel..<(firstLevel + bidCount) }

    /// The range of the asks in ``EventBatch/levels``.
    @inlinable
    public var asks: Range<Int> { (firstLevel + bidCount)..<(firstLevel + bidCount + askCount) }
}
