import ByteCoding

/// Turns page bodies into pages of a chunk: compression, checksum, header, bounds.
final class PageWriter {
    private let options: ParquetWriterOptions
    private let compressor = PageCompressor()
    private var packed = GrowableBytes()
    private var header = ThriftWriter()
    private var column = ParquetColumn("", .boolean)
    private var order = ValueOrder.undefined
    private var codec = Compression.uncompressed
    private var level = 1
    private var summaries: [PageBounds] = []

    /// The page under construction: levels, then values.
    var body = GrowableBytes()

    private struct PageBounds {
        var summary: PageSummary
        var rows: Int
        var nulls: Int
    }

    init(_ options: ParquetWriterOptions) {
        self.options = options
    }

    func begin(_ column: ParquetColumn, _ chunk: EncodedChunk) {
        self.column = column
        order = ValueOrder(column)
        codec = options.compression(of: column)
        level = options.compressionLevel(of: column)
        summaries.removeAll(keepingCapacity: true)
        chunk.reset(column, compression: codec)
    }

    /// Writes ``body``, the PLAIN values of a dictionary, as the chunk's first page.
    func finishDictionary(count: Int, _ chunk: EncodedChunk) throws(ParquetError) {
        var page = PageHeader()
        page.kind = .dictionary
        page.valueCount = Int32(clamping: count)
        page.encoding = Encoding.plain.rawValue
        chunk.metadata.dictionaryPageOffset = 0
        try finish(&page, uncompressedPrefix: 0, chunk)
        chunk.count(.dictionary, .plain)
    }

    /// Writes ``body`` as a data page; its first `levelBytes` bytes are levels.
    func finishData(
        _ encoding: Encoding,
        rows: Int,
        nulls: Int,
        levelBytes: Int,
        summary: PageSummary,
        _ chunk: EncodedChunk
    ) throws(ParquetError) {
        var page = PageHeader()
        let isSecond = options.dataPageVersion == 2
        page.kind = isSecond ? .dataV2 : .data
        page.valueCount = Int32(clamping: rows)
        page.rowCount = Int32(clamping: rows)
        page.nullCount = Int32(clamping: nulls)
        page.encoding = encoding.rawValue
        page.definitionLevelsSize = Int32(clamping: isSecond ? levelBytes : 0)
        if options.writesStatistics, !options.writesPageIndex {
            page.statistics = statistics(summary, nulls: nulls)
        }
        let offset = chunk.size
        if summaries.isEmpty { chunk.metadata.dataPageOffset = Int64(offset) }
        try finish(&page, uncompressedPrefix: isSecond ? levelBytes : 0, chunk)
        chunk.count(page.kind, encoding)
        chunk.offsetIndex.pages.append(
            OffsetIndex.Page(
                offset: Int64(offset),
                compressedSize: Int32(clamping: chunk.size - offset),
                firstRow: chunk.metadata.valueCount
            )
        )
        chunk.metadata.valueCount += Int64(rows)
        summaries.append(PageBounds(summary: summary, rows: rows, nulls: nulls))
    }

    private func finish(
        _ page: inout PageHeader,
        uncompressedPrefix prefix: Int,
        _ chunk: EncodedChunk
    ) throws(ParquetError) {
        guard body.count <= Int(Int32.max) else {
            throw .misuse(
                "column \(column.name): a page of \(body.count) bytes; a page holds at most 2147483647"
            )
        }
        page.uncompressedSize = Int32(body.count)
        var isPacked = codec != .uncompressed
        if isPacked {
            packed.removeAll()
            // Safe: the body is not changed while the pointer is in use.
            let whole = UnsafeRawBufferPointer(start: body.unsafeBase, count: body.count)
            packed.append(RawSpan(_unsafeBytes: UnsafeRawBufferPointer(rebasing: whole[..<prefix])))
            try compressor.compress(
                RawSpan(_unsafeBytes: UnsafeRawBufferPointer(rebasing: whole[prefix...])),
                codec,
                level: level,
                appendingTo: &packed
            )
            if page.kind == .dataV2, packed.count >= body.count { isPacked = false }
        }
        page.isCompressed = isPacked
        try append(page, isPacked, chunk)
        body.removeAll()
    }

