import MarketModel

/// The numbers of a seed: which deltas it has overtaken, and which may follow it.
struct BookSeed: Sendable {
    /// The last number that it holds.
    private var number: Int64
    /// The number that the first newer delta holds.
    private var next: Int64

    init(_ update: BookUpdate) {
        number = update.updateID ?? 0
        next = update.link.first
    }

    fileprivate init() { (number, next) = (0, 0) }

    /// Whether a delta with this last number is newer.
    func isOlder(than delta: Int64) -> Bool { delta >= next }

    /// Whether a newer delta may be the first: it holds the next number, or names the seed's own.
    func precedes(_ link: BookLink) -> Bool { link.first <= next || link.previous == number }
}

extension BookSeed: StateElement {
    static var blank: BookSeed { BookSeed() }

    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.packed("number", &number)
        try coder.packed("next", &next)
    }
}
