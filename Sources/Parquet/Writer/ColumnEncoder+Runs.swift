import ByteCoding

extension ColumnEncoder {
    /// Encodes runs by a dictionary with one look-up per run instead of per row; returns false, writing
    /// nothing, if the rows are not in runs.
    ///
    /// The bytes equal those of the same rows without runs.
    func encodeRuns(
        _ column: ParquetColumn,
        _ runs: ColumnRuns,
        _ range: Range<Int>,
        _ chunk: EncodedChunk
    ) throws(ParquetError) -> Bool {
        let wish = options.encoding(of: column)
        guard wish == .automatic || wish == .dictionary, !range.isEmpty else { return false }
        let parts = runs.runs(over: range)
        guard let first = parts.first, let last = parts.last else { return false }
        let indexes = first.value..<last.value + 1
        // Null rows have no value to look up; they are rare in runs.
        if let validity = runs.values.validity, validity[indexes].contains(false) { return false }
        pages.begin(column, chunk)
        let run = Run(column: column, rows: 0..<range.count, validity: nil)
        let slice = RunSlice(parts: parts, rows: range.count)
        switch runs.values.values {
        case .int32(let values): return try encodeNumbers(values, slice, run, wish, chunk)
        case .int64(let values): return try encodeNumbers(values, slice, run, wish, chunk)
        case .bytes(let values): return try encodeBytes(values, slice, run, wish, chunk)
        default: return false
        }
    }

    /// The runs of one chunk.
    private struct RunSlice {
        let parts: [ColumnRuns.Part]
        let rows: Int
        /// The end row of each run.
        let ends: [Int]

        init(parts: [ColumnRuns.Part], rows: Int) {
            self.parts = parts
            self.rows = rows
            var end = 0
            ends = parts.map { part in
                end += part.count
                return end
            }
        }

        /// The range of the values of a range of rows.
        func values(of range: Range<Int>) -> Range<Int> {
            parts[run(of: range.lowerBound)].value..<parts[run(of: range.upperBound - 1)].value + 1
        }

        private func run(of row: Int) -> Int {
            var (low, high) = (0, ends.count - 1)
            while low < high {
                let middle = (low + high) / 2
                if ends[middle] > row { high = middle } else { low = middle + 1 }
            }
            return low
        }
    }

    private func encodeNumbers<Value: FixedWidthValue>(
        _ values: [Value],
        _ slice: RunSlice,
        _ run: Run,
        _ wish: ColumnEncoding,
        _ chunk: EncodedChunk
    ) throws(ParquetError) -> Bool {
        let width = MemoryLayout<Value>.size
        var entries: [Value] = []
        dictionary.reset()
        let covered = dictionary.number(
            count: slice.parts.count,
            rows: slice.rows,
            hash: { values[slice.parts[$0].value].pattern },
            // Different patterns have different hashes.
            isEqual: { _, _ in true },
            repeats: { slice.parts[$0].count },
            add: { index in
                guard (entries.count + 1) * width <= options.dictionaryBytes else { return false }
                entries.append(values[slice.parts[index].value])
                return true
            }
        )
        let pays = dictionary.pays(
            covered: covered,
            plainBytes: covered * width,
            dictionaryBytes: entries.count * width,
            share: wish == .automatic ? 0.4 : 0.95
        )
        guard covered == slice.rows, pays else { return false }
        entries.withUnsafeBytes { pages.body.append(RawSpan(_unsafeBytes: $0)) }
        let pageRows = min(options.pageRows, max(1, options.pageBytes / width))
        let order = ValueOrder(run.column)
        try writeDictionaryPages(entries.count, pageRows, run, chunk) { rows in
            values.withUnsafeBufferPointer {
                Value.summary(of: UnsafeBufferPointer(rebasing: $0[slice.values(of: rows)]), order: order)
            }
        }
        return true
    }

    private func encodeBytes(
        _ values: ByteArrays,
        _ slice: RunSlice,
        _ run: Run,
        _ wish: ColumnEncoding,
        _ chunk: EncodedChunk
    ) throws(ParquetError) -> Bool {
        let list = PresentBytes(values: values, rows: nil, first: 0, count: values.count)
        var entries: [Int] = []
        var bytes = 0
        dictionary.reset()
        let covered = list.withBytes { all in
            dictionary.number(
                count: slice.parts.count,
                rows: slice.rows,
                hash: { ByteHash.hash(all, list.range(slice.parts[$0].value)) },
                isEqual: { index, entry in
                    ByteComparison.isEqual(
                        all,
                        list.range(slice.parts[index].value),
                        list.range(entries[entry])
                    )
                },
                repeats: { slice.parts[$0].count },
                add: { index in
                    let size = 4 + list.range(slice.parts[index].value).count
                    guard bytes + size <= options.dictionaryBytes else { return false }
                    entries.append(slice.parts[index].value)
                    bytes += size
                    return true
                }
            )
        }
        let plainBytes = slice.parts.reduce(4 * slice.rows) { $0 + $1.count * list.range($1.value).count }
        let pays = dictionary.pays(
            covered: covered,
            plainBytes: plainBytes,
            dictionaryBytes: bytes,
            share: wish == .automatic ? 0.7 : 0.95
        )
        guard covered == slice.rows, pays else { return false }
        for entry in entries { list.append(entry..<entry + 1, .plain, to: &pages.body) }
        let order = ValueOrder(run.column)
        let isText = run.column.logicalType?.isText ?? false
        try writeDictionaryPages(entries.count, options.pageRows, run, chunk) { rows in
            list.summary(
                of: slice.values(of: rows),
                order,
                limit: options.statisticsBytes,
                isText: isText
            )
        }
        return true
    }

    /// Writes the dictionary page, whose values are in the body, and the pages of indices.
    private func writeDictionaryPages(
        _ entries: Int,
        _ pageRows: Int,
        _ run: Run,
        _ chunk: EncodedChunk,
        summarize: (Range<Int>) -> PageSummary
    ) throws(ParquetError) {
        try pages.finishDictionary(count: entries, chunk)
        try writePages(
            run,
            chunk,
            pageEnd: { row, _ in row + pageRows },
            encode: { range, body in
                dictionary.append(range, to: &body)
                return .rleDictionary
            },
            summarize: summarize
        )
        pages.end(chunk)
    }
}
