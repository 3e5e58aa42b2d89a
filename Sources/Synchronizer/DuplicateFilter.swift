import MarketModel

/// Remembers the last 100,000 distinct trade ids of an instrument.
///
/// A ring of ids in order of arrival and a hash table of positions in it; a duplicate does not renew its
/// id. Cost: one probe a trade, as a rule of one slot, and a rebuild every 96,000 trades.
struct DuplicateFilter: Sendable {
    /// How many distinct ids are remembered.
    static let capacity = 100_000

    private var ring: [TradeID] = []
    private var oldest = 0
    // Linear probing. An entry is a ring position (from 1; 0 is free) under the fingerprint's high bits;
    // its low bits are the home slot. Entries of ids that left the ring match nothing and stay until a
    // rebuild.
    private var table: [UInt32] = Array(repeating: 0, count: 64)
    /// The slots taken.
    private var taken = 0
    private static let indexBits: UInt32 = 17
    private static let indexMask: UInt32 = 1 << indexBits - 1
    private static let greatestTable = 1 << 19

    /// Remembers an id; false if it was there, as `Set` says.
    ///
    /// An empty id is never a duplicate.
    @inline(__always)
    mutating func insert(_ id: borrowing TradeID) -> Bool {
        if id.isEmpty { return true }
        let fingerprint = id.fingerprint
        let mark = DuplicateFilter.mark(of: fingerprint)
        let mask = table.count &- 1
        var slot = Int(truncatingIfNeeded: fingerprint) & mask
        while true {
            let entry = table[slot]
            if entry == 0 { break }
            let isAlike = (entry ^ mark) >> DuplicateFilter.indexBits == 0
            if isAlike, ring[DuplicateFilter.index(in: entry)] == id { return false }
            slot = (slot &+ 1) & mask
        }
        table[slot] = DuplicateFilter.entry(fingerprint, index: remember(id))
        taken &+= 1
        if taken &* 8 > table.count &* 3 { renewTable() }
        return true
    }

    /// Writes an id to the ring, over the oldest if it is full; returns its position.
    @inline(__always)
    private mutating func remember(_ id: borrowing TradeID) -> Int {
        if ring.count < DuplicateFilter.capacity {
            ring.append(copy id)
            return ring.count &- 1
        }
        let index = oldest
        ring[index] = copy id
        oldest = index &+ 1 == DuplicateFilter.capacity ? 0 : index &+ 1
        return index
    }

    /// Rebuilds the table from the ring, four times as large if it may grow.
    @inline(never)
    private mutating func renewTable() {
        let size = min(table.count * 4, DuplicateFilter.greatestTable)
        if size > table.count {
            table = Array(repeating: 0, count: size)
        } else {
            for slot in table.indices { table[slot] = 0 }
        }
        for index in ring.indices { fill(ring[index].fingerprint, index: index) }
        taken = ring.count
    }

    @inline(__always)
    private mutating func fill(_ fingerprint: UInt64, index: Int) {
        let mask = table.count &- 1
        var slot = Int(truncatingIfNeeded: fingerprint) & mask
        while table[slot] != 0 { slot = (slot &+ 1) & mask }
        table[slot] = DuplicateFilter.entry(fingerprint, index: index)
    }

    private static func mark(of fingerprint: UInt64) -> UInt32 {
        UInt32(truncatingIfNeeded: fingerprint >> 32) & ~indexMask
    }

    private static func entry(_ fingerprint: UInt64, index: Int) -> UInt32 {
        mark(of: fingerprint) | UInt32(truncatingIfNeeded: index &+ 1)
    }

    private static func index(in entry: UInt32) -> Int { Int(entry & indexMask) &- 1 }
}

extension DuplicateFilter: StateCodable {
    /// The ids, oldest first.
    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        var ids = Array(ring[oldest...] + ring[..<oldest])
        try coder.field("ring", &ids)
        guard coder.isReading else { return }
        guard ids.count <= DuplicateFilter.capacity else { throw coder.malformed("\(ids.count) ids") }
        self = DuplicateFilter()
        for id in ids {
            guard !id.isEmpty, insert(id) else { throw coder.malformed("the id '\(id)' twice, or empty") }
        }
    }
}
