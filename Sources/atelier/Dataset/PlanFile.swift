import ByteCoding
import Dataset
import TOMLKit

/// Plans as TOML files.
enum PlanFile {
    /// The keys of a plan's file; tables only group them.
    static func read(_ path: String) throws -> [(key: String, value: PlanValue)] {
        let file = try FileReader(path: path)
        guard file.size <= 16 << 20 else { throw PlanFileError.tooLarge(path) }
        var bytes = GrowableBytes()
        try file.read(at: 0, count: Int(file.size), appendingTo: &bytes)
        let text = bytes.bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        if let fault = TOMLBounds.fault(in: text) {
            throw PlanFileError.syntax(path, line: fault.line, column: 1, fault.reason)
        }
        do {
            let entries = try entries(TOMLTable(string: text), path)
            for (index, entry) in entries.enumerated()
            where entries[..<index].contains(where: { $0.key == entry.key }) {
                throw PlanFileError.repeated(path, key: entry.key)
            }
            return entries
        } catch let error as TOMLParseError {
            let index = error.source.begin
            throw PlanFileError.syntax(
                path,
                line: Int(index.line),
                column: Int(index.column),
                error.description
            )
        }
    }

    private static func entries(
        _ table: TOMLTable,
        _ path: String
    ) throws -> [(key: String, value: PlanValue)] {
        var entries: [(key: String, value: PlanValue)] = []
        for key in table.keys {
            guard let value = table[key] else { continue }
            if let group = value.table {
                entries += try self.entries(group, path)
            } else {
                entries.append((key, try self.value(value, key, path)))
            }
        }
        return entries
    }

    private static func value(
        _ value: any TOMLValueConvertible,
        _ key: String,
        _ path: String
    ) throws -> PlanValue {
        if let text = value.string { return .text(text) }
        if let flag = value.bool { return .flag(flag) }
        if let number = value.int { return .integer(Int64(number)) }
        if let number = value.double { return .number(number) }
        if let list = value.array {
            var values: [PlanValue] = []
            for element in list { values.append(try self.value(element, key, path)) }
            return .list(values)
        }
        throw PlanFileError.value(path, key: key)
    }
}
