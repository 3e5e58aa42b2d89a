public import Parquet

/// Why market files cannot be written or read.
public enum MarketFileError: Error, Equatable, Sendable {
    /// The Parquet file in or at `path`.
    case parquet(ParquetError, path: String)
    /// The finished file could not get its name.
    case rename(path: String, reason: String)
    /// The folder could not be made.
    case directory(path: String, reason: String)
}

extension MarketFileError: CustomStringConvertible {
    /// What happened and where.
    public var description: String {
        switch self {
        case .parquet(let error, let path): "\(path): \(error)"
        case .rename(let path, let reason): "\(path): cannot name the finished file: \(reason)"
        case .directory(let path, let reason): "\(path): cannot make the folder: \(reason)"
        }
    }
}
