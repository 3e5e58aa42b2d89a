import MarketModel
import Parquet

/// Reads the records of a market file in batches, in file order; both layouts of books and of folders.
///
/// Columns and values are checked: missing columns, wrong types, unknown sides or states, and invalid nulls
/// or numbers are ``MarketFileError``s with file, row and column. Memory: one batch.
public final class MarketFileReader<Record: MarketRecord> {
    /// The file.
    public let path: String
    /// The rows of the file: of long books more than there are records.
    public let rowCount: Int64
    private let batches: BatchReader
    private let identity: IdentityReader
    private let readable: any ReadableRecord.Type
    private var row = 0
    /// The last record of a batch, which may continue in the next.
    private var held: Record?

    /// Opens a file and checks its columns.
    public init(path: String, batchRows: Int = 16_384) throws(MarketFileError) {
        self.path = path
        guard let readable = Record.self as? any ReadableRecord.Type else {
            throw .columns(path: path, reason: "no reader for records of this kind")
        }
        self.readable = readable
        identity = try IdentityReader(path: path)
        do {
            let reader = try ParquetReader(path: path)
            rowCount = reader.metadata.rowCount
            var rules = readable.rules(reader.schema)
            if !identity.isComplete || !reader.indexes(named: "exchange").isEmpty {
                rules += ["exchange", "market", "symbol"].map { ColumnRule(name: $0, type: .byteArray) }
            }
            let indexes = try MarketFileReader.indexes(reader, rules, path)
            batches = try reader.batches(at: indexes, batchRows: batchRows)
        } catch let error as ParquetError {
            throw .parquet(error, path: path)
        } catch let error as MarketFileError {
            throw error
        } catch {
            throw .columns(path: path, reason: "\(error)")
        }
    }

    /// The next records; nil at the end.
    public func next() throws(MarketFileError) -> [Record]? {
        while true {
            let batch: RowBatch?
            do { batch = try batches.next() } catch { throw .parquet(error, path: path) }
            guard let batch else {
                defer { held = nil }
                return held.map { [$0] }
            }
            let records = try records(of: batch, readable)
            row += batch.rowCount
            if !records.isEmpty { return records }
        }
    }

    private func records<Readable: ReadableRecord>(
        of batch: RowBatch,
        _: Readable.Type
    ) throws(MarketFileError) -> [Record] {
        var records = held.map { [$0] } as? [Readable] ?? []
        try Readable.append(
            RowTable(batch, batches.columns, path: path, firstRow: row),
            identity,
            to: &records
        )
        held = records.popLast() as? Record
        return records as? [Record] ?? []
    }

    /// The indexes of the columns that the rules need, one for each name.
    private static func indexes(
        _ reader: ParquetReader,
        _ rules: [ColumnRule],
        _ path: String
    ) throws(MarketFileError) -> [Int] {
        var indexes: [Int] = []
        for rule in rules {
            let found = reader.indexes(named: rule.name)
            if found.isEmpty, rule.mayBeAbsent { continue }
            guard let index = found.first, found.count == 1 else {
                let names = reader.distinctNames.prefix(12).joined(separator: ", ")
                let need = found.isEmpty ? "need a column" : "need one column, not \(found.count), named"
                let reason = "\(Record.dataType.folder) \(need) \(rule.name); found \(names)"
                throw .columns(path: path, reason: reason)
            }
            let column = reader.schema.columns[index]
            guard rule.allows(column) else {
                let found = ([column.physicalType.name] + (column.logicalType.map { [$0.name] } ?? []))
                    .joined(separator: " ")
                let reason = "column \(rule.name): found \(found), expected \(rule.type.name)"
                throw .columns(path: path, reason: reason)
            }
            indexes.append(index)
        }
        return indexes
    }
}
