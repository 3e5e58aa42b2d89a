package import MarketModel

extension OrderBook.State: StateElement {
    /// Of a book that awaits its snapshot.
    package static var blank: OrderBook.State { .awaitingSnapshot }
}

extension GapCause: StateElement {
    /// Any cause.
    package static var blank: GapCause { .noSnapshot }
}

extension OrderBook: StateCodable {
    /// Levels with their digits, best first; how they are stored follows from them.
    package mutating func code(_ coder: inout StateCoder) throws(StateError) {
        var (bids, asks) = (
            Self.levels(bidSide, isAsk: false, scale), Self.levels(askSide, isAsk: true, scale)
        )
        try coder.field("state", &state)
        try coder.field("isCrossed", &isCrossed)
        try coder.field("scale", &scale)
        try coder.field("bidSide", &bids)
        try coder.field("askSide", &asks)
        try coder.field("known", &known)
        guard coder.isReading else { return }
        do throws(OrderBookError) {
            (bidSide, askSide) = (BookSide(), BookSide())
            try bidSide.apply(bids.span, isAsk: false, scale: scale)
            try askSide.apply(asks.span, isAsk: true, scale: scale)
        } catch {
            throw coder.malformed("\(error)")
        }
        guard bidSide.count == bids.count, askSide.count == asks.count else {
            throw coder.malformed("a level twice, or without a size")
        }
    }

    private static func levels(_ side: BookSide, isAsk: Bool, _ scale: UInt8) -> [PriceLevel] {
        var levels: [PriceLevel] = []
        side.copyBest(side.count, isAsk: isAsk, scale: scale, into: &levels)
        return levels
    }
}
