import ByteCoding

/// Numbers the distinct values of a column in the order of first occurrence.
struct DictionaryIndices {
    /// The index of each value, for as many values as the dictionary covers; further elements are unused.
    private var indices: [UInt32] = []
    /// How many different values there are.
    private(set) var count = 0
    /// Slots of the hash table: an entry's number plus one, or 0.
    private var slots: [UInt32] = []
    private var hashes: [UInt64] = []

    /// After this many entries a dictionary must have saved something.
    private static let trial = 8192
    /// An odd number: multiplying by it keeps different hashes different.
    private static let spread: UInt64 = 0x9E37_79B9_7F4A_7C15

    mutating func reset() {
        hashes.removeAll(keepingCapacity: true)
        count = 0
        resize(to: 1024)
    }

    private mutating func resize(to size: Int) {
        if slots.count == size {
            for slot in slots.indices { slots[slot] = 0 }
        } else {
            slots = [UInt32](repeating: 0, count: size)
        }
        let shift = Self.shift(size)
        for (entry, hash) in hashes.enumerated() {
            var slot = Int(hash >> shift)
            while slots[slot] != 0 { slot = (slot + 1) & (size - 1) }
            slots[slot] = UInt32(entry + 1)
        }
    }

    private static func shift(_ size: Int) -> UInt64 { UInt64(64 - size.trailingZeroBitCount) }

    /// Numbers values until `add` refuses an entry or the dictionary clearly does not pay.
    ///
    /// `repeats` is the number of rows of each value. Values of equal hashes are compared by `isEqual`.
    /// - Returns: how many rows were numbered.
    @inline(__always)
    mutating func number(
        count total: Int,
        rows: Int? = nil,
        hash: (Int) -> UInt64,
        isEqual: (_ value: Int, _ entry: Int) -> Bool,
        repeats: (Int) -> Int = { _ in 1 },
        add: (Int) -> Bool
    ) -> Int {
        let rows = rows ?? total
        if indices.count < rows { indices = [UInt32](repeating: 0, count: rows) }
        var (value, row, isOver) = (0, 0, false)
        while value < total, !isOver {
            if count * 2 >= slots.count { resize(to: slots.count * 4) }
            let (mask, shift) = (slots.count - 1, Self.shift(slots.count))
            indices.withUnsafeMutableBufferPointer { indices in
                slots.withUnsafeMutableBufferPointer { slots in
                    while value < total {
                        let key = hash(value) &* Self.spread
                        // Safe: a slot is at most the mask, and at least half of the slots are empty.
                        var slot = Int(truncatingIfNeeded: key &>> shift)
                        while slots[slot] != 0 {
                            let entry = Int(slots[slot] &- 1)
                            if hashes[entry] == key, isEqual(value, entry) { break }
                            slot = (slot &+ 1) & mask
                        }
                        if slots[slot] == 0 {
                            if count * 2 >= slots.count { return }
                            // Nearly all values differ: a dictionary would only add bytes.
                            if count == Self.trial, row < count + count / 8 {
                                isOver = true
                                return
                            }
                            guard add(value) else {
                                isOver = true
                                return
                            }
                            hashes.append(key)
                            count += 1
                            slots[slot] = UInt32(count)
                        }
                        let (index, end) = (slots[slot] &- 1, row &+ repeats(value))
                        while row < end {
                            indices[row] = index
                            row &+= 1
                        }
                        value &+= 1
                    }
                }
            }
        }
        return row
    }

    /// The bits of an index.
    var width: Int { max(1, BitPacking.width(of: UInt64(max(count, 1) - 1))) }

    /// Appends the indices of a range of values: their width, then runs and packed groups.
    func append(_ range: Range<Int>, to output: inout GrowableBytes) {
        output.append(UInt8(width))
        indices.withUnsafeBufferPointer { all in
            RunLengthEncoder.append(UnsafeBufferPointer(rebasing: all[range]), width: width, to: &output)
        }
    }

    /// Whether indices and dictionary take clearly less than the values they replace.
    func pays(covered: Int, plainBytes: Int, dictionaryBytes: Int, share: Double) -> Bool {
        guard covered > 0 else { return false }
        let indexBytes = BitPacking.byteCount(covered, width: width)
        return Double(indexBytes + dictionaryBytes) < Double(plainBytes) * share
    }
}
