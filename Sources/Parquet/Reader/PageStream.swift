import ByteCoding

/// Reads, checks and decompresses the data pages of one column chunk in order.
///
/// Holds one page and the dictionary at a time.
final class PageStream {
    let column: ParquetColumn
    /// The values of the current data page.
    private(set) var values = PageBytes(start: emptyBytes, count: 0)
    /// How the current page's values are laid out.
    private(set) var encoding = Encoding.plain
    /// Counts data pages, so that decoders notice a new one.
    private(set) var pageNumber = 0
    /// How many values the dictionary has; nil without one.
    private(set) var dictionaryCount: Int?
    /// Rows of the current page not returned yet.
    private(set) var rowsInPage = 0
    /// Rows of the chunk not returned yet.
    private(set) var rowsLeft: Int

    private let file: FileReader
    private let chunk: ColumnChunkMetadata
    private let options: ParquetReaderOptions
    private let budget: PageBudget
    private let end: UInt64
    private var window = GrowableBytes()
    private var windowEnd: UInt64
    private var windowStart = 0
    private var expanded = GrowableBytes()
    /// The largest page so far, as expanded.
    private var expandedBytes = 0
    private var dictionary = GrowableBytes()
    private var zstd: ZstdDecompressor?
    private var levels: Levels = .none
    private var pageOffset: Int64 = 0
    private var flags = GrowableBytes()

    private enum Levels {
        case none
        case all
        case runs(RunLengthDecoder)
        case bits(PageBytes, Int)
    }

    private nonisolated(unsafe) static let emptyBytes = UnsafeRawPointer(
        UnsafeMutableRawPointer.allocate(byteCount: PageBytes.slack, alignment: 16)
    )

    init(
        _ file: FileReader,
        _ column: ParquetColumn,
        _ chunk: ColumnChunkMetadata,
        rows: Int,
        dataEnd: UInt64,
        _ options: ParquetReaderOptions,
        _ budget: PageBudget
    ) throws(ParquetError) {
        self.file = file
        self.budget = budget
        self.column = column
        self.chunk = chunk
        self.options = options
        rowsLeft = rows
        var start = chunk.dataPageOffset
        if let first = chunk.dictionaryPageOffset, first > 0, first < start { start = first }
        guard start >= 4, chunk.compressedSize >= 0, UInt64(start) <= dataEnd else {
            throw .damaged(what: "its pages start outside the file", offset: start, column: column.name)
        }
        let (stated, overflow) = UInt64(start).addingReportingOverflow(UInt64(chunk.compressedSize))
        guard !overflow, stated <= dataEnd else {
            throw .damaged(
                what: "its \(chunk.compressedSize) bytes reach beyond the data of the file",
                offset: start,
                column: column.name
            )
        }
        // Old parquet-mr did not count the dictionary page's header; pages are read only while rows are
        // missing.
        end = min(stated + 128, dataEnd)
        windowEnd = UInt64(start)
        pageOffset = start
    }

    func fault(_ what: String) -> ParquetError {
        .damaged(what: what, offset: pageOffset, column: column.name)
    }

    func fault(_ fault: DecodingFault) -> ParquetError { self.fault(fault.what) }

    /// The dictionary's PLAIN values.
    var dictionaryBytes: PageBytes { PageBytes(start: dictionary.unsafeBase, count: dictionary.count) }

    /// Makes a page with rows current.
    ///
    /// Precondition: the chunk has rows left.
    func advance() throws(ParquetError) {
        while rowsInPage == 0 { try nextPage() }
    }
}

extension PageStream {
    /// Some rows of the current page.
    struct Segment {
        var rows: Int
        /// How many of them have values.
        var present: Int
    }

    /// Consumes up to `limit` rows of the current page and writes a byte for each into `validity`: 1 for a
    /// value, 0 for null.
    func next(_ limit: Int, validity: UnsafeMutablePointer<UInt8>) throws(ParquetError) -> Segment {
        let rows = min(limit, rowsInPage)
        let present = try readLevels(rows, validity)
        rowsInPage -= rows
        rowsLeft -= rows
        return Segment(rows: rows, present: present)
    }

    private func readLevels(_ rows: Int, _ validity: UnsafeMutablePointer<UInt8>) throws(ParquetError) -> Int
    {
        do throws(DecodingFault) {
            switch levels {
            case .none, .all:
                validity.update(repeating: 1, count: rows)
                return rows
            case .runs(var decoder):
                defer { levels = .runs(decoder) }
                if let value = try decoder.readUniform(rows) {
                    validity.update(repeating: value & 1 == 1 ? 1 : 0, count: rows)
                    return value & 1 == 1 ? rows : 0
                }
                try decoder.read(into: validity, count: rows)
            case .bits(let bytes, let first):
                // The old packing has the first level in the highest bit.
                for row in 0..<rows {
                    let bit = first + row
                    validity[row] = bytes.load(bit >> 3, as: UInt8.self) >> UInt8(7 - bit & 7) & 1
                }
                levels = .bits(bytes, first + rows)
            }
        } catch {
            throw fault(error)
        }
        var present = 0
        for row in 0..<rows { present += Int(validity[row]) }
        return present
    }
}

