import ByteCoding

/// Opens a Parquet file: what its footer says, and its rows in batches.
///
/// Reads flat columns of any writer; nested and encrypted ones, and the codecs BROTLI, LZO and LZ4 in Hadoop's
/// frames are refused with a text that says so. Everything in the file is checked before it is used: a damaged or
/// hostile file gives a ``ParquetError``. Memory is bounded by one page and one batch a column.
public final class ParquetReader {
    /// What the footer says.
    public let metadata: FileMetadata
    /// The leaf columns; a nested one is named by its path (`a.b`).
    public let schema: ParquetSchema

    let file: FileReader
    let options: ParquetReaderOptions
    /// Where the pages end and the footer begins.
    let dataEnd: UInt64
    private let obstacles: [String?]

    /// Opens a file.
    public convenience init(
        path: String,
        options: ParquetReaderOptions = ParquetReaderOptions()
    ) throws(ParquetError) {
        let file = try ParquetError.rethrowing { () throws(ByteCodingError) in try FileReader(path: path) }
        try self.init(file, options)
    }

    /// Opens a file in memory.
    public convenience init(
        bytes: [UInt8],
        options: ParquetReaderOptions = ParquetReaderOptions()
    ) throws(ParquetError) {
        try self.init(FileReader(bytes: bytes), options)
    }

    private init(_ file: FileReader, _ options: ParquetReaderOptions) throws(ParquetError) {
        let footer = try Footer(file, options)
        self.file = file
        self.options = options
        metadata = footer.metadata
        dataEnd = footer.offset
        let layout = try FileLayout(footer.metadata.schema)
        schema = ParquetSchema(layout.leaves.map(\.column))
        obstacles = layout.leaves.map(\.obstacle)
        try checkRowGroups()
    }

    /// The rows of some columns, in batches.
    ///
    /// `columns` are names, nil for all; `rowGroups` are places in the file, nil for all; a batch has at most
    /// `batchRows` rows and does not span row groups.
    public func batches(
        columns: [String]? = nil,
        rowGroups: [Int]? = nil,
        batchRows: Int = 65_536
    ) throws(ParquetError) -> BatchReader {
        var places: [Int] = []
        for name in columns ?? schema.columns.map(\.name) {
            guard let place = schema.index(of: name) else {
                throw .misuse("there is no column \(name); the file has \(columnNames)")
            }
            places.append(place)
        }
        if columns == nil { places = Array(schema.columns.indices) }
        for place in places {
            if let refusal = refusal(of: place) { throw refusal }
        }
        let groups = rowGroups ?? Array(metadata.rowGroups.indices)
        for group in groups where !metadata.rowGroups.indices.contains(group) {
            throw .misuse("there is no row group \(group); the file has \(metadata.rowGroups.count)")
        }
        return BatchReader(self, columns: places, rowGroups: groups, batchRows: max(1, batchRows))
    }

    /// Why a column (by its place in ``schema``) cannot be read, such as that it is nested; nil if it can.
    public func refusal(of column: Int) -> ParquetError? {
        obstacles[column].map { .unsupported(feature: $0, column: schema.columns[column].name) }
    }

    /// All rows of some columns at once, at most ``ParquetReaderOptions/maximumTableBytes``.
    public func readAll(
        columns: [String]? = nil,
        rowGroups: [Int]? = nil
    ) throws(ParquetError) -> [ColumnVector] {
        let reader = try batches(columns: columns, rowGroups: rowGroups, batchRows: 1 << 20)
        let size = Int(clamping: file.size)
        let limit = options.maximumTableBytes ?? (256 << 20) + min(size, 1 << 48) * 2048
        var all: [ColumnVector] = []
        var held = 0
        while let batch = try reader.next() {
            held += batch.columns.reduce(0) { $0 + $1.heldBytes }
            guard held <= limit else {
                let what = "the memory of all rows"
                throw .limit(what: what, found: Int64(held), limit: Int64(limit), offset: 0)
            }
            if all.isEmpty {
                all = batch.columns
            } else {
                for index in all.indices { _ = all[index].append(contentsOf: batch.columns[index]) }
            }
        }
        return all.isEmpty ? reader.columns.map { ColumnVector(ColumnValues(for: $0)) } : all
    }

    private var columnNames: String {
        let names = schema.columns.prefix(20).map(\.name).joined(separator: ", ")
        return schema.columns.count > 20 ? names + ", …" : names
    }
}

extension ParquetReader {
    private func checkRowGroups() throws(ParquetError) {
        var rows: Int64 = 0
        for group in metadata.rowGroups {
            guard group.columns.count == schema.columns.count else {
                throw damaged(
                    "a row group of \(group.columns.count) columns, the schema has \(schema.columns.count)"
                )
            }
            guard group.rowCount >= 0, group.rowCount <= Int64.max - rows else {
                throw damaged("a row group of \(group.rowCount) rows")
            }
            rows += group.rowCount
            for (chunk, column) in zip(group.columns, schema.columns)
            where chunk.hasMetadata && chunk.type != column.physicalType {
                throw damaged(
                    "column \(column.name): \(chunk.type.name) pages, the schema says \(column.physicalType.name)"
                )
            }
        }
        guard rows == metadata.rowCount else {
            throw damaged("the row groups have \(rows) rows, the footer says \(metadata.rowCount)")
        }
    }

