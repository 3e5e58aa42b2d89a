import MarketModel

/// How often each 16-bit digit follows one of a few beginnings, in values as integers of the same order.
///
/// Counts of parts merge into those of the whole, in any order. Takes 2 KiB for each 256 neighbouring digits
/// that occur.
struct RankCounts: Equatable, Sendable {
    /// The beginnings in ascending order: the first `digit` digits of the values that count.
    private let prefixes: [UInt64]
    /// Which digit is counted, 0 to 3 from the first.
    private let digit: Int
    /// 256 pages of 256 counts for each beginning; a page without values is empty.
    private var pages: [[[Int]]]

    /// No values yet; without beginnings none will count.
    init(prefixes: Set<UInt64>, digit: Int) {
        self.prefixes = prefixes.sorted()
        self.digit = digit
        pages = prefixes.map { _ in Array(repeating: [], count: 256) }
    }

    /// Adds a value that is a number; one of another beginning changes nothing.
    mutating func add(_ value: Double) {
        let key = RankCounts.key(value)
        // Shifting by 64 gives 0, the beginning of all.
        let prefix = key >> UInt64(64 - 16 * digit)
        for index in prefixes.indices where prefixes[index] == prefix {
            count(UInt16(truncatingIfNeeded: key >> UInt64(48 - 16 * digit)), 1, at: index)
        }
    }

    private mutating func count(_ number: UInt16, _ count: Int, at index: Int) {
        let (page, place) = (Int(number >> 8), Int(number & 0xff))
        if pages[index][page].isEmpty { pages[index][page] = Array(repeating: 0, count: 256) }
        pages[index][page][place] += count
    }

    /// Adds the counts of another part of the values.
    ///
    /// Precondition: both count the same digit after the same beginnings.
    mutating func merge(_ other: RankCounts) {
        precondition(prefixes == other.prefixes && digit == other.digit, "counts of another pass")
        for index in prefixes.indices {
            other.forEach(index) { number, count in self.count(number, count, at: index) }
        }
    }

    private func forEach(_ index: Int, _ body: (UInt16, Int) -> Void) {
        for (page, counts) in pages[index].enumerated() {
            for (place, count) in counts.enumerated() where count > 0 {
                body(UInt16(page << 8 | place), count)
            }
        }
    }

    /// The digit after a beginning of the value at `rank` among those that begin so, and its rank among those with
    /// that digit; nil if there are not so many.
    func find(_ rank: Int, after prefix: UInt64) -> (digit: UInt16, rank: Int)? {
        guard let index = prefixes.firstIndex(of: prefix) else { return nil }
        var rank = rank
        for (page, counts) in pages[index].enumerated() {
            for (place, count) in counts.enumerated() {
                if rank < count { return (UInt16(page << 8 | place), rank) }
                rank -= count
            }
        }
        return nil
    }

    /// Integers in the order of their doubles.
    private static func key(_ value: Double) -> UInt64 {
        let bits = value.bitPattern
        return bits >> 63 == 1 ? ~bits : bits | 1 << 63
    }
}

// Of each beginning: the digits that occur, each as its distance from the one before and its count, in groups of 7 bits.
extension RankCounts: StateCodable {
    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        for index in prefixes.indices {
            var bytes: [UInt8] = []
            var next = 0
            forEach(index) { number, count in
                RankCounts.append(Int(number) - next, to: &bytes)
                RankCounts.append(count, to: &bytes)
                next = Int(number) + 1
            }
            try coder.data(&bytes)
            if coder.isReading { try read(bytes[...], index, coder) }
        }
    }

    private mutating func read(
        _ bytes: ArraySlice<UInt8>,
        _ index: Int,
        _ coder: StateCoder
    ) throws(StateError) {
        pages[index] = Array(repeating: [], count: 256)
        var (rest, next) = (bytes, 0)
        while !rest.isEmpty {
            guard let distance = RankCounts.take(&rest), let count = RankCounts.take(&rest), count > 0,
                distance < 65536 - next
            else { throw coder.malformed("no counts of digits") }
            next += distance
            self.count(UInt16(next), count, at: index)
            next += 1
        }
    }

    private static func append(_ number: Int, to bytes: inout [UInt8]) {
        var rest = UInt64(number)
        while rest > 0x7f {
            bytes.append(UInt8(rest & 0x7f) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// The number at the start; nil if it is cut, not in its shortest form or of more than 56 bits.
    private static func take(_ bytes: inout ArraySlice<UInt8>) -> Int? {
        var (number, shift): (UInt64, UInt64) = (0, 0)
        while let byte = bytes.popFirst(), shift < 56 {
            number |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return byte == 0 && shift > 0 ? nil : Int(number) }
            shift += 7
        }
        return nil
    }
}
