public import Parquet

/// Why market files cannot be written or read.
public enum MarketFileError: Error, Equatable, Sendable {
    /// The Parquet file in or at `path`.
    case parquet(ParquetError, path: String)
    /// The finished file could not be renamed.
    case rename(path: String, reason: String)
    /// A file complete in memory could not be written.
    case write(path: String, reason: String)
    /// The columns are not those of the data type.
    case columns(path: String, reason: String)
    /// A value that the data type does not have; `row` counts from 0.
    case value(path: String, row: Int, column: String, found: String, expected: String)
    /// An invalid folder of the Hive layout.
    case folder(path: String, found: String, expected: String)
    /// The folder could not be made.
    case directory(path: String, reason: String)
}

extension MarketFileError: CustomStringConvertible {
    /// What happened and where.
    public var description: String {
        switch self {
        case .parquet(let error, let path): "\(path): \(error)"
        case .rename(let path, let reason): "\(path): cannot name the finished file: \(reason)"
        case .write(let path, let reason): "\(path): \(reason)"
        case .columns(let path, let reason): "\(path): \(reason)"
        case .value(let path, let row, let column, let found, let expected):
            "\(path): row \(row), column \(column): found \(found), expected \(expected)"
        case .folder(let path, let found, let expected):
            "\(path): folder \(found): expected \(expected)"
        case .directory(let path, let reason): "\(path): cannot make the folder: \(reason)"
        }
    }
}
