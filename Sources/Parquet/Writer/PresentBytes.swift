import ByteCoding

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

    /// The end of a page that begins at `row` and fills the limits.
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
