public import MarketModel
public import Recording
public import Synchronizer

/// Why a replay cannot start or continue.
public enum ReplayError: Error, Equatable, Sendable {
    /// A path that cannot be read.
    case noSuchPath(String, reason: String)
    /// A folder without recordings.
    case emptyFolder(String)
    /// One file named twice, by two paths or the same.
    case sameFile(String, String)
    /// A recording that cannot be read.
    case recording(RecordingError)
    /// Invalid options.
    case options(SynchronizerError)
    /// A slice that ends before it starts: nanoseconds since the Unix epoch.
    case slice(from: Int64, to: Int64)
    /// A state cannot be read, or is of another replay.
    case state(StateError)
}

extension ReplayError: CustomStringConvertible {
    /// What happened, where, and what to do.
    public var description: String {
        switch self {
        case .noSuchPath(let path, let reason): "\(path): \(reason)"
        case .emptyFolder(let path):
            "\(path): no .mcap files in this folder (make one with atelier import or record)"
        case .sameFile(let first, let second):
            "\(second): the same file as \(first); its frames would count twice (name it once)"
        case .recording(let error): "\(error)"
        case .options(let error): "\(error)"
        case .slice(let from, let to): "--from \(from) is not before --to \(to): the slice is empty"
        case .state(let error): "\(error)"
        }
    }
}

extension ReplayError {
    /// Whether the options are invalid, whatever the files.
    public var isMisuse: Bool {
        switch self {
        case .options, .slice, .sameFile: true
        case .noSuchPath, .emptyFolder, .recording, .state: false
        }
    }
}
