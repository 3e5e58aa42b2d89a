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
    mutating func apply(_ row: BitMEXRow, _ action: BitMEXAction) -> PriceLevel? {
        guard row.key != 0 else { return nil }
        let stated = row.level.price
        if action == .partial || action == .insert {
            return !stated.isZero && prices.insert(row.key, stated) ? row.level : nil
        }
        guard let price = prices[row.key], stated.isZero || stated == price else { return nil }
        if action == .delete { _ = prices.remove(row.key) }
        return PriceLevel(price: price, size: row.level.size)
    }

    /// Takes back a row that was taken.
    mutating func revert(_ row: BitMEXRow, _ action: BitMEXAction) {
        switch action {
        case .insert: _ = prices.remove(row.key)
        case .delete: _ = prices.insert(row.key, row.level.price)
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
