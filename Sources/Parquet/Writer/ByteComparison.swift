import ByteCoding

/// Comparison of byte strings of one buffer, eight bytes at a time.
enum ByteComparison {
    static func isEqual(_ all: UnsafeRawBufferPointer, _ left: Range<Int>, _ right: Range<Int>) -> Bool {
        guard left.count == right.count else { return false }
        return left == right || firstDifference(all, left, right) == left.count
    }

    /// Whether `left` comes before `right`, byte by byte as unsigned numbers.
    static func isLess(_ all: UnsafeRawBufferPointer, _ left: Range<Int>, _ right: Range<Int>) -> Bool {
        let shared = min(left.count, right.count)
        let index = firstDifference(all, left.prefix(shared), right.prefix(shared))
        guard index < shared else { return left.count < right.count }
        return all[left.lowerBound + index] < all[right.lowerBound + index]
    }

    /// How many bytes at the front are the same in two ranges of the same length.
    private static func firstDifference(
        _ all: UnsafeRawBufferPointer,
        _ left: Range<Int>,
        _ right: Range<Int>
    ) -> Int {
        var index = 0
        while index + 8 <= left.count {
            let first = all.loadUnaligned(fromByteOffset: left.lowerBound + index, as: UInt64.self)
            let second = all.loadUnaligned(fromByteOffset: right.lowerBound + index, as: UInt64.self)
            if first != second { break }
            index += 8
        }
        while index < left.count, all[left.lowerBound + index] == all[right.lowerBound + index] { index += 1 }
        return index
    }
}
