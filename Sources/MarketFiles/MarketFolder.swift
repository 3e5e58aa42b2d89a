import Glibc

/// The folders of market files.
enum MarketFolder {
    /// Makes `root/<type>` and what leads to it; returns its path.
    static func make(_ root: String, _ type: MarketDataType) throws(MarketFileError) -> String {
        let path = "\(root)/\(type.folder)"
        for (place, character) in path.enumerated() where character == "/" && place > 0 {
            try makeOne(String(path.prefix(place)))
        }
        try makeOne(path)
        return path
    }

    private static func makeOne(_ path: String) throws(MarketFileError) {
        if mkdir(path, 0o777) == 0 || errno == EEXIST { return }
        throw .directory(path: path, reason: String(cString: strerror(errno)))
    }
}
