import ByteCoding

/// Reads a Parquet file: its footer, and its rows in batches.
///
/// Reads flat columns of any writer; nested and encrypted ones, and the codec LZO, are refused with a text that says
/// so, each for itself. Everything in the file is checked before it is used: a damaged or hostile file gives a
/// ``ParquetError``. Memory is bounded by one page and one batch a column.
public final class ParquetReader {
    /// What the footer says.
    public let metadata: FileMetadata
    /// The leaf columns, a nested one named by its path (`a.b`).
    ///
    /// Names may repeat.
    public let schema: ParquetSchema
    /// A unique name for each column: a second `a` is `a_1`; see ``DistinctNames``.
    ///
    /// Flat columns are named first, so that a nested one never takes the name of a flat one.
    public let distinctNames: [String]

    let file: FileReader
    let options: ParquetReaderOptions
    /// Where the pages end and the footer begins.
    let dataEnd: UInt64
    private let leaves: [FileLayout.Leaf]

    /// Opens a file; `-` is standard input, which is stored first if it is a pipe.
    public convenience init(
        path: String,
        options: ParquetReaderOptions = ParquetReaderOptions()
    ) throws(ParquetError) {
        let file = try ParquetError.rethrowing { () throws(ByteCodingError) in
            path == "-" ? try FileReader(standardInput: 64 << 20) : try FileReader(path: path)
        }
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
        let footer = try ParquetFooter(file, options)
        self.file = file
        self.options = options
        dataEnd = footer.offset
        leaves = try FileLayout(footer.metadata.schema, options).leaves
        schema = ParquetSchema(leaves.map(\.column))
        distinctNames = Self.distinctNames(leaves)
        var metadata = footer.metadata
        metadata.rowCount = try Self.rowCount(metadata, columns: leaves.count, dataEnd)
        self.metadata = metadata
    }

    private static func distinctNames(_ leaves: [FileLayout.Leaf]) -> [String] {
        let order =
            leaves.indices.filter { !leaves[$0].isNested } + leaves.indices.filter { leaves[$0].isNested }
        var names = [String](repeating: "", count: leaves.count)
        for (position, name) in zip(order, DistinctNames.of(order.map { leaves[$0].column.name })) {
            names[position] = name
        }
        return names
    }

    /// The index in ``schema`` of the column with this name; a nested one only if no flat one has it.
    /// - Throws: ``ParquetError/misuse(_:)`` if there is none, or more than one, listing their indexes.
    public func columnIndex(of name: String) throws(ParquetError) -> Int {
        let indexes = indexes(named: name)
        guard let position = indexes.first else {
            throw .misuse("there is no column \(name); the file has \(columnNames)")
        }
        guard indexes.count == 1 else {
            throw .misuse("\(indexes.count) columns are named \(name) (try: name them by their places)")
        }
        return position
    }

    /// The indexes of all columns with this name, nested ones only if no flat one has it; names are equal
    /// if their bytes are.
    public func indexes(named name: String) -> [Int] {
        let alike = leaves.indices.filter { leaves[$0].column.name.utf8.elementsEqual(name.utf8) }
        let flat = alike.filter { !leaves[$0].isNested }
        return flat.isEmpty ? alike : flat
    }

    /// The rows of some columns, in batches.
    ///
    /// `columns` are unambiguous names, nil for all columns; `rowGroups` are indexes, nil for all; a batch
    /// has at most `batchRows` rows and does not span row groups.
    public func batches(
        columns: [String]? = nil,
        rowGroups: [Int]? = nil,
        batchRows: Int = 65_536
    ) throws(ParquetError) -> BatchReader {
        try batches(at: try indexes(columns), rowGroups: rowGroups, batchRows: batchRows)
    }

    /// The rows of the columns at some indexes of ``schema``, in batches; otherwise as
    /// ``batches(columns:rowGroups:batchRows:)``.
    public func batches(
        at indexes: [Int],
        rowGroups: [Int]? = nil,
        batchRows: Int = 65_536
    ) throws(ParquetError) -> BatchReader {
        let groups = rowGroups ?? Array(metadata.rowGroups.indices)
        for group in groups where !metadata.rowGroups.indices.contains(group) {
            throw .misuse("there is no row group \(group); the file has \(metadata.rowGroups.count)")
        }
        for position in indexes {
            guard schema.columns.indices.contains(position) else {
                throw .misuse("there is no column \(position); the file has \(schema.columns.count)")
            }
            if let refusal = refusal(of: position, in: groups) { throw refusal }
        }
        let row = indexes.reduce(Int64(0)) { $0 + Int64(schema.columns[$1].width ?? 0) }
        let limit = Int64(options.maximumFixedBytes)
        guard row <= limit else { throw .limit(.row, found: row, limit: limit, offset: 0) }
        return BatchReader(self, columns: indexes, rowGroups: groups, batchRows: max(1, batchRows))
    }

