import ByteCoding
import MarketModel
import TOMLKit

/// A table of a manifest: reads values of the right type, and knows their lines.
struct ManifestTable {
    private let table: TOMLTable
    private let location: String
    private let source: ManifestSource

    private init(_ table: TOMLTable, _ location: String, _ source: ManifestSource) {
        (self.table, self.location, self.source) = (table, location, source)
    }

    /// Reads a file of at most 1 MiB.
    static func read(_ path: String) throws -> ManifestTable {
        let file: FileReader
        var bytes = GrowableBytes()
        do {
            file = try FileReader(path: path)
            guard file.size <= 1 << 20 else { throw ManifestError.tooLarge(path) }
            try file.read(at: 0, count: Int(file.size), appendingTo: &bytes)
        } catch let error as ByteCodingError {
            throw ManifestError.file(error.description)
        }
        let text = bytes.bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        if let fault = TOMLBounds.fault(in: text) { throw ManifestError.tooDeep(path, fault) }
        do {
            return ManifestTable(try TOMLTable(string: text), "", ManifestSource(path, text))
        } catch let error as TOMLParseError {
            let begin = error.source.begin
            throw ManifestError.syntax("\(path):\(begin.line):\(begin.column)", error.description)
        }
    }

    /// Throws on unknown keys.
    func check(_ known: [String]) throws(ManifestError) {
        for key in table.keys where !known.contains(key) {
            throw .unknownKey(
                source.line(of: key, in: location),
                name(key),
                nearest: NearestName.nearest(to: key, of: known)
            )
        }
    }

    private func name(_ key: String) -> String { location.isEmpty ? key : "\(location).\(key)" }

    private func wrong(_ key: String, _ expected: String) -> ManifestError {
        let found = table[key].map(Self.kind) ?? "nothing"
        return .wrongValue(source.line(of: key, in: location), name(key), found: found, expected: expected)
    }

    private static func kind(_ value: any TOMLValueConvertible) -> String {
        if let text = value.string { return "the text \"\(text)\"" }
        if let flag = value.bool { return "\(flag)" }
        if let number = value.int { return "\(number)" }
        if let number = value.double { return "\(number)" }
        if value.array != nil { return "a list" }
        return value.table == nil ? "a date or time" : "a table"
    }

    // MARK: - Values

    func text(_ key: String) throws(ManifestError) -> String? {
        guard let value = table[key] else { return nil }
        guard let text = value.string else { throw wrong(key, "a text") }
        return text
    }

    func flag(_ key: String) throws(ManifestError) -> Bool? {
        guard let value = table[key] else { return nil }
        guard let flag = value.bool else { throw wrong(key, "true or false") }
        return flag
    }

    func count(_ key: String, _ range: ClosedRange<Int>) throws(ManifestError) -> Int? {
        guard let value = table[key] else { return nil }
        guard let count = value.int, range.contains(count) else {
            throw wrong(key, "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return count
    }

    /// A number, integer or not.
    func number(_ key: String, _ range: ClosedRange<Double>) throws(ManifestError) -> Double? {
        guard let value = table[key] else { return nil }
        guard let number = value.int.map(Double.init) ?? value.double, range.contains(number) else {
            throw wrong(key, "a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// A duration as text, or a number of `unit` nanoseconds.
    func duration(_ key: String, unit: Int64) throws(ManifestError) -> Int64? {
        guard let value = table[key] else { return nil }
        if let text = value.string {
            guard let length = DurationArgument(argument: text), length.nanoseconds > 0 else {
                throw wrong(key, "a length of time such as \"250ms\" or \"8h\"")
            }
            return length.nanoseconds
        }
        guard let number = value.int.map(Double.init) ?? value.double, number > 0,
            let length = Int64(exactly: (number * Double(unit)).rounded())
        else { throw wrong(key, "a length of time above zero") }
        return length
    }

    /// One of several words.
    func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ key: String,
        _ type: Choice.Type
    ) throws(ManifestError) -> Choice? {
        try choice(key, Choice.allCases.map(\.rawValue)).flatMap { Choice(rawValue: $0) }
    }

    /// One of several names.
    func choice(_ key: String, _ known: [String]) throws(ManifestError) -> String? {
        guard let text = try text(key) else { return nil }
        if known.contains(text) { return text }
        let nearest = NearestName.nearest(to: text, of: known)
        throw wrong(key, "\(known.joined(separator: ", ")); nearest: \(nearest)")
    }

    /// A list of texts; a single text is a list of one.
    func texts(_ key: String) throws(ManifestError) -> [String]? {
        guard let value = table[key] else { return nil }
        if let text = value.string { return [text] }
        var texts: [String] = []
        for element in value.array ?? TOMLArray() {
            guard let text = element.string else { throw wrong(key, "a list of texts") }
            texts.append(text)
        }
        guard value.array != nil else { throw wrong(key, "a list of texts") }
        return texts
    }

    // MARK: - Tables

    func table(_ key: String) throws(ManifestError) -> ManifestTable? {
        guard let value = table[key] else { return nil }
        guard let found = value.table else { throw wrong(key, "a table [\(name(key))]") }
        return ManifestTable(found, name(key), source)
    }

    /// An array of tables; a single table is an array of one.
    func tables(_ key: String) throws(ManifestError) -> [ManifestTable] {
        guard let value = table[key] else { return [] }
        if let single = value.table { return [ManifestTable(single, name(key), source)] }
        guard let array = value.array else { throw wrong(key, "tables [[\(name(key))]]") }
        var tables: [ManifestTable] = []
        for element in array {
            guard let found = element.table else { throw wrong(key, "tables [[\(name(key))]]") }
            tables.append(ManifestTable(found, "\(name(key))[\(tables.count)]", source))
        }
        return tables
    }

    /// An error for a value of the right type that is invalid.
    func refusal(_ key: String, _ reason: String) -> ManifestError {
        .refused(source.line(of: key, in: location), name(key), reason)
    }

    /// The whole text of the file.
    var text: String { source.text }
}
