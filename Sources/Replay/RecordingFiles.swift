import Glibc

/// Resolves the arguments of a replay to files.
public enum RecordingFiles {
    /// The files of `paths`: a file itself, a folder's `.mcap` files by name, `-` for standard input.
    ///
    /// A folder's `.partial` files, left behind or being written, are included up to their last complete
    /// chunk, unless recovered into another file of the folder. `naming` is called with a line about each.
    ///
    /// Throws ``ReplayError/noSuchPath(_:reason:)``, ``ReplayError/emptyFolder(_:)`` and, if one file is named
    /// twice, ``ReplayError/sameFile(_:_:)``.
    public static func expand(
        _ paths: [String],
        naming: (String) -> Void = { _ in }
    ) throws(ReplayError) -> [String] {
        var files: [String] = []
        for path in paths {
            guard path != "-" else {
                files.append(path)
                continue
            }
            let status = try status(of: path)
            guard status.st_mode & S_IFMT == S_IFDIR else {
                files.append(path)
                continue
            }
            let folder = path.hasSuffix("/") ? String(path.dropLast()) : path
            let found = try names(in: path).map { "\(folder)/\($0)" }
            let whole = found.filter { $0.hasSuffix(".mcap") }
            let unfinished = found.filter(UnfinishedFile.isOne).filter { partial in
                let file = UnfinishedFile(partial, beside: whole)
                naming(file.description)
                return file.isRead
            }
            guard !(whole + unfinished).isEmpty else { throw .emptyFolder(path) }
            files += (whole + unfinished).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        }
        try refuseRepetitions(files)
        return files
    }

    /// The size of a plain file, bytes; nil for pipes and the like.
    public static func size(of path: String) -> UInt64? {
        guard path != "-", let status = try? status(of: path), status.st_mode & S_IFMT == S_IFREG else {
            return nil
        }
        return UInt64(clamping: status.st_size)
    }

    /// Reading a file twice would double every trade.
    private static func refuseRepetitions(_ files: [String]) throws(ReplayError) {
        struct Identity: Hashable {
            var device: UInt64
            var number: UInt64
        }
        var seen: [Identity: String] = [:]
        for path in files {
            guard path != "-" else {
                if files.count(where: { $0 == "-" }) > 1 { throw .sameFile("-", "-") }
                continue
            }
            let status = try status(of: path)
            let identity = Identity(device: UInt64(status.st_dev), number: UInt64(status.st_ino))
            if let first = seen.updateValue(path, forKey: identity) { throw .sameFile(first, path) }
        }
    }

    private static func status(of path: String) throws(ReplayError) -> stat {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw .noSuchPath(path, reason: String(cString: strerror(errno)))
        }
        return status
    }

    /// The names in a folder, in byte order.
    private static func names(in folder: String) throws(ReplayError) -> [String] {
        guard let directory = opendir(folder) else {
            throw .noSuchPath(folder, reason: String(cString: strerror(errno)))
        }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            names.append(name)
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
