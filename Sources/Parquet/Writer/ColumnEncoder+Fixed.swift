import ByteCoding

extension ColumnEncoder {
    /// Encodes FIXED_LEN_BYTE_ARRAY.
    func encodeFixed(_ values: FixedByteArrays, _ run: Run, _ chunk: EncodedChunk) throws(ParquetError) {
        let width = values.width
        let wish = options.encoding(of: run.column)
        let compact = compacted(values, run)
        let covered = try writeDictionary(compact, width, wish, chunk)
        let order = ValueOrder(run.column)
        let pageRows = min(options.pageRows, max(1, options.pageBytes / width))
        try writePages(
            run,
            chunk,
            pageEnd: { row, _ in row + pageRows },
            encode: { range, body in
                if covered > 0, range.upperBound <= covered {
                    dictionary.append(range, to: &body)
                    return .rleDictionary
                }
                return compact.withUnsafeBytes { all in
                    let part = UnsafeRawBufferPointer(
                        rebasing: all[range.lowerBound * width..<range.upperBound * width]
                    )
                    if wish == .byteStreamSplit {
                        ByteStreamSplit.append(part, width: width, to: &body)
                        return .byteStreamSplit
                    }
                    body.append(RawSpan(_unsafeBytes: part))
                    return .plain
                }
            },
            summarize: { Self.summary(compact, width, $0, order) }
        )
    }

    private func compacted(_ values: FixedByteArrays, _ run: Run) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(run.valueCount * values.width)
        guard let validity = run.validity else {
            return Array(
                values.bytes[run.rows.lowerBound * values.width..<run.rows.upperBound * values.width]
            )
        }
        for row in run.rows where validity[row] { bytes.append(contentsOf: values[row]) }
        return bytes
    }

    private func writeDictionary(
        _ compact: [UInt8],
        _ width: Int,
        _ wish: ColumnEncoding,
        _ chunk: EncodedChunk
    ) throws(ParquetError) -> Int {
        guard wish == .automatic || wish == .dictionary else { return 0 }
        var entries: [Int] = []
        dictionary.reset()
        let count = compact.count / width
        let covered = compact.withUnsafeBytes { all in
            dictionary.number(
                count: count,
                hash: { ByteHash.hash(all, $0 * width..<($0 + 1) * width) },
                isEqual: { value, entry in
                    let start = entries[entry] * width
                    return ByteComparison.isEqual(
                        all,
                        value * width..<(value + 1) * width,
                        start..<start + width
                    )
                },
                add: { value in
                    guard (entries.count + 1) * width <= options.dictionaryBytes else { return false }
                    entries.append(value)
                    return true
                }
            )
        }
        if wish == .automatic, covered < count { return 0 }
        let pays = dictionary.pays(
            covered: covered,
            plainBytes: covered * width,
            dictionaryBytes: entries.count * width,
            share: wish == .automatic ? 0.7 : 0.95
        )
        guard pays else { return 0 }
        for entry in entries { pages.body.append(Array(compact[entry * width..<(entry + 1) * width])) }
        try pages.finishDictionary(count: entries.count, chunk)
        return covered
    }

    private static func summary(
        _ compact: [UInt8],
        _ width: Int,
        _ range: Range<Int>,
        _ order: ValueOrder
    ) -> PageSummary {
        var summary = PageSummary()
        guard order != .undefined else { return summary }
        for value in range {
            let bytes = Array(compact[value * width..<(value + 1) * width])
            if order == .float16, let bits = UInt16(littleEndianBytes: bytes),
                HalfPrecision.double(bits).isNaN
            {
                summary.nanCount += 1
                continue
            }
            if summary.minimum.map({ order.isLess(bytes, $0) }) ?? true { summary.minimum = bytes }
            if summary.maximum.map({ order.isLess($0, bytes) }) ?? true { summary.maximum = bytes }
        }
        if order == .float16 {
            // A zero bound covers both zeros.
            if summary.minimum == [0, 0] { summary.minimum = [0, 0x80] }
            if summary.maximum == [0, 0x80] { summary.maximum = [0, 0] }
        }
        return summary
    }

    /// Encodes BOOLEAN.
    func encodeBooleans(_ all: [Bool], _ run: Run, _ chunk: EncodedChunk) throws(ParquetError) {
        let values = all.withUnsafeBufferPointer { run.compact($0) }
        let isRunLength = options.encoding(of: run.column) == .runLength
        try writePages(
            run,
            chunk,
            pageEnd: { row, _ in row + options.pageRows },
            encode: { range, body in
                values.withUnsafeBytes { flags in
                    // Safe: a Bool is a byte of value 0 or 1.
                    let bytes = UnsafeRawBufferPointer(rebasing: flags[range]).assumingMemoryBound(
                        to: UInt8.self
                    )
                    guard isRunLength else {
                        BitPacking.append(bytes, width: 1, to: &body)
                        return .plain
                    }
                    let lengthAt = body.count
                    body.append(UInt32(0))
                    RunLengthEncoder.append(bytes, width: 1, to: &body)
                    body.overwrite(UInt32(body.count - lengthAt - 4), at: lengthAt)
                    return .rle
                }
            },
            summarize: { range in
                PageSummary(
                    minimum: [values[range].contains(false) ? 0 : 1],
                    maximum: [values[range].contains(true) ? 1 : 0]
                )
            }
        )
    }
}