    private func append(_ page: PageHeader, _ isPacked: Bool, _ chunk: EncodedChunk) throws(ParquetError) {
        var page = page
        let size = isPacked ? packed.count : body.count
        guard let stored = Int32(exactly: size) else {
            throw .misuse("column \(column.name): a page of \(size) bytes; a page holds at most 2147483647")
        }
        page.compressedSize = stored
        if options.writesChecksums {
            page.checksum = isPacked ? CRC32.checksum(packed.bytes) : CRC32.checksum(body.bytes)
        }
        header.removeAll()
        page.write(to: &header)
        chunk.bytes.append(header.bytes)
        if isPacked {
            chunk.bytes.append(packed.bytes)
        } else {
            chunk.bytes.append(body.bytes)
        }
        chunk.metadata.uncompressedSize += Int64(header.bytes.count) + Int64(page.uncompressedSize)
        try chunk.handOn()
    }
}

extension PageWriter {
    /// Completes the chunk's metadata after its last page.
    func end(_ chunk: EncodedChunk) {
        chunk.metadata.compressedSize = Int64(chunk.size)
        var encodings = Set(chunk.metadata.encodingStatistics.map(\.encoding))
        if column.isOptional { encodings.insert(.rle) }
        chunk.metadata.encodings = encodings.sorted()
        if options.writesStatistics { chunk.metadata.statistics = chunkStatistics() }
        if options.writesPageIndex { chunk.columnIndex = columnIndex() }
    }

    private func statistics(_ summary: PageSummary, nulls: Int) -> ColumnStatistics {
        var statistics = ColumnStatistics()
        statistics.nullCount = Int64(nulls)
        if order.isFloating { statistics.nanCount = Int64(summary.nanCount) }
        statistics.minimum = summary.minimum
        statistics.maximum = summary.maximum
        if summary.minimum != nil { statistics.isMinimumExact = summary.isMinimumExact }
        if summary.maximum != nil { statistics.isMaximumExact = summary.isMaximumExact }
        return statistics
    }

    private func chunkStatistics() -> ColumnStatistics {
        var all = PageSummary()
        var nulls = 0
        var isMaximumKnown = true
        for page in summaries {
            nulls += page.nulls
            all.nanCount += page.summary.nanCount
            guard let low = page.summary.minimum else { continue }
            if all.minimum.map({ order.isLess(low, $0) }) ?? true {
                all.minimum = low
                all.isMinimumExact = page.summary.isMinimumExact
            }
            guard let high = page.summary.maximum else {
                isMaximumKnown = false
                continue
            }
            if all.maximum.map({ order.isLess($0, high) }) ?? true {
                all.maximum = high
                all.isMaximumExact = page.summary.isMaximumExact
            }
        }
        if !isMaximumKnown { all.maximum = nil }
        return statistics(all, nulls: nulls)
    }

    /// The bounds of each page, or nil if the format cannot express them.
    private func columnIndex() -> ColumnIndex? {
        var index = ColumnIndex()
        var (nullCounts, nanCounts) = ([Int64](), [Int64]())
        for page in summaries {
            let isNull = page.nulls == page.rows
            if !isNull, page.summary.minimum == nil || page.summary.maximum == nil { return nil }
            index.nullPages.append(isNull)
            index.minimums.append(page.summary.minimum ?? [])
            index.maximums.append(page.summary.maximum ?? [])
            nullCounts.append(Int64(page.nulls))
            nanCounts.append(Int64(page.summary.nanCount))
        }
        index.nullCounts = nullCounts
        if order.isFloating { index.nanCounts = nanCounts }
        index.order = boundaryOrder(index)
        return index
    }

    private func boundaryOrder(_ index: ColumnIndex) -> ColumnIndex.Order {
        let pages = index.nullPages.indices.filter { !index.nullPages[$0] }
        var (isAscending, isDescending) = (true, true)
        for (page, next) in zip(pages, pages.dropFirst()) {
            let (low, nextLow) = (index.minimums[page], index.minimums[next])
            let (high, nextHigh) = (index.maximums[page], index.maximums[next])
            if order.isLess(nextLow, low) || order.isLess(nextHigh, high) { isAscending = false }
            if order.isLess(low, nextLow) || order.isLess(high, nextHigh) { isDescending = false }
        }
        return isAscending ? .ascending : isDescending ? .descending : .unordered
    }
}
