import ByteCoding
import Glibc
import MarketModel
import Recording

/// The folder of a session's files.
enum LogFolder {
    /// Creates missing folders of a path; failures show when a file is created.
    static func make(_ path: String) {
        guard !holds(path) else { return }
        if let slash = path.lastIndex(of: "/"), slash > path.startIndex { make(String(path[..<slash])) }
        _ = mkdir(path, 0o777)
    }

    /// Whether something of this name exists.
    static func holds(_ path: String) -> Bool {
        var facts = stat()
        return lstat(path, &facts) == 0
    }
}
