import ByteCoding

/// Encodes the rows of one column into a chunk; its scratch memory is reused from chunk to chunk.
final class ColumnEncoder {
    let options: ParquetWriterOptions
    let pages: PageWriter
    var dictionary = DictionaryIndices()

    init(_ options: ParquetWriterOptions) {
        self.options = options
        pages = PageWriter(options)
    }

    /// Encodes a range of `rows`, whose type is that of `column`.
    func encode(
        _ column: ParquetColumn,
        _ rows: ColumnRows,
        _ range: Range<Int>,
        into chunk: EncodedChunk
    ) throws(ParquetError) {
        switch rows {
        case .each(let vector): try encode(column, vector, range, into: chunk)
        case .runs(let runs):
            if try encodeRuns(column, runs, range, chunk) { return }
            try encode(column, runs.expanded(range), 0..<range.count, into: chunk)
        }
    }

    private func encode(
        _ column: ParquetColumn,
        _ vector: ColumnVector,
        _ rows: Range<Int>,
        into chunk: EncodedChunk
    ) throws(ParquetError) {
        pages.begin(column, chunk)
        let run = Run(column: column, rows: rows, validity: vector.validity)
        switch vector.values {
        case .int32(let values): try encodeNumbers(values, run, chunk)
        case .int64(let values): try encodeNumbers(values, run, chunk)
        case .float(let values): try encodeNumbers(values, run, chunk)
        case .double(let values): try encodeNumbers(values, run, chunk)
        case .boolean(let values): try encodeBooleans(values, run, chunk)
        case .bytes(let values): try encodeBytes(values, run, chunk)
        case .fixed(let values): try encodeFixed(values, run, chunk)
        }
        pages.end(chunk)
    }

    /// The rows of one chunk: which of them hold values.
    struct Run {
        let column: ParquetColumn
        let rows: Range<Int>
        /// nil if every row has a value.
        let validity: [Bool]?
        let valueCount: Int

        init(column: ParquetColumn, rows: Range<Int>, validity: [Bool]?) {
            self.column = column
            self.rows = rows
            valueCount = validity.map { Self.countTrue($0[rows]) } ?? rows.count
            self.validity = valueCount == rows.count ? nil : validity
        }

        /// How many rows of a range (counted from the chunk's first) have values.
        func values(in range: Range<Int>) -> Int {
            guard let validity else { return range.count }
            return Self.countTrue(
                validity[rows.lowerBound + range.lowerBound..<rows.lowerBound + range.upperBound]
            )
        }

        /// The values without the slots of null rows.
        func compact<Value: BitwiseCopyable>(_ values: UnsafeBufferPointer<Value>) -> [Value] {
            guard let validity else { return Array(values[rows]) }
            return Array(unsafeUninitializedCapacity: valueCount + 1) { room, count in
                // Safe: every valid row advances the end by one, and one slot is left for the last null
                // rows.
                for row in rows {
                    room[count] = values[row]
                    count += validity[row] ? 1 : 0
                }
            }
        }

        private static func countTrue(_ flags: ArraySlice<Bool>) -> Int {
            var total = 0
            for flag in flags { total += flag ? 1 : 0 }
            return total
        }
    }

    /// Writes the data pages of a run: `pageEnd` returns the end row of a page that starts at a row and
    /// value, `encode` appends the values of a range and returns their encoding, `summarize` returns their
    /// bounds.
    func writePages(
        _ run: Run,
        _ chunk: EncodedChunk,
        pageEnd: (_ row: Int, _ value: Int) -> Int,
        encode: (Range<Int>, inout GrowableBytes) -> Encoding,
        summarize: (Range<Int>) -> PageSummary
    ) throws(ParquetError) {
        var row = 0
        var value = 0
        while row < run.rows.count {
            let rows = row..<max(row + 1, min(pageEnd(row, value), run.rows.count))
            let present = run.values(in: rows)
            let values = value..<value + present
            appendLevels(run, rows, present)
            let levelBytes = pages.body.count
            let encoding = encode(values, &pages.body)
            try pages.finishData(
                encoding,
                rows: rows.count,
                nulls: rows.count - present,
                levelBytes: levelBytes,
                summary: present == 0 || !needsBounds ? PageSummary() : summarize(values),
                chunk
            )
            row = rows.upperBound
            value = values.upperBound
        }
    }

    private var needsBounds: Bool { options.writesStatistics || options.writesPageIndex }

    private func appendLevels(_ run: Run, _ rows: Range<Int>, _ present: Int) {
        guard run.column.isOptional else { return }
        let lengthAt = pages.body.count
        if options.dataPageVersion == 1 { pages.body.append(UInt32(0)) }
        let start = pages.body.count
        if present == rows.count || present == 0 {
            RunLengthEncoder.appendRun(of: present == 0 ? 0 : 1, count: rows.count, width: 1, to: &pages.body)
        } else if let validity = run.validity {
            validity.withUnsafeBytes { flags in
                let range = run.rows.lowerBound + rows.lowerBound..<run.rows.lowerBound + rows.upperBound
                // Safe: a Bool is a byte of value 0 or 1.
                let bytes = UnsafeRawBufferPointer(rebasing: flags[range]).assumingMemoryBound(to: UInt8.self)
                RunLengthEncoder.append(bytes, width: 1, to: &pages.body)
            }
        }
        if options.dataPageVersion == 1 {
            pages.body.overwrite(UInt32(pages.body.count - start), at: lengthAt)
        }
    }
}
