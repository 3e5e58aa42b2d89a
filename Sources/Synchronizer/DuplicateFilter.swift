import MarketModel

/// Remembers the last 100,000 distinct trade ids of an instrument.
///
/// A ring of ids in order of arrival and a hash table of places in it; an id leaves when the
/// 100,001st distinct one arrives, and a duplicate does not renew it. Cost: one probe a trade, mostly of one
/// slot, for at most one slot in four is taken.
struct DuplicateFilter: Sendable {
    /// How many distinct ids are remembered.
    static let capacity = 100_000

    private var ring: [TradeID] = []
    private var oldest = 0
    // Linear probing with backward-shift deletion. An entry is the place in the ring, from 1, under the highest bits
    // of the id's fingerprint, whose lowest say where the entry belongs; 0 marks a free slot.
    private var table: [UInt32] = Array(repeating: 0, count: 64)
    private static let placeBits: UInt32 = 17
    private static let placeMask: UInt32 = 1 << placeBits - 1
    /// The greatest table: one slot in five is taken by a full ring.
    private static let greatestTable = 1 << 19

    /// Whether the id is remembered; if not, it is from now on.
    ///
    /// An empty id is never a duplicate.
    mutating func isDuplicate(_ id: borrowing TradeID) -> Bool {
        if id.isEmpty { return false }
        let fingerprint = id.fingerprint
        let mark = DuplicateFilter.mark(of: fingerprint)
        let mask = table.count &- 1
        var slot = Int(truncatingIfNeeded: fingerprint) & mask
        while true {
            let entry = table[slot]
            if entry == 0 { break }
            let isAlike = (entry ^ mark) >> DuplicateFilter.placeBits == 0
            if isAlike, ring[DuplicateFilter.place(in: entry)] == id { return true }
            slot = (slot &+ 1) & mask
        }
        remember(id, fingerprint, slot: slot)
        return false
    }

    @inline(__always)
    private mutating func remember(_ id: borrowing TradeID, _ fingerprint: UInt64, slot: Int) {
        if ring.count < DuplicateFilter.capacity {
            ring.append(copy id)
            table[slot] = DuplicateFilter.entry(fingerprint, place: ring.count &- 1)
            if ring.count &* 4 > table.count, table.count < DuplicateFilter.greatestTable { grow() }
            return
        }
        replaceOldest(id, fingerprint)
    }

    private mutating func replaceOldest(_ id: borrowing TradeID, _ fingerprint: UInt64) {
        forget(oldest)
        ring[oldest] = copy id
        // Forgetting may have moved the free slot nearer to home.
        put(fingerprint, place: oldest)
        oldest = oldest + 1 == DuplicateFilter.capacity ? 0 : oldest + 1
    }

    private mutating func forget(_ place: Int) {
        let mask = table.count - 1
        let fingerprint = ring[place].fingerprint
        let entry = DuplicateFilter.entry(fingerprint, place: place)
        var hole = Int(truncatingIfNeeded: fingerprint) & mask
        while table[hole] != entry { hole = (hole + 1) & mask }
        var slot = hole
        while true {
            slot = (slot + 1) & mask
            let next = table[slot]
            if next == 0 { break }
            let home = Int(truncatingIfNeeded: ring[DuplicateFilter.place(in: next)].fingerprint) & mask
            // The entry may fill the hole if its home does not lie cyclically in (hole, slot].
            if (slot - home) & mask >= (slot - hole) & mask {
                table[hole] = next
                hole = slot
            }
        }
        table[hole] = 0
    }

    @inline(never)
    private mutating func grow() {
        table = Array(repeating: 0, count: min(table.count * 4, DuplicateFilter.greatestTable))
        for place in ring.indices { put(ring[place].fingerprint, place: place) }
    }

    @inline(__always)
    private mutating func put(_ fingerprint: UInt64, place: Int) {
        let mask = table.count &- 1
        var slot = Int(truncatingIfNeeded: fingerprint) & mask
        while table[slot] != 0 { slot = (slot &+ 1) & mask }
        table[slot] = DuplicateFilter.entry(fingerprint, place: place)
    }

    private static func mark(of fingerprint: UInt64) -> UInt32 {
        UInt32(truncatingIfNeeded: fingerprint >> 32) & ~placeMask
    }

    private static func entry(_ fingerprint: UInt64, place: Int) -> UInt32 {
        mark(of: fingerprint) | UInt32(truncatingIfNeeded: place &+ 1)
    }

    private static func place(in entry: UInt32) -> Int { Int(entry & placeMask) &- 1 }
}