extension PageStream {
    private func nextPage() throws(ParquetError) {
        let header = try readHeader()
        let size = Int(header.compressedSize)
        if chunk.compression == .uncompressed { try count(size) }
        guard try fill(size) >= size else {
            throw fault("a page of \(size) bytes reaches beyond its column chunk")
        }
        let stored = PageBytes(start: window.unsafeBase + windowStart, count: size)
        if options.verifiesChecksums, let expected = header.checksum {
            let found = CRC32.checksum(RawSpan(_unsafeStart: stored.start, byteCount: size))
            guard found == expected else {
                throw .checksum(column: column.name, offset: pageOffset, found: found, expected: expected)
            }
        }
        windowStart += size
        switch header.kind {
        case .index: break
        case .dictionary: try beginDictionary(header, stored)
        case .data, .dataV2: try beginData(header, stored)
        }
    }

    private func readHeader() throws(ParquetError) -> PageHeader {
        pageOffset = Int64(windowEnd) - Int64(window.count - windowStart)
        var wanted = 256
        while true {
            let available = try fill(wanted)
            guard available > 0 else { throw fault("the column chunk ends with \(rowsLeft) rows missing") }
            var reader = ThriftReader(
                UnsafeRawBufferPointer(start: window.unsafeBase + windowStart, count: available)
            )
            let header: PageHeader
            do throws(ThriftReader.Fault) {
                header = try PageHeader(from: &reader)
            } catch {
                // A header can contain long statistics.
                guard error.isTruncation, available >= wanted else {
                    throw fault("page header: \(error.what)")
                }
                try check(wanted, .pageHeader)
                wanted *= 4
                continue
            }
            windowStart += reader.position
            return try checked(header)
        }
    }

    private func checked(_ header: PageHeader) throws(ParquetError) -> PageHeader {
        guard header.compressedSize >= 0, header.uncompressedSize >= 0, header.valueCount >= 0 else {
            throw fault("page header: a size that is negative or absent")
        }
        try check(Int(max(header.compressedSize, header.uncompressedSize)), .page)
        return header
    }

    private func check(_ bytes: Int, _ limit: ReaderLimit) throws(ParquetError) {
        guard bytes <= options.maximumPageBytes else {
            let most = Int64(options.maximumPageBytes)
            throw .limit(limit, found: Int64(bytes), limit: most, offset: pageOffset)
        }
    }

    /// Buffers `count` bytes of the chunk, or all that are left; returns how many.
    private func fill(_ count: Int) throws(ParquetError) -> Int {
        let available = window.count - windowStart
        if available >= count || windowEnd >= end { return available }
        window.removeFirst(windowStart)
        windowStart = 0
        let more = Int(min(UInt64(max(count - available, 128 << 10)), end - windowEnd))
        do throws(ByteCodingError) {
            try file.read(at: windowEnd, count: more, appendingTo: &window)
        } catch {
            throw ParquetError(error)
        }
        windowEnd += UInt64(more)
        window.reserve(PageBytes.slack)
        return window.count
    }
}

extension PageStream {
    private func beginDictionary(_ header: PageHeader, _ stored: PageBytes) throws(ParquetError) {
        guard dictionaryCount == nil, pageNumber == 0 else { throw fault("a second dictionary") }
        guard
            header.encoding == Encoding.plain.rawValue || header.encoding == Encoding.plainDictionary.rawValue
        else {
            throw fault("a dictionary of encoding \(header.encoding), expected PLAIN")
        }
        let bytes = try expand(stored, isCompressed: true, size: Int(header.uncompressedSize), prefix: 0)
        try budget.reserve(bytes.count, pageOffset)
        dictionary.removeAll()
        dictionary.append(RawSpan(_unsafeStart: bytes.start, byteCount: bytes.count))
        dictionary.reserve(PageBytes.slack)
        dictionaryCount = Int(header.valueCount)
    }

    private func beginData(_ header: PageHeader, _ stored: PageBytes) throws(ParquetError) {
        guard let encoding = Encoding(rawValue: header.encoding) else {
            throw .unsupported(feature: "encoding \(header.encoding)", column: column.name)
        }
        let rows = Int(header.valueCount)
        guard rows <= rowsLeft else { throw fault("a page of \(rows) rows, \(rowsLeft) are missing") }
        self.encoding = encoding
        pageNumber += 1
        rowsInPage = rows
        let size = Int(header.uncompressedSize)
        if header.kind == .data {
            let page = try expand(stored, isCompressed: true, size: size, prefix: 0)
            try beginLevels(header, page)
            return
        }
        let (definition, repetition) = (Int(header.definitionLevelsSize), Int(header.repetitionLevelsSize))
        guard definition >= 0, repetition >= 0, definition <= stored.count - min(repetition, stored.count),
            repetition + definition <= min(stored.count, size)
        else { throw fault("levels of \(repetition) and \(definition) bytes in a page of \(stored.count)") }
        let prefix = repetition + definition
        let page = try expand(stored, isCompressed: header.isCompressed, size: size, prefix: prefix)
        levels = .none
        if column.isOptional { setRuns(page.dropping(repetition).prefix(definition), rows) }
        values = page.dropping(prefix)
    }

