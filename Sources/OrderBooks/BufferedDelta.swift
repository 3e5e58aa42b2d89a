import MarketModel

/// A delta that waits for the seed of its book.
struct BufferedDelta: Sendable {
    /// The last number that it holds.
    private(set) var number: Int64
    private(set) var link: BookLink
    private var bidCount: Int
    /// Bids, then asks.
    private(set) var levels: [PriceLevel]

    init(_ delta: BookUpdate, _ levels: Span<PriceLevel>) {
        number = delta.updateID ?? 0
        link = delta.link
        bidCount = delta.bidCount
        self.levels = (delta.bids.lowerBound..<delta.asks.upperBound).map { levels[$0] }
    }

    fileprivate init() {
        (number, link, bidCount, levels) = (0, .none, 0, [])
    }

    /// Applies the levels; returns whether all could be.
    func apply(to book: inout OrderBook) -> Bool {
        let levels = levels.span
        let (bids, asks) = (levels.extracting(first: bidCount), levels.extracting(droppingFirst: bidCount))
        do throws(OrderBookError) {
            try book.apply(bids: bids, asks: asks)
            return true
        } catch {
            return false
        }
    }
}

extension BufferedDelta: StateElement {
    static var blank: BufferedDelta { BufferedDelta() }

    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.packed("number", &number)
        try coder.packed("first", &link.first)
        try coder.packed("previous", &link.previous)
        try coder.packed("bidCount", &bidCount)
        try coder.packed("levels", &levels)
        guard 0...levels.count ~= bidCount else { throw coder.malformed("\(bidCount) bids") }
    }
}
