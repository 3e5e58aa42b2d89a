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
