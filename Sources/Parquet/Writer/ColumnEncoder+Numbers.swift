import ByteCoding

extension ColumnEncoder {
    /// Encodes INT32, INT64, FLOAT and DOUBLE.
    func encodeNumbers<Value: FixedWidthValue>(
        _ all: [Value],
        _ run: Run,
        _ chunk: EncodedChunk
    ) throws(ParquetError) {
        var failure: ParquetError?
        all.withUnsafeBufferPointer { slots in
            do throws(ParquetError) {
                if run.validity == nil {
                    try encodeNumbers(UnsafeBufferPointer(rebasing: slots[run.rows]), run, chunk)
                } else {
                    let compact = run.compact(slots)
                    try encodeCompact(compact, run, chunk)
                }
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
    }

    private func encodeCompact<Value: FixedWidthValue>(
        _ values: [Value],
        _ run: Run,
        _ chunk: EncodedChunk
    ) throws(ParquetError) {
        var failure: ParquetError?
        values.withUnsafeBufferPointer { values in
            do throws(ParquetError) {
                try encodeNumbers(values, run, chunk)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
    }

    private func encodeNumbers<Value: FixedWidthValue>(
        _ values: UnsafeBufferPointer<Value>,
        _ run: Run,
        _ chunk: EncodedChunk
    ) throws(ParquetError) {
        let width = MemoryLayout<Value>.size
        let wish = options.encoding(of: run.column)
        let covered = try writeDictionary(values, wish, chunk)
        let layout = fallback(wish, run.column)
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
                return append(UnsafeBufferPointer(rebasing: values[range]), layout, to: &body)
            },
            summarize: { Value.summary(of: UnsafeBufferPointer(rebasing: values[$0]), order: order) }
        )
    }

    /// Tries a dictionary and writes it if it pays; returns how many values it covers.
    private func writeDictionary<Value: FixedWidthValue>(
        _ values: UnsafeBufferPointer<Value>,
        _ wish: ColumnEncoding,
        _ chunk: EncodedChunk
    ) throws(ParquetError) -> Int {
        guard wish == .automatic || wish == .dictionary else { return 0 }
        let width = MemoryLayout<Value>.size
        var entries: [Value] = []
        dictionary.reset()
        let covered = dictionary.number(
            count: values.count,
            hash: { values[$0].pattern },
            // Different patterns have different hashes.
            isEqual: { _, _ in true },
            add: { value in
                guard (entries.count + 1) * width <= options.dictionaryBytes else { return false }
                entries.append(values[value])
                return true
            }
        )
        // The automatic encoding has a good fallback.
        if wish == .automatic, covered < values.count { return 0 }
        let pays = dictionary.pays(
            covered: covered,
            plainBytes: covered * width,
            dictionaryBytes: entries.count * width,
            share: wish == .automatic ? 0.4 : 0.95
        )
        guard pays else { return 0 }
        entries.withUnsafeBytes { pages.body.append(RawSpan(_unsafeBytes: $0)) }
        try pages.finishDictionary(count: entries.count, chunk)
        return covered
    }

    /// The layout of values that no dictionary covers.
    private func fallback(_ wish: ColumnEncoding, _ column: ParquetColumn) -> Encoding {
        switch wish {
        case .deltaBinaryPacked: return .deltaBinaryPacked
        case .byteStreamSplit: return .byteStreamSplit
        case .automatic:
            if column.physicalType == .int32 || column.physicalType == .int64 { return .deltaBinaryPacked }
            return options.compression(of: column) == .uncompressed ? .plain : .byteStreamSplit
        default: return .plain
        }
    }

    private func append<Value: FixedWidthValue>(
        _ values: UnsafeBufferPointer<Value>,
        _ layout: Encoding,
        to body: inout GrowableBytes
    ) -> Encoding {
        switch layout {
        case .deltaBinaryPacked:
            // Safe: this layout is chosen for integers only, and the type is checked before rebinding.
            if Value.self == Int64.self {
                values.withMemoryRebound(to: Int64.self) { DeltaEncoder.append($0, to: &body) }
            } else if Value.self == Int32.self {
                values.withMemoryRebound(to: Int32.self) { DeltaEncoder.append($0, to: &body) }
            }
        case .byteStreamSplit:
            ByteStreamSplit.append(UnsafeRawBufferPointer(values), width: MemoryLayout<Value>.size, to: &body)
        default:
            body.append(RawSpan(_unsafeBytes: UnsafeRawBufferPointer(values)))
        }
        return layout
    }
}
