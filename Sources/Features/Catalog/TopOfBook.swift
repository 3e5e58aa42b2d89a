public import MarketModel
import Synchronizer

/// The best level of each side.
public struct TopOfBook: Sendable {
    /// The best bid: price in quote, size as on the wire.
    public var bestBid: PriceLevel
    /// The best ask: price in quote, size as on the wire.
    public var bestAsk: PriceLevel

    init(bid: PriceLevel, ask: PriceLevel) {
        bestBid = bid
        bestAsk = ask
    }

    /// The middle of both prices; nil unless above zero.
    package var mid: ExactPrice? { ExactPrice(bid: bestBid.price, ask: bestAsk.price) }
}

extension TopOfBook: StateElement {
    package static var blank: TopOfBook { TopOfBook(bid: .blank, ask: .blank) }

    package mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.packed("bestBid", &bestBid)
        try coder.packed("bestAsk", &bestAsk)
    }
}
