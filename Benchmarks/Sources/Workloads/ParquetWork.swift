import Parquet

extension Work {
    /// A Parquet file of 15 doubles and 1 int64 a row, written and read in each layout, in memory.
    public static func parquet(rows: Int) throws -> [Work] {
        let table = ParquetTable(rows: rows)
        return try ParquetLayout.allCases.flatMap { layout in
            let file = try table.file(layout)
            let write = Work("parquet", of: "write \(layout)", unit: "row", units: rows, bytes: file.count) {
                precondition((try? table.file(layout).count) == file.count, "the file cannot be written")
            }
            let read = Work("parquet", of: "read \(layout)", unit: "row", units: rows, bytes: file.count) {
                precondition((try? ParquetTable.rows(in: file)) == rows, "the file cannot be read")
            }
            return [write, read]
        }
    }
}

/// How columns are encoded and compressed.
enum ParquetLayout: CaseIterable {
    case plain, snappy, zstd, dictionary

    var options: ParquetWriterOptions {
        var options = ParquetWriterOptions()
        switch self {
        case .plain:
            options.compression = .uncompressed
            options.encoding = .plain
        case .snappy, .zstd:
            options.compression = self == .snappy ? .snappy : .zstd
            options.encoding = .byteStreamSplit
            options.columns["ts"] = ColumnOptions(encoding: .deltaBinaryPacked)
        case .dictionary:
            options.compression = .snappy
            options.encoding = .dictionary
        }
        return options
    }
}

/// Numbers in the shape of aggregates: few values here, a walk there.
struct ParquetTable {
    private let schema: ParquetSchema
    private let columns: [ColumnVector]

    init(rows: Int) {
        var names = [ParquetColumn("ts", .int64, isOptional: true)]
        var vectors = [ColumnVector((0..<rows).map { Int64($0) * 100_000_000 })]
        for column in 1...15 {
            names.append(ParquetColumn("x\(column)", .double, isOptional: true))
            vectors.append(ColumnVector((0..<rows).map { ParquetTable.number($0, column) }))
        }
        schema = ParquetSchema(names)
        columns = vectors
    }

    private static func number(_ row: Int, _ column: Int) -> Double {
        let mixed: Int = row &* 2_654_435_761 &* column
        let step = Double((mixed >> 7) & 0xffff)
        if column < 6 { return step.truncatingRemainder(dividingBy: 16) * 0.01 }
        return 145 + step * 1e-3 / Double(column)
    }

    func file(_ layout: ParquetLayout) throws -> [UInt8] {
        let writer = try ParquetWriter(schema: schema, options: layout.options)
        try writer.append(columns)
        return try writer.finishInMemory()
    }

    static func rows(in file: [UInt8]) throws -> Int {
        let stream = try ParquetReader(bytes: file).batches(batchRows: 16_384)
        var (batch, count) = (RowBatch(), 0)
        while try stream.next(into: &batch) { count += batch.rowCount }
        return count
    }
}
