public import MarketModel
public import OrderBooks

/// The book as of strictly before an edge: its state, totals and, if wanted, the best levels a side.
public struct BookView: Sendable {
    /// The state of the book.
    public var state: OrderBook.State = .awaitingSnapshot
    /// Best bid ≥ best ask after the last whole message.
    public var isCrossed = false
    /// The greatest time of its messages in the synchronizer's time basis: nanoseconds since the Unix
    /// epoch.
    public var time: Int64 = 0
    /// The venue's stamp of the last message: nanoseconds since the Unix epoch, UTC; nil if it had none.
    public var exchangeTime: Int64?
    /// When the last message arrived: nanoseconds since the Unix epoch, UTC.
    public var receiveTime: Int64 = 0
    /// The best level a side and the sums of the best sizes.
    public var totals = BookTotals()
    /// The best bids, best first; empty where only totals are wanted.
    public var bids: [PriceLevel] = []
    /// The best asks, best first; empty where only totals are wanted.
    public var asks: [PriceLevel] = []

    /// A view of a book awaiting its snapshot.
    public init() {}

    /// A synced book of these levels, best first, with totals over the best `depth` a side.
    public init(bids: [PriceLevel], asks: [PriceLevel], depth: Int, isCrossed: Bool = false) {
        state = .synced
        self.isCrossed = isCrossed
        self.bids = bids
        self.asks = asks
        totals = BookTotals(bids: bids.span, asks: asks.span, depth: depth)
    }

    /// Copies a book's current state, the totals over its best `depth` levels a side, and those levels if
    /// wanted; of a book that is not synced only the state.
    ///
    /// Leaves the view's times unchanged. Cost: one pass over the sizes summed and a copy of the levels
    /// wanted.
    @inlinable
    @inline(__always)
    public mutating func read(_ book: inout OrderBook, depth: Int, content: BookContent) {
        state = book.state
        isCrossed = book.isCrossed
        if content == .levels {
            bids.removeAll(keepingCapacity: true)
            asks.removeAll(keepingCapacity: true)
        }
        guard state == .synced else { return }
        book.readTotals(depth, into: &totals)
        guard content == .levels else { return }
        book.copyBids(depth, into: &bids)
        book.copyAsks(depth, into: &asks)
    }

    /// Copies another view, reusing this one's memory.
    mutating func copy(_ other: borrowing BookView) {
        state = other.state
        isCrossed = other.isCrossed
        time = other.time
        exchangeTime = other.exchangeTime
        receiveTime = other.receiveTime
        totals = other.totals
        copyLevels(other)
    }

    mutating func copyLevels(_ other: borrowing BookView) {
        bids.removeAll(keepingCapacity: true)
        bids.append(contentsOf: other.bids)
        asks.removeAll(keepingCapacity: true)
        asks.append(contentsOf: other.asks)
    }

    mutating func removeLevels() {
        bids.removeAll(keepingCapacity: true)
        asks.removeAll(keepingCapacity: true)
    }
}

extension BookView: StateElement {
    package static var blank: BookView { BookView() }

    /// Of a book that is not synced only the state: the rest is what was read before.
    package mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.packed("state", &state)
        guard state == .synced else { return }
        try coder.packed("isCrossed", &isCrossed)
        try coder.packed("time", &time)
        try coder.packed("exchangeTime", &exchangeTime)
        try coder.packed("receiveTime", &receiveTime)
        try coder.packed("totals", &totals)
        try coder.packed("bids", &bids)
        try coder.packed("asks", &asks)
    }
}