    func damaged(_ what: String) -> ParquetError {
        .damaged(what: what, offset: Int64(clamping: dataEnd), column: nil)
    }

    /// The pages of a column in a row group.
    func stream(
        _ column: Int,
        rowGroup: Int,
        _ budget: PageBudget
    ) throws(ParquetError) -> PageStream {
        let (group, name) = (metadata.rowGroups[rowGroup], schema.columns[column].name)
        let chunk = group.columns[column]
        if chunk.isEncrypted { throw .unsupported(feature: "encryption", column: name) }
        guard chunk.hasMetadata else { throw damaged("column \(name): a chunk without metadata") }
        if let path = chunk.filePath {
            throw .unsupported(feature: "pages in another file (\(path))", column: name)
        }
        guard chunk.compression.isReadable else {
            let codec = chunk.compression == .lz4Hadoop ? "LZ4 in Hadoop's frames" : chunk.compression.name
            throw .unsupported(feature: "the codec \(codec)", column: name)
        }
        guard chunk.valueCount == group.rowCount, let rows = Int(exactly: group.rowCount) else {
            throw damaged("column \(name): \(chunk.valueCount) values for \(group.rowCount) rows")
        }
        return try PageStream(
            file,
            schema.columns[column],
            chunk,
            rows: rows,
            dataEnd: dataEnd,
            options,
            budget
        )
    }

    func decoder(_ column: ParquetColumn) -> any ValueDecoder {
        switch column.physicalType {
        case .boolean: BooleanDecoder()
        case .int32: NumberDecoder<Int32>()
        case .int64: NumberDecoder<Int64>()
        case .float: NumberDecoder<Float>()
        case .double: NumberDecoder<Double>()
        case .byteArray: BytesDecoder(limit: options.maximumBatchBytes)
        case .int96: FixedDecoder(width: 12, limit: options.maximumBatchBytes)
        case .fixedLengthByteArray: FixedDecoder(width: column.typeLength, limit: options.maximumBatchBytes)
        }
    }
}

/// The end of a file: metadata, its length, and the magic.
private struct Footer {
    let metadata: FileMetadata
    /// Where it starts.
    let offset: UInt64

    init(_ file: FileReader, _ options: ParquetReaderOptions) throws(ParquetError) {
        guard file.size >= 12 else { throw .notParquet(found: "\(file.size) bytes") }
        let head = try Self.read(file, at: 0, 4)
        let tail = try Self.read(file, at: file.size - 8, 8)
        let magic = Array(tail[4...])
        if magic == Array("PARE".utf8) { throw .unsupported(feature: "an encrypted footer", column: nil) }
        guard head == Array("PAR1".utf8), magic == Array("PAR1".utf8) else {
            throw .notParquet(found: "\(head) at the start and \(magic) at the end")
        }
        let length = UInt64(UInt32(littleEndianBytes: Array(tail[..<4])) ?? 0)
        guard length <= file.size - 12 else {
            throw .damaged(
                what: "a footer of \(length) bytes in a file of \(file.size)",
                offset: Int64(clamping: file.size - 8),
                column: nil
            )
        }
        offset = file.size - 8 - length
        guard length <= UInt64(max(options.maximumFooterBytes, 0)) else {
            let limit = Int64(options.maximumFooterBytes)
            throw .limit(
                what: "the footer's length",
                found: Int64(length),
                limit: limit,
                offset: Int64(offset)
            )
        }
        metadata = try Self.parse(try Self.read(file, at: offset, Int(length)), at: offset)
    }

    private static func parse(_ bytes: [UInt8], at offset: UInt64) throws(ParquetError) -> FileMetadata {
        var fault: ThriftReader.Fault?
        let metadata = bytes.withUnsafeBytes { all -> FileMetadata? in
            var reader = ThriftReader(all)
            do throws(ThriftReader.Fault) {
                return try FileMetadata(from: &reader)
            } catch {
                fault = error
                return nil
            }
        }
        guard let metadata else {
            let place = Int64(clamping: offset) + Int64(fault?.position ?? 0)
            throw .damaged(what: "the footer: \(fault?.what ?? "")", offset: place, column: nil)
        }
        return metadata
    }

    private static func read(
        _ file: FileReader,
        at offset: UInt64,
        _ count: Int
    ) throws(ParquetError) -> [UInt8] {
        var buffer = ByteBuffer(capacity: count)
        do throws(ByteCodingError) {
            try file.read(at: offset, count: count, appendingTo: &buffer)
        } catch {
            throw ParquetError(error)
        }
        return Array(UnsafeRawBufferPointer(start: buffer.unsafeBase, count: buffer.count))
    }
}
