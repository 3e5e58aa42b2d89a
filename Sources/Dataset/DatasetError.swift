public import ByteCoding
import MarketModel

/// Why a dataset cannot be built, checked or described.
public enum DatasetError: Error, Equatable, Sendable {
    /// A plan's key that does not exist, and the nearest that does.
    case unknownKey(String, nearest: String?)
    /// A name of some kind that does not exist, and the nearest that does.
    case unknownName(kind: String, name: String, nearest: String?)
    /// An invalid value of a plan's key.
    case badValue(key: String, found: String, expected: String)
    /// Keys that contradict one another.
    case contradiction(String, toDo: String)
    /// An instrument of the plan that the recordings do not contain.
    case instrumentAbsent(String, present: [String])
    /// The recordings make no rows.
    case noRows(String)
    /// Rows of an instrument go back in time: a fault of the source.
    case rowOrder(instrument: String, row: Int, ts: Int64, previous: Int64)
    /// A label without one value.
    case labelUndefined(name: String, rows: Int, longestRun: Int)
    /// Features without any value in an instrument.
    case featuresUndefined([String], instrument: String, rows: Int)
    /// A feature in ticks of an instrument whose definition is not in the recordings.
    case noDefinition(feature: String, instrument: String)
    /// A number that overflows single precision.
    case beyondSingle(feature: String, instrument: String, ts: Int64, value: Double)
    /// A part of the split without samples.
    case emptyPart(part: String, fold: Int, rows: Int, dropped: String)
    /// The output folder exists.
    case outputExists(String)
    /// A folder to be replaced or cleared that is not a dataset.
    case notADataset(String)
    /// An invalid name for a new folder.
    case badOutput(String)
    /// A dataset whose files are not what a build writes.
    case damagedSet(String)
    /// A time to cut after that is not within the log, all in nanoseconds since the Unix epoch.
    case cutOutside(Int64, first: Int64, last: Int64)
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
    /// What was found, what is expected and what to do.
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
                + "(leave them out as --missing leave-out does, or ask for null columns with --missing mask)"
        case .noDefinition(let feature, let instrument):
            "\(feature): the recordings hold no definition of \(instrument) with a tick size, and none is inferred "
                + "(take offsets in basis points, as book:10 has them, or record with definitions)"
        case .beyondSingle(let feature, let instrument, let ts, let value):
            "\(feature) of \(instrument), row \(ts): found \(value), expected a number that float32 holds "
                + "(store --dtype float64, or scale it with --normalise)"
        case .emptyPart(let part, let fold, let rows, let dropped):
            "split: part '\(part)' of fold \(fold) has no samples: \(rows) rows decide in it, \(dropped) "
                + "(try fewer or longer parts such as --split fractions:0.6,0.4, a smaller window, horizon or embargo, "
                + "or longer recordings)"
        case .outputExists(let path): "\(path) exists (name another --out, or replace it with --force)"
        case .notADataset(let path):
            "\(path) holds something else than a dataset and is not replaced (move it away, or name another --out)"
        case .badOutput(let name): "--out: found '\(name)', expected the name of a new folder"
        case .damagedSet(let text): text
        case .cutOutside(let time, let first, let last):
            "--at: found \(UnixTime.rfc3339(time)), expected a time from the first frame of the log, "
                + "\(UnixTime.rfc3339(first)), and before the last, \(UnixTime.rfc3339(last))"
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

/// Rethrows byte coding errors as dataset errors.
func fileWork<Value>(_ body: () throws(ByteCodingError) -> Value) throws(DatasetError) -> Value {
    do { return try body() } catch { throw .file(error) }
}
