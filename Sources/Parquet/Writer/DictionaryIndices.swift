import ByteCoding

/// Numbers the different values of a column in the order in which they first occur.
struct DictionaryIndices {
    /// The index of each value, for as many values as the dictionary covers.
    private(set) var indices: [UInt32] = []
    /// How many different values there are.
    private(set) var count = 0
    /// Slots of the hash table: an entry's number plus one, or 0.
    private var slots: [UInt32] = []
    private var hashes: [UInt64] = []
    private var shift: UInt64 = 0

    /// After this many entries a dictionary must have saved something.
    private static let trial = 8192

    mutating func reset() {
        indices.removeAll(keepingCapacity: true)
        hashes.removeAll(keepingCapacity: true)
        count = 0
        resize(to: 1024)
    }

    private mutating func resize(to size: Int) {
        slots = [UInt32](repeating: 0, count: size)
        shift = UInt64(64 - size.trailingZeroBitCount)
        for (entry, hash) in hashes.enumerated() {
            var slot = Int(hash >> shift)
            while slots[slot] != 0 { slot = (slot + 1) & (size - 1) }
            slots[slot] = UInt32(entry + 1)
        }
    }

    /// Numbers values until `add` refuses an entry or the dictionary plainly does not pay.
    ///
    /// - Returns: how many values were numbered.
    mutating func number(
        count total: Int,
        hash: (Int) -> UInt64,
        isEqual: (_ value: Int, _ entry: Int) -> Bool,
        add: (Int) -> Bool
    ) -> Int {
        indices.reserveCapacity(total)
        for value in 0..<total {
            let key = hash(value) &* 0x9E37_79B9_7F4A_7C15
            var slot = Int(key >> shift)
            while slots[slot] != 0, !isEqual(value, Int(slots[slot] - 1)) {
                slot = (slot + 1) & (slots.count - 1)
            }
            if slots[slot] == 0 {
                // Nearly all values differ: a dictionary would only add to them.
                if count == Self.trial, value < count + count / 8 { return value }
                guard add(value) else { return value }
                hashes.append(key)
                count += 1
                slots[slot] = UInt32(count)
                indices.append(UInt32(count - 1))
                if count * 2 > slots.count { resize(to: slots.count * 4) }
            } else {
                indices.append(slots[slot] - 1)
            }
        }
        return total
    }

    /// The bits of an index.
    var width: Int { max(1, BitPacking.width(of: UInt64(max(count, 1) - 1))) }

    /// Appends the indices of a range of values: their width, then runs and packed groups.
    func append(_ range: Range<Int>, to output: inout ByteBuffer) {
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
