import ByteCoding
import Glibc
import MarketModel
import Recording

/// The folder of a session's files.
enum LogFolder {
    /// Makes it, and those above it, where they are missing; what cannot be made shows when a file is.
    static func make(_ path: String) {
        guard !holds(path) else { return }
        if let slash = path.lastIndex(of: "/"), slash > path.startIndex { make(String(path[..<slash])) }
        _ = mkdir(path, 0o777)
    }

    /// Whether there is something of this name.
    static func holds(_ path: String) -> Bool {
        var facts = stat()
        return lstat(path, &facts) == 0
    }
}
