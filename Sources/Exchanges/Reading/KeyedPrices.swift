import MarketModel

/// The prices of a book's levels by keys, where messages name a level by a number alone.
///
/// A table with open addressing and linear probing: a look-up touches one or two neighbouring slots, removing leaves no
/// holes, and its memory stays when it is emptied. Keys are not zero.
struct KeyedPrices: Sendable {
    private struct Slot: Sendable {
        /// 0 = free.
        var key: UInt64
        // Bare parts: of a decimal the bytes that hold nothing would be copied too.
        var mantissa: Int64
        var scale: UInt32
        var zeros: UInt32

        init(_ key: UInt64, _ price: FixedDecimal) {
            (self.key, mantissa) = (key, price.mantissa)
            (scale, zeros) = (UInt32(price.scale), UInt32(price.zeros))
        }

        var price: FixedDecimal {
            FixedDecimal(
                mantissa: mantissa,
                scale: UInt8(truncatingIfNeeded: scale),
                zeros: UInt8(truncatingIfNeeded: zeros)
            )
        }
    }

    /// The most prices it holds, far more than a book has levels.
    static let limit = 1 << 20

    /// A power of two of them, at least a quarter of them free.
    private var slots: [Slot] = []
    private(set) var count = 0

    /// The price of a key; nil if it has none.
    @inline(__always)
    subscript(key: UInt64) -> FixedDecimal? {
        guard count > 0 else { return nil }
        let place = place(of: key)
        return slots[place].key == key ? slots[place].price : nil
    }

    /// Adds a price; false, and nothing changed, if the key has one, or there are too many.
    @inline(__always)
    mutating func insert(_ key: UInt64, _ price: FixedDecimal) -> Bool {
        if 4 * (count + 1) > 3 * slots.count {
            guard count < KeyedPrices.limit else { return false }
            grow()
        }
        let place = place(of: key)
        guard slots[place].key == 0 else { return false }
        slots[place] = Slot(key, price)
        count += 1
        return true
    }

    /// Removes the price of a key; nil, and nothing changed, if it has none.
    mutating func remove(_ key: UInt64) -> FixedDecimal? {
        guard count > 0 else { return nil }
        var hole = place(of: key)
        guard slots[hole].key == key else { return nil }
        let price = slots[hole].price
        // Those behind move up, unless that put them before their place.
        let mask = slots.count - 1
        var next = (hole + 1) & mask
        while slots[next].key != 0 {
            let home = home(of: slots[next].key)
            if (next &- home) & mask >= (next &- hole) & mask {
                slots[hole] = slots[next]
                hole = next
            }
            next = (next + 1) & mask
        }
        slots[hole].key = 0
        count -= 1
        return price
    }

    /// Removes all.
    ///
    /// Cost: one pass over its memory.
    mutating func removeAll() {
        guard count > 0 else { return }
        for index in slots.indices { slots[index].key = 0 }
        count = 0
    }

    private func home(of key: UInt64) -> Int {
        let shift = 64 - UInt64(truncatingIfNeeded: slots.count.trailingZeroBitCount)
        return Int(truncatingIfNeeded: (key &* 0x9e37_79b9_7f4a_7c15) &>> shift)
    }

    /// Where a key stands, or would.
    private func place(of key: UInt64) -> Int {
        let mask = slots.count - 1
        var place = home(of: key)
        while slots[place].key != 0, slots[place].key != key { place = (place + 1) & mask }
        return place
    }

    @inline(never)
    private mutating func grow() {
        let old = slots
        slots = Array(repeating: Slot(0, .zero), count: max(64, 2 * old.count))
        for slot in old where slot.key != 0 { slots[place(of: slot.key)] = slot }
    }
}

extension KeyedPrices: StateCodable {
    private struct Entry: StateElement {
        static var blank: Entry { Entry(key: 0, price: .zero) }

        var key: UInt64
        var price: FixedDecimal

        mutating func code(_ coder: inout StateCoder) throws(StateError) {
            try coder.packed("key", &key)
            try coder.packed("price", &price)
        }
    }

    /// In the order of keys, whatever stands where.
    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        var entries = slots.filter { $0.key != 0 }.map { Entry(key: $0.key, price: $0.price) }
        entries.sort { $0.key < $1.key }
        try coder.packed("slots", &entries)
        guard coder.isReading else { return }
        self = KeyedPrices()
        for entry in entries {
            guard entry.key != 0, insert(entry.key, entry.price) else {
                throw coder.malformed("the key \(entry.key) twice, or none")
            }
        }
    }
}
