package import ByteCoding

/// Writes a flat Parquet file from columns.
///
/// Rows are added as one ``ColumnVector`` per column and collected until a row group is full: memory is
/// bounded by ``ParquetWriterOptions/rowGroupBytes`` and the largest addition.
///
/// The file is `<path>.partial` until ``finish(keyValues:replacing:)``. The same rows and options give the
/// same bytes, whatever the pieces in which rows are added and the number of threads.
public final class ParquetWriter {
    /// The columns of the file.
    public let schema: ParquetSchema
    /// How many rows were added.
    public private(set) var rowCount = 0

    let options: ParquetWriterOptions
    private let output: ByteOutput
    private var pending: [PendingColumn]
    private var metadata = FileMetadata()
    private let pool: EncodingPool
    private var indexes: [ChunkIndexes] = []
    private var failure: ParquetError?
    private var isFinished = false

    /// The indexes of one chunk, kept until the end of the file.
    private struct ChunkIndexes {
        var columnIndex: ColumnIndex?
        var offsetIndex: OffsetIndex
    }

    /// Begins a file; `<path>.partial` must not exist.
    /// - Throws: ``ParquetError`` if schema or options are invalid or the file cannot be created.
    public convenience init(
        path: String,
        schema: ParquetSchema,
        options: ParquetWriterOptions = ParquetWriterOptions()
    ) throws(ParquetError) {
        try schema.check()
        try options.check(schema)
        let output = try ParquetError.rethrowing { () throws(ByteCodingError) in try ByteOutput(path: path) }
        try self.init(output: output, schema: schema, options: options)
    }

    /// Begins a file that shares encoding buffers with others; `<path>.partial` must not exist.
    package convenience init(
        path: String,
        schema: ParquetSchema,
        pool: EncodingPool
    ) throws(ParquetError) {
        try schema.check()
        try pool.options.check(schema)
        let output = try ParquetError.rethrowing { () throws(ByteCodingError) in try ByteOutput(path: path) }
        try self.init(output: output, schema: schema, options: pool.options, pool: pool)
    }

    /// Begins a file in memory, returned by ``finishInMemory(keyValues:)``.
    public convenience init(
        schema: ParquetSchema,
        options: ParquetWriterOptions = ParquetWriterOptions()
    ) throws(ParquetError) {
        try self.init(output: ByteOutput(), schema: schema, options: options)
    }

    /// Begins a file in memory that shares encoding buffers with others.
    package convenience init(inMemory schema: ParquetSchema, pool: EncodingPool) throws(ParquetError) {
        try self.init(output: ByteOutput(), schema: schema, options: pool.options, pool: pool)
    }

    package init(
        output: ByteOutput,
        schema: ParquetSchema,
        options: ParquetWriterOptions,
        pool: EncodingPool? = nil
    ) throws(ParquetError) {
        try schema.check()
        try options.check(schema)
        self.schema = schema
        self.options = options
        self.output = output
        self.pool = pool ?? EncodingPool(options)
        pending = schema.columns.map(PendingColumn.init)
        metadata.schema = [SchemaElement(root: "schema", childCount: schema.columns.count)]
        metadata.schema += schema.columns.map { SchemaElement($0) }
        metadata.hasTypeOrder = schema.columns.map { _ in true }
        metadata.createdBy = options.createdBy
        try write("PAR1")
    }

    /// Adds rows: one column vector for each column of the schema, all of the same length.
    /// - Throws: ``ParquetError/misuse(_:)`` if they do not match the schema, with nothing added;
    ///   ``ParquetError/fileSystem(_:code:)`` if a full row group cannot be written, after which the writer
    ///   is unusable.
    public func append(_ columns: [ColumnVector]) throws(ParquetError) {
        try append(columns.map { .each($0) })
    }

    /// Adds rows of which some columns come in runs of equal values; the file does not depend on which.
    ///
    /// - Throws: as ``append(_:)-([ColumnVector])``.
    public func append(_ columns: [ColumnRows]) throws(ParquetError) {
        try checkState()
        let rows = try check(columns)
        for index in columns.indices { pending[index].append(columns[index]) }
        rowCount += rows
        while let count = fullRowGroup() { try writeRowGroup(count) }
    }

