import ArgumentParser
import ByteCoding
import MarketModel
import Parquet

/// The contents of a Parquet file, for people and machines.
enum ParquetInfo {
    /// Whether a file or standard input (`-`) starts like a Parquet file; false for other pipes and
    /// unreadable files.
    static func isParquet(_ path: String) -> Bool {
        let magic = path == "-" ? try? StandardInput.peek(4) : head(of: path)
        return magic == Array("PAR1".utf8) || magic == Array("PARE".utf8)
    }

    private static func head(of path: String) -> [UInt8]? {
        guard FileReader.isRegularFile(path), let file = try? FileReader(path: path) else { return nil }
        var head = GrowableBytes()
        guard (try? file.read(at: 0, count: 4, appendingTo: &head)) != nil else { return nil }
        return head.bytes.withUnsafeBytes { Array($0) }
    }

    /// Runs work on a file; a failure names the file and sets the exit code.
    static func reporting<Result>(_ path: String, _ work: () throws -> Result) throws -> Result {
        do {
            return try work()
        } catch let error as ParquetError {
            Console.report("\(path): \(PrintableText.escaped(text(error)))")
            throw exitCode(error)
        }
    }

    static func exitCode(_ error: ParquetError) -> ExitCode {
        switch error {
        case .notParquet, .damaged, .checksum: .damage
        case .fileSystem, .unsupported, .limit: .failure
        case .misuse: .usage
        }
    }

    /// The text of an error; for a limit with the option that changes it.
    static func text(_ error: ParquetError) -> String {
        guard case .limit(let what, let found, let limit, let offset) = error,
            let option = ParquetLimits.option(for: what)
        else { return error.description }
        return
            "at byte \(offset): \(what.rawValue) takes \(found) bytes, the limit is \(limit) (try: \(option))"
    }

    /// Prints the footer's contents.
    static func run(_ path: String, json: Bool, options: ParquetReaderOptions = ParquetReaderOptions()) throws
    {
        try reporting(path) {
            let reader = try ParquetReader(path: path, options: options)
            try Console.result(json ? self.json(reader).text : text(reader, path: path))
        }
    }

    static func json(_ reader: ParquetReader) -> JSONOutput {
        let pairs = reader.metadata.keyValues
        let keys = zip(DistinctNames.of(pairs.map(\.key)), pairs).map { ($0, JSONOutput.optional($1.value)) }
        return .object([
            ("format", .string("parquet")), ("rows", .count(reader.metadata.rowCount)),
            ("row_groups", .count(reader.metadata.rowGroups.count)),
            ("columns", .array(reader.schema.columns.indices.map { column(reader, $0) })),
            ("key_value", .object(keys)), ("created_by", .optional(reader.metadata.createdBy)),
        ])
    }

    private static func column(_ reader: ParquetReader, _ index: Int) -> JSONOutput {
        let column = reader.schema.columns[index]
        let compression = codecs(reader, index)
        return .object([
            ("name", .string(column.name)), ("physical_type", .string(column.physicalType.name)),
            ("logical_type", .optional(column.logicalType?.name)), ("nullable", .bool(column.isOptional)),
            ("encodings", .array(encodings(reader, index).map(JSONOutput.string))),
            ("compression", compression.isEmpty ? .null : .string(compression.joined(separator: ","))),
        ])
    }

    /// The encodings of all chunks of a column, by number in the format.
    private static func encodings(_ reader: ParquetReader, _ index: Int) -> [String] {
        Set(reader.metadata.rowGroups.flatMap { $0.columns[index].encodings }).sorted().map(\.name)
    }

    /// The codecs of all chunks of a column, usually one.
    private static func codecs(_ reader: ParquetReader, _ index: Int) -> [String] {
        Set(reader.metadata.rowGroups.compactMap { $0.columns[index].compressionName }).sorted()
    }

    static func text(_ reader: ParquetReader, path: String) -> String {
        let metadata = reader.metadata
        var lines = [
            "\(PrintableText.escaped(path)): Parquet, written by \"\(PrintableText.escaped(metadata.createdBy ?? "unknown"))\""
        ]
        lines.append("rows        \(metadata.rowCount)")
        lines.append("row groups  \(metadata.rowGroups.count)")
        for pair in metadata.keyValues {
            lines.append(
                "key         \(PrintableText.escaped(pair.key)) = \(shortened(pair.value ?? "null"))"
            )
        }
        let rows = reader.schema.columns.indices.map { index in
            let column = reader.schema.columns[index]
            return [
                PrintableText.escaped(column.name), column.physicalType.name, column.logicalType?.name ?? "-",
                column.isOptional ? "yes" : "no", encodings(reader, index).joined(separator: " "),
                codecs(reader, index).joined(separator: " "),
            ]
        }
        let header = ["column", "type", "meaning", "nullable", "encodings", "compression"]
        lines.append(TextTable(header: header, rows: rows).text)
        return lines.joined(separator: "\n")
    }

    private static func shortened(_ text: String) -> String {
        PrintableText.escaped(text.count > 80 ? text.prefix(77) + "..." : text)
    }
}
