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
    // Linear probing with backward-shift deletion. An entry is 32 bits of the id's fingerprint, whose lowest
    // say where it belongs, over its place in the ring; `empty` marks a free slot.
    private var table: [UInt64] = Array(repeating: DuplicateFilter.empty, count: 64)
    private static let empty = UInt64.max

    /// Whether the id is remembered; if not, it is from now on.
    ///
    /// An empty id is never a duplicate.
    mutating func isDuplicate(_ id: TradeID) -> Bool {
        if id.isEmpty { return false }
        let mark = DuplicateFilter.mark(of: id)
        var slot = home(of: mark)
        while table[slot] != DuplicateFilter.empty {
            let entry = table[slot]
            if entry >> 32 == mark, ring[DuplicateFilter.place(in: entry)] == id { return true }
            slot = (slot + 1) & (table.count - 1)
        }
        remember(id, mark, slot: slot)
        return false
    }

    private mutating func remember(_ id: TradeID, _ mark: UInt64, slot: Int) {
        if ring.count < DuplicateFilter.capacity {
            table[slot] = mark << 32 | UInt64(ring.count)
            ring.append(id)
            if ring.count * 2 > table.count { grow() }
            return
        }
        forget(oldest)
        ring[oldest] = id
        // Forgetting may have moved the free slot nearer to home.
        put(mark << 32 | UInt64(oldest))
        oldest = oldest + 1 == DuplicateFilter.capacity ? 0 : oldest + 1
    }

    private mutating func forget(_ place: Int) {
        let mask = table.count - 1
        let entry = DuplicateFilter.mark(of: ring[place]) << 32 | UInt64(place)
        var hole = home(of: entry >> 32)
        while table[hole] != entry { hole = (hole + 1) & mask }
        var slot = hole
        while true {
            slot = (slot + 1) & mask
            if table[slot] == DuplicateFilter.empty { break }
            let wanted = home(of: table[slot] >> 32)
            // The entry may fill the hole if its home does not lie cyclically in (hole, slot].
            if (slot - wanted) & mask >= (slot - hole) & mask {
                table[hole] = table[slot]
                hole = slot
            }
        }
        table[hole] = DuplicateFilter.empty
    }

    private mutating func grow() {
        let entries = table
        table = Array(repeating: DuplicateFilter.empty, count: table.count * 2)
        for entry in entries where entry != DuplicateFilter.empty { put(entry) }
    }

    private mutating func put(_ entry: UInt64) {
        var slot = home(of: entry >> 32)
        while table[slot] != DuplicateFilter.empty { slot = (slot + 1) & (table.count - 1) }
        table[slot] = entry
    }

    private func home(of mark: UInt64) -> Int { Int(truncatingIfNeeded: mark) & (table.count - 1) }

    private static func mark(of id: TradeID) -> UInt64 { id.fingerprint >> 32 }

    private static func place(in entry: UInt64) -> Int { Int(truncatingIfNeeded: entry & 0xffff_ffff) }
}
