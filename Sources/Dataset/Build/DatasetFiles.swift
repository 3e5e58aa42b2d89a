import Foundation

/// The files below the folder of a dataset.
enum DatasetFiles {
    /// Whether a name exists, even as a dangling link.
    static func exists(_ path: String) -> Bool {
        (try? FileManager.default.attributesOfItem(atPath: path)) != nil
    }

    /// The path with a link to a folder resolved.
    static func resolved(_ path: String) -> String {
        guard let pointer = realpath(path, nil) else { return path }
        defer { free(pointer) }
        return String(cString: pointer)
    }

    /// All files below a folder as paths relative to it, sorted by their bytes; links are not followed.
    static func all(below folder: String) -> [String] {
        guard let walk = FileManager.default.enumerator(atPath: resolved(folder)) else { return [] }
        var files: [String] = []
        while let name = walk.nextObject() as? String {
            if walk.fileAttributes?[.type] as? FileAttributeType != .typeDirectory { files.append(name) }
        }
        return files.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