    /// The memory of the row group under construction, bytes.
    public var heldBytes: Int { pending.reduce(0) { $0 + $1.heldBytes } }

    /// The bytes of the file so far, without footer and open row group.
    public var writtenBytes: Int { Int(clamping: output.position) }

    /// Ends the row group under construction, if it has rows.
    public func endRowGroup() throws(ParquetError) {
        try checkState()
        while let count = fullRowGroup() { try writeRowGroup(count) }
        if let count = pending.first?.count, count > 0 { try writeRowGroup(count) }
    }

    /// Writes the footer, syncs and renames the file, and returns the footer's content.
    ///
    /// An existing file of that name is an error unless `replacing`.
    @discardableResult
    public func finish(
        keyValues: [KeyValue] = [],
        replacing: Bool = false
    ) throws(ParquetError) -> FileMetadata {
        try writeFooter(keyValues)
        try ParquetError.rethrowing { () throws(ByteCodingError) in try output.finish(replacing: replacing) }
        return metadata
    }

    /// Writes the footer and returns the bytes of a file begun in memory.
    public func finishInMemory(keyValues: [KeyValue] = []) throws(ParquetError) -> [UInt8] {
        try writeFooter(keyValues)
        return output.takeBytes()
    }

    /// Discards the partial file.
    public func discard() {
        isFinished = true
        output.discard()
    }
}

extension ParquetWriter {
    private func checkState() throws(ParquetError) {
        if let failure { throw failure }
        if isFinished { throw .misuse("the file is finished; no more rows can be added") }
    }

    private func check(_ columns: [ColumnRows]) throws(ParquetError) -> Int {
        guard columns.count == schema.columns.count else {
            throw .misuse("\(columns.count) columns handed over, the schema has \(schema.columns.count)")
        }
        let rows = columns.first?.count ?? 0
        for (column, piece) in zip(schema.columns, columns) {
            guard piece.count == rows else {
                throw .misuse("column \(column.name): \(piece.count) rows, the first column has \(rows)")
            }
            switch piece {
            case .each(let vector): try check(vector, column)
            case .runs(let runs):
                try check(runs.values, column)
                guard runs.values.count == runs.ends.count else {
                    throw .misuse(
                        "column \(column.name): \(runs.values.count) values for \(runs.ends.count) runs"
                    )
                }
                var last = 0
                for end in runs.ends {
                    guard end > last else {
                        throw .misuse("column \(column.name): a run that ends at row \(end) after \(last)")
                    }
                    last = end
                }
            }
        }
        return rows
    }

    private func check(_ vector: ColumnVector, _ column: ParquetColumn) throws(ParquetError) {
        guard vector.values.suits(column) else {
            throw .misuse("column \(column.name): the values are not \(column.physicalType.name)")
        }
        guard let validity = vector.validity else { return }
        guard validity.count == vector.count else {
            throw .misuse(
                "column \(column.name): \(validity.count) validity flags for \(vector.count) rows"
            )
        }
        if !column.isOptional, validity.contains(false) {
            throw .misuse("column \(column.name) is required but has a null")
        }
    }

    /// The number of rows of a full row group, or nil; depends on the rows alone, not on how they were
    /// added.
    private func fullRowGroup() -> Int? {
        let available = pending.first?.count ?? 0
        let most = min(available, options.rowGroupRows)
        if most > 0, bytes(most) > options.rowGroupBytes {
            var (fits, tooMany) = (1, most)
            while tooMany - fits > 1 {
                let middle = (fits + tooMany) / 2
                if bytes(middle) > options.rowGroupBytes { tooMany = middle } else { fits = middle }
            }
            return fits
        }
        return available >= options.rowGroupRows ? options.rowGroupRows : nil
    }

    private func bytes(_ rows: Int) -> Int {
        var total = 0
        for column in pending { total += column.bytes(rows) }
        return total
    }
}

