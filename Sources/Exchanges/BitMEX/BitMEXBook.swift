import MarketModel

/// The rows of a book: the venue's key of one is its side and id, and what changes or deletes it may have no price.
struct BitMEXBook: Sendable {
    private var prices = KeyedPrices()
    /// Whether its partial came, and no message since that is at odds with it.
    private(set) var isKnown = false

    /// Begins with no rows.
    mutating func begin() {
        prices.removeAll()
        isKnown = true
    }

    /// Waits for the next partial.
    mutating func forget() {
        prices.removeAll()
        isKnown = false
    }

    /// Takes a row; its level, nil if it is at odds with the rows that there are.
    @inline(__always)
    mutating func apply(_ row: inout BitMEXRow, _ action: BitMEXAction) -> PriceLevel? {
        guard row.key != 0 else { return nil }
        switch action {
        case .partial, .insert:
            guard !row.price.isZero, prices.insert(row.key, row.price) else { return nil }
        case .update:
            guard let price = prices[row.key], row.price.isZero || row.price == price else { return nil }
            row.price = price
        case .delete:
            guard let price = prices[row.key], row.price.isZero || row.price == price else { return nil }
            _ = prices.remove(row.key)
            row.price = price
        }
        return PriceLevel(price: row.price, size: row.size)
    }

    /// Takes back a row that was taken.
    mutating func revert(_ row: BitMEXRow, _ action: BitMEXAction) {
        switch action {
        case .insert: _ = prices.remove(row.key)
        case .delete: _ = prices.insert(row.key, row.price)
        case .partial, .update: break
        }
    }
}

extension BitMEXBook: StateElement {
    static var blank: BitMEXBook { BitMEXBook() }

    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.packed("prices", &prices)
        try coder.packed("isKnown", &isKnown)
    }
}
