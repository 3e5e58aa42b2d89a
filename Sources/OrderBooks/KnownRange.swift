import MarketModel

/// How far a book is known whose seed held its best levels alone.
@usableFromInline
struct KnownRange: Sendable {
    /// The lowest bid of the seed; nil if there were no others.
    var lowestBid: FixedDecimal?
    /// The highest ask of the seed; nil if there were no others.
    var highestAsk: FixedDecimal?
}

extension KnownRange: StateElement {
    static var blank: KnownRange { KnownRange() }

    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.packed("lowestBid", &lowestBid)
        try coder.packed("highestAsk", &highestAsk)
    }
}
