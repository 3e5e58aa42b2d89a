public import MarketModel
public import OrderBooks

/// What a row shows of a book: its state and the best levels a side, as they were strictly before an edge.
public struct BookView: Sendable {
    /// The state of the book.
    public var state: OrderBook.State = .awaitingSnapshot
    /// Best bid ≥ best ask after the last whole message.
    public var isCrossed = false
    /// The time of the book in the synchronizer's basis: the greatest stamp of its messages,
    /// nanoseconds since the Unix epoch.
    public var time: Int64 = 0
    /// The venue's stamp of the last message: nanoseconds since the Unix epoch, UTC; nil if it had none.
    public var exchangeTime: Int64?
    /// When the last message arrived: nanoseconds since the Unix epoch, UTC.
    public var receiveTime: Int64 = 0
    /// The best bids, best first.
    public var bids: [PriceLevel] = []
    /// The best asks, best first.
    public var asks: [PriceLevel] = []

    /// An empty view.
    public init() {}

    /// Takes the content of another view into this one's memory.
    mutating func copy(_ other: borrowing BookView) {
        state = other.state
        isCrossed = other.isCrossed
        time = other.time
        exchangeTime = other.exchangeTime
        receiveTime = other.receiveTime
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

/// Where the synchronizer reads books from: whoever applies the messages.
public protocol BookSource {
    /// Fills state, crossing and the best `depth` levels a side of an instrument's book into `view`,
    /// reusing its memory.
    func capture(_ instrument: InstrumentIndex, depth: Int, into view: inout BookView)
    /// The market of an instrument: it says in what unit sizes are. Asked only where bars count volume or
    /// notional.
    func market(of instrument: InstrumentIndex) -> Market
}
