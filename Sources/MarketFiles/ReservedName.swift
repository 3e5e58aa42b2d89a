import Glibc
import MarketModel

/// The name a finished market file will take: settled only when it takes it, since others may have it.
struct ReservedName {
    let directory: String
    let symbol: String
    let type: MarketDataType
    let stage: MarketFileStage
    /// The earliest time in the file: nanoseconds since the Unix epoch.
    let stamp: Int64

    /// Gives the name to a file, with `-1`, `-2` and so on where it is taken; the path.
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

/// Moves a file; false with `EEXIST` where the target exists: nothing is ever replaced.
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
