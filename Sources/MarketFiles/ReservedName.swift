import Glibc
import MarketModel

/// The intended name of a market file; decided only on renaming, since others may exist.
struct ReservedName {
    let directory: String
    let symbol: String
    let type: MarketDataType
    let stage: MarketFileStage
    /// The earliest time in the file: nanoseconds since the Unix epoch.
    let stamp: Int64

    /// Renames a file to it, with `-1`, `-2` and so on if it exists; returns the path.
    func reserve(_ temporary: String) throws(MarketFileError) -> String {
        var collision = 0
        while true {
            let path = "\(directory)/\(name(collision))"
            if moveWithoutReplacing(temporary, path) { return path }
            guard errno == EEXIST else { throw .rename(path: path, reason: String(cString: strerror(errno))) }
            collision += 1
        }
    }

    private func name(_ collision: Int) -> String {
        MarketFileName.name(symbol: symbol, type: type, stage: stage, stamp: stamp, collision: collision)
    }
}

/// Moves a file without ever replacing one; returns false with `EEXIST` if the target exists.
private func moveWithoutReplacing(_ source: String, _ target: String) -> Bool {
    if link(source, target) == 0 {
        unlink(source)
        return true
    }
    if errno == EEXIST { return false }
    // A file system without hard links.
    if access(target, F_OK) == 0 {
        errno = EEXIST
        return false
    }
    return Glibc.rename(source, target) == 0
}