    private func indexes(_ columns: [String]?) throws(ParquetError) -> [Int] {
        guard let columns else { return Array(schema.columns.indices) }
        var indexes: [Int] = []
        for name in columns { indexes.append(try columnIndex(of: name)) }
        return indexes
    }

    /// Why a column cannot be read in some row groups (nil for all), or nil.
    ///
    /// It may be nested, encrypted or of an unknown type or codec. `column` is its index in ``schema``.
    /// Cost: constant per row group.
    public func refusal(of column: Int, in rowGroups: [Int]? = nil) -> ParquetError? {
        let name = schema.columns[column].name
        if let obstacle = leaves[column].obstacle { return .unsupported(feature: obstacle, column: name) }
        for group in rowGroups ?? Array(metadata.rowGroups.indices) {
            let chunk = metadata.rowGroups[group].columns[column]
            // A group without rows need not have pages.
            if metadata.rowGroups[group].rowCount == 0 { continue }
            if let obstacle = chunk.obstacle { return .unsupported(feature: obstacle, column: name) }
            if chunk.type != schema.columns[column].physicalType {
                let (found, expected) = (chunk.type.name, schema.columns[column].physicalType.name)
                return damaged("column \(name): \(found) pages, the schema says \(expected)")
            }
        }
        return nil
    }

    /// All rows of some columns at once, at most ``ParquetReaderOptions/maximumTableBytes``.
    public func readAll(
        columns: [String]? = nil,
        rowGroups: [Int]? = nil
    ) throws(ParquetError) -> [ColumnVector] {
        try readAll(at: try indexes(columns), rowGroups: rowGroups)
    }

    /// All rows of the columns at some indexes of ``schema``; otherwise as ``readAll(columns:rowGroups:)``.
    public func readAll(at indexes: [Int], rowGroups: [Int]? = nil) throws(ParquetError) -> [ColumnVector] {
        if indexes.isEmpty { return [] }
        let reader = try batches(at: indexes, rowGroups: rowGroups, batchRows: 1 << 20)
        let size = Int(clamping: file.size)
        let limit = options.maximumTableBytes ?? (256 << 20) + min(size, 1 << 48) * 2048
        var all: [ColumnVector] = []
        var held = 0
        while let batch = try reader.next() {
            held += batch.columns.reduce(0) { $0 + $1.heldBytes }
            guard held <= limit else {
                throw .limit(.table, found: Int64(held), limit: Int64(limit), offset: 0)
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
        let names = distinctNames.prefix(20).joined(separator: ", ")
        return schema.columns.count > 20 ? names + ", …" : names
    }
}

extension ParquetReader {
    /// The rows of all row groups; some writers leave 0 in the footer (parquet-rs 0.3.0), others must agree.
    private static func rowCount(
        _ metadata: FileMetadata,
        columns: Int,
        _ dataEnd: UInt64
    ) throws(ParquetError) -> Int64 {
        var rows: Int64 = 0
        for group in metadata.rowGroups {
            guard group.columns.count == columns else {
                throw damaged(
                    "a row group of \(group.columns.count) columns, the schema has \(columns)",
                    dataEnd
                )
            }
            guard group.rowCount >= 0, group.rowCount <= Int64.max - rows else {
                throw damaged("a row group of \(group.rowCount) rows", dataEnd)
            }
            rows += group.rowCount
        }
        // Rows without columns need no row groups.
        if columns == 0, metadata.rowGroups.isEmpty { return max(metadata.rowCount, 0) }
        guard rows == metadata.rowCount || metadata.rowCount == 0 else {
            throw damaged("the row groups have \(rows) rows, the footer says \(metadata.rowCount)", dataEnd)
        }
        return rows
    }

    func damaged(_ what: String) -> ParquetError { Self.damaged(what, dataEnd) }

    private static func damaged(_ what: String, _ dataEnd: UInt64) -> ParquetError {
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
private struct ParquetFooter {
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
            throw .limit(.footer, found: Int64(length), limit: limit, offset: Int64(offset))
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
            let position = Int64(clamping: offset) + Int64(fault?.position ?? 0)
            throw .damaged(what: "the footer: \(fault?.what ?? "")", offset: position, column: nil)
        }
        return metadata
    }

    private static func read(
        _ file: FileReader,
        at offset: UInt64,
        _ count: Int
    ) throws(ParquetError) -> [UInt8] {
        var buffer = GrowableBytes(capacity: count)
        do throws(ByteCodingError) {
            try file.read(at: offset, count: count, appendingTo: &buffer)
        } catch {
            throw ParquetError(error)
        }
        return Array(UnsafeRawBufferPointer(start: buffer.unsafeBase, count: buffer.count))
    }
}
