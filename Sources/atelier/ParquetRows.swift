import ArgumentParser
import ByteCoding
import MarketModel
import Parquet
import Recording

/// The rows of a Parquet file, one per line.
enum ParquetRows {
    /// Prints all rows: JSON objects, or tab-separated values under a line of names.
    ///
    /// Unreadable columns are skipped and reported, and the command fails at the end. Columns of one name
    /// are printed under distinct names (``ParquetReader/distinctNames``).
    static func run(
        _ path: String,
        columns: [String]?,
        json: Bool,
        options: ParquetReaderOptions = ParquetReaderOptions()
    ) throws {
        try ParquetInfo.reporting(path) {
            let reader = try ParquetReader(path: path, options: options)
            let wanted =
                try columns.map { try indexes(of: $0, in: reader) } ?? Array(reader.schema.columns.indices)
            let refusals = wanted.isEmpty ? [] : try writeReadable(wanted, of: reader, json: json)
            if wanted.isEmpty { try writeEmptyRows(reader.metadata.rowCount, json: json) }
            for refusal in refusals {
                Console.report("\(path): \(PrintableText.escaped(ParquetInfo.text(refusal)))")
            }
            if let worst = refusals.map(ParquetInfo.exitCode).min(by: { $0.rawValue < $1.rawValue }) {
                throw worst
            }
        }
    }

    /// Prints the readable columns; returns the errors of the others.
    private static func writeReadable(
        _ wanted: [Int],
        of reader: ParquetReader,
        json: Bool
    ) throws -> [ParquetError] {
        var refusals = wanted.compactMap { reader.refusal(of: $0) }
        var readable = wanted.filter { reader.refusal(of: $0) == nil }
        var batch = RowBatch()
        while !readable.isEmpty {
            let batches = try reader.batches(at: readable, batchRows: 4096)
            let hasRows: Bool
            do throws(ParquetError) {
                hasRows = try batches.next(into: &batch)
            } catch {
                // Some errors appear only when a page is read: skips the columns that fail on their own.
                let faults = readable.map { firstFault(of: $0, in: reader) }
                if faults.allSatisfy({ $0 == nil }) { throw error }
                refusals += faults.compactMap { $0 }
                readable = zip(readable, faults).filter { $0.1 == nil }.map(\.0)
                continue
            }
            let names = readable.map { reader.distinctNames[$0] }
            try write(hasRows, batches, &batch, names, json: json)
            break
        }
        return refusals
    }

    /// The error if not even a column's first row can be read, or nil.
    private static func firstFault(of column: Int, in reader: ParquetReader) -> ParquetError? {
        do throws(ParquetError) {
            _ = try reader.batches(at: [column], batchRows: 1).next()
            return nil
        } catch {
            return error
        }
    }

    /// The indexes of the columns with the given names, each once: all of that name, or else the one
    /// printed under it.
    private static func indexes(of names: [String], in reader: ParquetReader) throws -> [Int] {
        var indexes: [Int] = []
        for name in names {
            var found = reader.indexes(named: name)
            if found.isEmpty {
                found = reader.distinctNames.indices.filter { reader.distinctNames[$0] == name }
            }
            // Throws an error with the existing names.
            if found.isEmpty { found = [try reader.columnIndex(of: name)] }
            for index in found where !indexes.contains(index) { indexes.append(index) }
        }
        return indexes
    }

    /// Rows of a file without columns.
    private static func writeEmptyRows(_ rows: Int64, json: Bool) throws {
        let output = ByteOutput(descriptor: 1, name: "standard output")
        var row: Int64 = json ? 0 : -1
        while row < rows {
            try output.write(json ? "{}\n" : "\n")
            row += 1
        }
        try output.flush()
    }

    /// Prints an already read batch, if any, and all that follow.
    private static func write(
        _ hasRows: Bool,
        _ batches: BatchReader,
        _ batch: inout RowBatch,
        _ plainNames: [String],
        json: Bool
    ) throws {
        let output = ByteOutput(descriptor: 1, name: "standard output")
        let names = plainNames.map { json ? JSONOutput.string($0).text : PrintableText.escaped($0) }
        if !json { try output.write(names.joined(separator: "\t") + "\n") }
        var line = GrowableBytes()
        var hasRows = hasRows
        while hasRows {
            for row in 0..<batch.rowCount {
                line.removeAll()
                if json {
                    appendObject(batches.columns, names, batch, row, to: &line)
                } else {
                    appendLine(batches.columns, batch, row, to: &line)
                }
                try output.write(line.bytes)
            }
            hasRows = try batches.next(into: &batch)
        }
        try output.flush()
    }

    private static func appendObject(
        _ columns: [ParquetColumn],
        _ names: [String],
        _ batch: RowBatch,
        _ row: Int,
        to line: inout GrowableBytes
    ) {
        for index in columns.indices {
            line.append(utf8: index == 0 ? "{" : ",")
            line.append(utf8: names[index])
            line.append(utf8: ":")
            ParquetCell(columns[index], batch.columns[index], row).appendJSON(to: &line)
        }
        line.append(utf8: "}\n")
    }

    private static func appendLine(
        _ columns: [ParquetColumn],
        _ batch: RowBatch,
        _ row: Int,
        to line: inout GrowableBytes
    ) {
        for index in columns.indices {
            if index > 0 { line.append(utf8: "\t") }
            line.append(
                utf8: PrintableText.escaped(ParquetCell(columns[index], batch.columns[index], row).text)
            )
        }
        line.append(utf8: "\n")
    }
}
