import MarketModel

/// Remembers the last 100,000 distinct trade ids of an instrument.
///
/// A ring of ids in order of arrival and a hash table of places in it; an id leaves when the
/// 100,001st distinct one arrives, and a duplicate does not renew it. Cost: one probe a trade.
struct DuplicateFilter: Sendable {
    /// How many distinct ids are remembered.
    static let capacity = 100_000

    private var ring: [TradeID] = []
    private var oldest = 0
    // Linear probing with backward-shift deletion; `empty` marks a free slot.
    private var table: [UInt32] = Array(repeating: DuplicateFilter.empty, count: 64)
    private static let empty = UInt32.max

    /// Whether the id is remembered; if not, it is from now on.
    ///
    /// An empty id is never a duplicate.
    mutating func isDuplicate(_ id: TradeID) -> Bool {
        if id.isEmpty { return false }
        var slot = home(of: id)
        while table[slot] != DuplicateFilter.empty {
            if ring[Int(table[slot])] == id { return true }
            slot = (slot + 1) & (table.count - 1)
        }
        remember(id, slot: slot)
        return false
    }

    private mutating func remember(_ id: TradeID, slot: Int) {
        if ring.count < DuplicateFilter.capacity {
            table[slot] = UInt32(ring.count)
            ring.append(id)
            if ring.count * 2 > table.count { grow() }
            return
        }
        forget(ring[oldest])
        ring[oldest] = id
        // Forgetting may have moved the free slot nearer to home.
        var free = home(of: id)
        while table[free] != DuplicateFilter.empty { free = (free + 1) & (table.count - 1) }
        table[free] = UInt32(oldest)
        oldest = (oldest + 1) % DuplicateFilter.capacity
    }

    private mutating func forget(_ id: TradeID) {
        let mask = table.count - 1
        var hole = home(of: id)
        while ring[Int(table[hole])] != id { hole = (hole + 1) & mask }
        var slot = hole
        while true {
            slot = (slot + 1) & mask
            if table[slot] == DuplicateFilter.empty { break }
            let wanted = home(of: ring[Int(table[slot])])
            // The entry may fill the hole if its home does not lie cyclically in (hole, slot].
            if (slot - wanted) & mask >= (slot - hole) & mask {
                table[hole] = table[slot]
                hole = slot
            }
        }
        table[hole] = DuplicateFilter.empty
    }

    private mutating func grow() {
        table = Array(repeating: DuplicateFilter.empty, count: table.count * 2)
        for place in ring.indices {
            var slot = home(of: ring[place])
            while table[slot] != DuplicateFilter.empty { slot = (slot + 1) & (table.count - 1) }
            table[slot] = UInt32(place)
        }
    }

    private func home(of id: TradeID) -> Int {
        Int(truncatingIfNeeded: id.fingerprint) & (table.count - 1)
    }
}