    private func beginLevels(_ header: PageHeader, _ page: PageBytes) throws(ParquetError) {
        levels = .none
        values = page
        guard column.isOptional else { return }
        let rows = Int(header.valueCount)
        if header.definitionLevelEncoding == Encoding.bitPacked.rawValue {
            let size = (rows + 7) / 8
            guard size <= page.count else { throw fault("the page ends within its levels") }
            levels = .bits(page.prefix(size), 0)
            values = page.dropping(size)
            return
        }
        guard header.definitionLevelEncoding == Encoding.rle.rawValue else {
            throw fault("levels of encoding \(header.definitionLevelEncoding)")
        }
        guard page.count >= 4 else { throw fault("the page ends within its levels") }
        let size = Int(UInt32(littleEndian: page.load(0, as: UInt32.self)))
        guard size <= page.count - 4 else {
            throw fault("levels of \(size) bytes in a page of \(page.count)")
        }
        setRuns(page.dropping(4).prefix(size), rows)
        values = page.dropping(4 + size)
    }

    private func setRuns(_ bytes: PageBytes, _ rows: Int) {
        levels = .runs(RunLengthDecoder(bytes, width: 1))
    }

    /// Counts the memory of a page, which serves the next one too.
    private func count(_ size: Int) throws(ParquetError) {
        guard size > expandedBytes else { return }
        try budget.reserve(size - expandedBytes, pageOffset)
        expandedBytes = size
    }

    /// The page's bytes before compression; the first `prefix` are stored as they are.
    private func expand(
        _ stored: PageBytes,
        isCompressed: Bool,
        size: Int,
        prefix: Int
    ) throws(ParquetError) -> PageBytes {
        if chunk.compression == .uncompressed || !isCompressed {
            guard stored.count == size else { throw fault("\(stored.count) bytes stored, \(size) expected") }
            return stored
        }
        let packed = stored.count - prefix
        guard size - prefix <= chunk.compression.largestExpansion(packed) else {
            throw fault("\(packed) bytes cannot hold \(size) compressed by \(chunk.compression.name)")
        }
        try count(size)
        expanded.removeAll()
        expanded.reserve(size + PageBytes.slack)
        expanded.append(RawSpan(_unsafeStart: stored.start, byteCount: prefix))
        if packed > 0 {
            try expand(RawSpan(_unsafeStart: stored.start + prefix, byteCount: packed), size - prefix)
        }
        guard expanded.count == size else {
            throw fault("\(expanded.count) bytes expanded, \(size) expected")
        }
        return PageBytes(start: expanded.unsafeBase, count: size)
    }

    private func expand(_ packed: RawSpan, _ size: Int) throws(ParquetError) {
        do throws(ByteCodingError) {
            switch chunk.compression {
            case .snappy: try Snappy.decompress(packed, appendingTo: &expanded, maximumSize: size)
            case .gzip: try Gzip.decompress(packed, appendingTo: &expanded, maximumSize: size)
            case .lz4Raw: try LZ4Block.decompress(packed, appendingTo: &expanded, maximumSize: size)
            case .zstd:
                if zstd == nil { zstd = try ZstdDecompressor() }
                try zstd?.decompress(packed, appendingTo: &expanded, maximumSize: size)
            case .brotli: try Brotli.decompress(packed, appendingTo: &expanded, maximumSize: size)
            case .lz4Hadoop: try LZ4Hadoop.decompress(packed, appendingTo: &expanded, size: size)
            case .uncompressed, .lzo: expanded.append(packed)
            }
        } catch {
            throw fault(error.description)
        }
    }
}

extension Compression {
    /// The most bytes that `packed` bytes can decompress to; a page that claims more is refused.
    func largestExpansion(_ packed: Int) -> Int {
        switch self {
        case .snappy: packed * 24 + 64
        case .lz4Raw, .lz4Hadoop: packed * 256 + 64
        // One command of some ten bytes copies up to 16 MiB.
        case .brotli: (packed << 21) + (1 << 24)
        case .gzip: packed * 1040 + 1024
        case .zstd: packed * 44_000 + (1 << 17)
        case .uncompressed, .lzo: packed
        }
    }

    /// Whether pages can be expanded here.
    var isReadable: Bool {
        switch self {
        case .uncompressed, .snappy, .gzip, .brotli, .zstd, .lz4Raw, .lz4Hadoop: true
        case .lzo: false
        }
    }
}
