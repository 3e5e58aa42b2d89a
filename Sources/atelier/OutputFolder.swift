import ArgumentParser
import Glibc

/// A folder for results: new or empty, unless forced.
struct OutputFolder {
    let path: String
    /// The folders that were created, outermost first.
    private let made: [String]

    /// Makes the folder if need be; refuses one that holds something.
    init(_ path: String, force: Bool) throws {
        self.path = path
        var made: [String] = []
        if let directory = opendir(path) {
            defer { closedir(directory) }
            while let entry = readdir(directory) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                    pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if name == "." || name == ".." || force { continue }
                throw OutputError.notEmpty(path)
            }
            guard access(path, W_OK) == 0 else {
                throw OutputError.system(path, String(cString: strerror(errno)))
            }
        } else if errno == ENOENT {
            made = try OutputFolder.make(path)
        } else {
            throw OutputError.system(path, String(cString: strerror(errno)))
        }
        self.made = made
    }

    /// Removes created folders that are empty.
    func discard() {
        for folder in made.reversed() { rmdir(folder) }
    }

    private static func make(_ path: String) throws -> [String] {
        var made: [String] = []
        var folder = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            folder += part
            if mkdir(folder, 0o777) == 0 {
                made.append(folder)
            } else if errno != EEXIST {
                let reason = String(cString: strerror(errno))
                for folder in made.reversed() { rmdir(folder) }
                throw OutputError.system(path, reason)
            }
            folder += "/"
        }
        return made
    }
}