extension ParquetWriter {
    private func writeRowGroup(_ rows: Int) throws(ParquetError) {
        do throws(ParquetError) {
            var group = RowGroupMetadata()
            group.rowCount = Int64(rows)
            group.ordinal = Int16(exactly: metadata.rowGroups.count)
            group.sortingColumns = options.sortingColumns
            group.fileOffset = Int64(output.position)
            try encode(rows) { (chunk) throws(ParquetError) in try self.write(chunk, into: &group) }
            group.compressedSize = group.columns.reduce(0) { $0 + $1.compressedSize }
            metadata.rowGroups.append(group)
            metadata.rowCount += group.rowCount
            for index in pending.indices { pending[index].removeFirst(rows) }
            try ParquetError.rethrowing { () throws(ByteCodingError) in try output.release() }
        } catch {
            failure = error
            throw error
        }
    }

    /// Passes the encoded chunks to `body` in column order.
    private func encode(
        _ rows: Int,
        _ body: @escaping (EncodedChunk) throws(ParquetError) -> Void
    ) throws(ParquetError) {
        let workers = min(options.threads, schema.columns.count)
        while pool.encoders.count < workers { pool.encoders.append(ColumnEncoder(options)) }
        if workers == 1 {
            if pool.chunks.isEmpty { pool.chunks.append(EncodedChunk()) }
            let chunk = pool.chunks[0]
            for index in schema.columns.indices {
                let column = pending[index]
                chunk.sink = output
                try pool.encoders[0].encode(
                    schema.columns[index],
                    column.rows,
                    column.range(rows),
                    into: chunk
                )
                try body(chunk)
            }
            return
        }
        pool.chunks = try ParallelEncoding(
            schema: schema,
            encoders: Array(pool.encoders.prefix(workers)),
            pending: pending,
            chunks: pool.chunks
        ).run(rows, body)
    }

    private func write(_ chunk: EncodedChunk, into group: inout RowGroupMetadata) throws(ParquetError) {
        let start = Int64(output.position) - Int64(chunk.handedOn)
        chunk.metadata.dataPageOffset += start
        if let dictionary = chunk.metadata.dictionaryPageOffset {
            chunk.metadata.dictionaryPageOffset = dictionary + start
        }
        for page in chunk.offsetIndex.pages.indices { chunk.offsetIndex.pages[page].offset += start }
        chunk.sink = output
        try chunk.handOnAll()
        chunk.sink = nil
        group.columns.append(chunk.metadata)
        group.byteSize += chunk.metadata.uncompressedSize
        indexes.append(ChunkIndexes(columnIndex: chunk.columnIndex, offsetIndex: chunk.offsetIndex))
    }

    private func write(_ text: String) throws(ParquetError) {
        try ParquetError.rethrowing { () throws(ByteCodingError) in try output.write(text) }
    }

    private func write(_ bytes: [UInt8]) throws(ParquetError) {
        do throws(ByteCodingError) {
            try output.write(bytes.span.bytes)
        } catch {
            throw ParquetError(error)
        }
    }

    private func writeFooter(_ keyValues: [KeyValue]) throws(ParquetError) {
        try endRowGroup()
        isFinished = true
        metadata.keyValues = keyValues
        if options.writesPageIndex { try writePageIndex() }
        let footer = metadata.encoded()
        guard let length = UInt32(exactly: footer.count) else {
            throw .misuse("the footer takes \(footer.count) bytes; the format allows 4294967295")
        }
        try write(footer)
        try write(length.littleEndianBytes)
        try write("PAR1")
    }

    /// All column indexes, then all offset indexes, as readers expect to find them together.
    private func writePageIndex() throws(ParquetError) {
        let columns = schema.columns.count
        for (number, index) in indexes.enumerated() {
            guard let columnIndex = index.columnIndex else { continue }
            let part = try append(columnIndex.write)
            metadata.rowGroups[number / columns].columns[number % columns].columnIndex = part
        }
        for (number, index) in indexes.enumerated() {
            let part = try append(index.offsetIndex.write)
            metadata.rowGroups[number / columns].columns[number % columns].offsetIndex = part
        }
    }

    private func append(_ body: (inout ThriftWriter) -> Void) throws(ParquetError) -> FilePart {
        var writer = ThriftWriter()
        writer.element(structure: body)
        let part = FilePart(offset: Int64(output.position), length: Int32(clamping: writer.bytes.count))
        try write(writer.bytes)
        return part
    }
}
