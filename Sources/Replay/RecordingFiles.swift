import Glibc

/// Which files the arguments of a replay mean.
public enum RecordingFiles {
    /// The files of `paths`: a file stands for itself, a folder for the `.mcap` files in it, by name.
    ///
    /// Throws ``ReplayError/noSuchPath(_:reason:)`` and ``ReplayError/emptyFolder(_:)``.
    public static func expand(_ paths: [String]) throws(ReplayError) -> [String] {
        var files: [String] = []
        for path in paths {
            var status = stat()
            guard stat(path, &status) == 0 else {
                throw .noSuchPath(path, reason: String(cString: strerror(errno)))
            }
            guard status.st_mode & S_IFMT == S_IFDIR else {
                files.append(path)
                continue
            }
            let found = try names(in: path).filter { $0.hasSuffix(".mcap") }
            guard !found.isEmpty else { throw .emptyFolder(path) }
            files += found.map { "\(path)/\($0)" }
        }
        return files
    }

    /// The names in a folder in the order of their bytes.
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
