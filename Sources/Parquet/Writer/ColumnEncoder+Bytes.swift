import ByteCoding

extension ColumnEncoder {
    /// Encodes BYTE_ARRAY.
    func encodeBytes(_ values: ByteArrays, _ run: Run, _ chunk: EncodedChunk) throws(ParquetError) {
        let present = run.validity.map { validity in run.rows.filter { validity[$0] } }
        let list = PresentBytes(
            values: values,
            rows: present,
            first: run.rows.lowerBound,
            count: run.valueCount
        )
        let wish = options.encoding(of: run.column)
        let covered = try writeDictionary(list, wish, chunk)
        let layout = wish == .deltaLengthByteArray ? Encoding.deltaLengthByteArray : .plain
        let order = ValueOrder(run.column)
        let isText = run.column.logicalType?.isText ?? false
        try writePages(
            run,
            chunk,
            pageEnd: { row, value in
                list.pageEnd(
                    row,
                    value,
                    maximumRows: options.pageRows,
                    maximumBytes: options.pageBytes,
                    isCovered: covered == list.count && covered > 0,
                    run: run
                )
            },
            encode: { range, body in
                if covered > 0, range.upperBound <= covered {
                    dictionary.append(range, to: &body)
                    return .rleDictionary
                }
                list.append(range, layout, to: &body)
                return layout
            },
            summarize: { list.summary(of: $0, order, limit: options.statisticsBytes, isText: isText) }
        )
    }

    private func writeDictionary(
        _ list: PresentBytes,
        _ wish: ColumnEncoding,
        _ chunk: EncodedChunk
    ) throws(ParquetError) -> Int {
        guard wish == .automatic || wish == .dictionary else { return 0 }
        var entries: [Int] = []
        var bytes = 0
        var plainBytes = 0
        dictionary.reset()
        let covered = list.withBytes { all in
            dictionary.number(
                count: list.count,
                hash: { ByteHash.hash(all, list.range($0)) },
                isEqual: { value, entry in
                    ByteComparison.isEqual(all, list.range(value), list.range(entries[entry]))
                },
                add: { value in
                    let size = 4 + list.range(value).count
                    guard bytes + size <= options.dictionaryBytes else { return false }
                    entries.append(value)
                    bytes += size
                    return true
                }
            )
        }
        for value in 0..<covered { plainBytes += 4 + list.range(value).count }
        if wish == .automatic, covered < list.count { return 0 }
        let pays = dictionary.pays(
            covered: covered,
            plainBytes: plainBytes,
            dictionaryBytes: bytes,
            share: wish == .automatic ? 0.7 : 0.95
        )
        guard pays else { return 0 }
        for entry in entries { list.append(entry..<entry + 1, .plain, to: &pages.body) }
        try pages.finishDictionary(count: entries.count, chunk)
        return covered
    }
}

extension LogicalType {
    /// Whether the bytes are UTF-8.
    var isText: Bool {
        switch self {
        case .string, .enumeration, .json: true
        default: false
        }
    }
}

/// The byte strings of the rows that are not null.
struct PresentBytes {
    let values: ByteArrays
    /// The rows that hold values; nil if all do.
    let rows: [Int]?
    let first: Int
    let count: Int

    func range(_ value: Int) -> Range<Int> {
        let row = rows?[value] ?? first + value
        return values.offsets[row]..<values.offsets[row + 1]
    }

    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        values.bytes.withUnsafeBytes(body)
    }

    func append(_ range: Range<Int>, _ layout: Encoding, to output: inout GrowableBytes) {
        if layout == .deltaLengthByteArray {
            let lengths = range.map { Int32(truncatingIfNeeded: self.range($0).count) }
            lengths.withUnsafeBufferPointer { DeltaEncoder.append($0, to: &output) }
        }
        withBytes { all in
            for value in range {
                let bytes = self.range(value)
                if layout == .plain { output.append(UInt32(truncatingIfNeeded: bytes.count)) }
                output.append(RawSpan(_unsafeBytes: UnsafeRawBufferPointer(rebasing: all[bytes])))
            }
        }
    }

    /// The row behind a page that begins at `row`: as many as fit the limits.
    func pageEnd(
        _ row: Int,
        _ value: Int,
        maximumRows: Int,
        maximumBytes: Int,
        isCovered: Bool,
        run: ColumnEncoder.Run
    ) -> Int {
        let last = min(row + maximumRows, run.rows.count)
        if isCovered { return last }
        var (end, next, size) = (row, value, 0)
        while end < last {
            if run.validity?[run.rows.lowerBound + end] ?? true {
                size += 4 + range(next).count
                if size > maximumBytes { break }
                next += 1
            }
            end += 1
        }
        return end
    }

    func summary(of range: Range<Int>, _ order: ValueOrder, limit: Int, isText: Bool) -> PageSummary {
        guard order != .undefined, var low = range.first.map(self.range) else { return PageSummary() }
        var high = low
        withBytes { all in
            for value in range.dropFirst() {
                let bytes = self.range(value)
                if Self.isLess(all, bytes, low, order) { low = bytes }
                if Self.isLess(all, high, bytes, order) { high = bytes }
            }
        }
        let (minimum, maximum) = (Array(values.bytes[low]), Array(values.bytes[high]))
        if order != .bytes { return PageSummary(minimum: minimum, maximum: maximum) }
        let lower = TruncatedBound.lower(minimum, limit: limit, isText: isText)
        let upper = TruncatedBound.upper(maximum, limit: limit, isText: isText)
        return PageSummary(
            minimum: lower,
            maximum: upper,
            isMinimumExact: lower.count == minimum.count,
            isMaximumExact: upper.map { $0 == maximum } ?? false
        )
    }

    private static func isLess(
        _ all: UnsafeRawBufferPointer,
        _ left: Range<Int>,
        _ right: Range<Int>,
        _ order: ValueOrder
    ) -> Bool {
        if order == .bytes { return ByteComparison.isLess(all, left, right) }
        return order.isLess(Array(all[left]), Array(all[right]))
    }
}

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

/// A hash of byte strings that is the same in every process.
enum ByteHash {
    static func hash(_ all: UnsafeRawBufferPointer, _ range: Range<Int>) -> UInt64 {
        var hash = UInt64(range.count) &* 0xD6E8_FEB8_6659_FD93
        var position = range.lowerBound
        while position + 8 <= range.upperBound {
            let word = all.loadUnaligned(fromByteOffset: position, as: UInt64.self)
            hash = (hash ^ UInt64(littleEndian: word)) &* 0xD6E8_FEB8_6659_FD93
            hash ^= hash >> 32
            position += 8
        }
        while position < range.upperBound {
            hash = (hash ^ UInt64(all[position])) &* 0xD6E8_FEB8_6659_FD93
            position += 1
        }
        return hash ^ hash >> 32
    }
}
