public import ByteCoding

/// Why a dataset cannot be built, checked or described.
public enum DatasetError: Error, Equatable, Sendable {
    /// A plan's key that does not exist, and the nearest that does.
    case unknownKey(String, nearest: String?)
    /// A name of some kind that does not exist, and the nearest that does.
    case unknownName(kind: String, name: String, nearest: String?)
    /// A value of a plan's key that makes no sense.
    case badValue(key: String, found: String, expected: String)
    /// Keys that contradict one another.
    case contradiction(String, toDo: String)
    /// An instrument of the plan that the recordings do not hold.
    case instrumentAbsent(String, present: [String])
    /// The recordings make no rows.
    case noRows(String)
    /// Rows of an instrument step back in time: the source is at fault.
    case rowOrder(instrument: String, row: Int, ts: Int64, previous: Int64)
    /// A label without one value.
    case labelUndefined(name: String, rows: Int, longestRun: Int)
    /// Features without one value in an instrument.
    case featuresUndefined([String], instrument: String, rows: Int)
    /// A feature in ticks of an instrument whose definition is not in the recordings.
    case noDefinition(feature: String, instrument: String)
    /// A part of the split without samples.
    case emptyPart(part: String, fold: Int, rows: Int, dropped: String)
    /// The output folder exists.
    case outputExists(String)
    /// A folder that is to be replaced or cleared and is not of this kind.
    case notADataset(String)
    /// A file or folder cannot be read or written.
    case file(ByteCodingError)
    /// A folder cannot be made, moved or removed.
    case folder(path: String, reason: String)
    /// The rows cannot be made.
    case source(String)
    /// An output cannot be written.
    case sink(String)
}

extension DatasetError: CustomStringConvertible {
    /// What was found, what is expected, what to do.
    public var description: String {
        switch self {
        case .unknownKey(let key, let nearest):
            "plan: unknown key '\(key)'" + DatasetError.offer(nearest, else: "see dataset build --help")
        case .unknownName(let kind, let name, let nearest):
            "unknown \(kind) '\(name)'" + DatasetError.offer(nearest, else: "see dataset describe")
        case .badValue(let key, let found, let expected):
            "plan: \(key): found '\(found)', expected \(expected)"
        case .contradiction(let what, let toDo): "plan: \(what) (\(toDo))"
        case .instrumentAbsent(let name, let present):
            "instrument \(name) is not in the recordings; they hold "
                + (present.isEmpty ? "none" : present.joined(separator: ", "))
        case .noRows(let why): "the recordings make no rows: \(why)"
        case .rowOrder(let instrument, let row, let ts, let previous):
            "\(instrument), row \(row): found time \(ts) after \(previous), expected rows in order of time"
        case .labelUndefined(let name, let rows, let longest):
            "label \(name) has no value in any of \(rows) rows: the longest stretch without a gap or a missing "
                + "price has \(longest) rows (try a shorter horizon or longer recordings)"
        case .featuresUndefined(let names, let instrument, let rows):
            "\(names.joined(separator: ", ")): no value in any of the \(rows) rows of \(instrument): the venue does "
                + "not publish the data, it was not recorded, or the warm-up is longer than the data "
                + "(leave them out, or ask for null columns with --missing mask)"
        case .noDefinition(let feature, let instrument):
            "\(feature): the recordings hold no definition of \(instrument) with a tick size, and none is inferred "
                + "(take offsets in basis points, as book:10 has them, or record with definitions)"
        case .emptyPart(let part, let fold, let rows, let dropped):
            "split: part '\(part)' of fold \(fold) has no samples: \(rows) rows decide in it, \(dropped) "
                + "(try fewer or longer parts such as --split fractions:0.6,0.4, a smaller window, horizon or embargo, "
                + "or longer recordings)"
        case .outputExists(let path): "\(path) exists (name another --out, or replace it with --force)"
        case .notADataset(let path):
            "\(path) holds something else than a dataset and is not replaced (move it away, or name another --out)"
        case .file(let error): error.description
        case .folder(let path, let reason): "\(path): \(reason)"
        case .source(let text): text
        case .sink(let text): text
        }
    }

    private static func offer(_ nearest: String?, else other: String) -> String {
        nearest.map { " (did you mean '\($0)'?)" } ?? " (\(other))"
    }
}

/// Runs what throws byte errors where dataset errors are thrown.
func fileWork<Value>(_ body: () throws(ByteCodingError) -> Value) throws(DatasetError) -> Value {
    do { return try body() } catch { throw .file(error) }
}
