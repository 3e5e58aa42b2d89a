import Glibc

/// The market files of a folder, at any depth: both folder layouts.
public struct MarketFolderScan: Sendable {
    /// A market file and its data type, by folder or name.
    public struct Entry: Sendable, Equatable {
        /// The file.
        public var path: String
        /// Its data type.
        public var type: MarketDataType
    }

    /// The market files in the order of their paths.
    public private(set) var entries: [Entry] = []
    /// Parquet files that are not market files by folder or name, in the order of their paths.
    public private(set) var others: [String] = []

    /// Deeper folders are not entered: a link may lead back.
    private static let deepest = 16

    /// Scans a folder; throws ``MarketFileError/directory(path:reason:)`` if it cannot be read.
    public init(_ folder: String) throws(MarketFileError) {
        var files: [String] = []
        try MarketFolderScan.walk(folder, 0, &files)
        for path in files.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
            if let type = MarketFolderScan.type(of: path) {
                entries.append(Entry(path: path, type: type))
            } else {
                others.append(path)
            }
        }
    }

    /// The data type of a path, by the nearest folder that names one or the tag in the file's name.
    public static func type(of path: String) -> MarketDataType? {
        let parts = path.split(separator: "/").map(String.init)
        for folder in parts.dropLast().reversed() {
            if let type = MarketDataType.allCases.first(where: { $0.folder == folder }) { return type }
        }
        guard let name = parts.last else { return nil }
        return MarketDataType.allCases.first { type in
            MarketFileStage.allCases.contains { name.contains("_\(type.tag)_\($0.rawValue)_") }
        }
    }

    private static func walk(_ folder: String, _ depth: Int, _ files: inout [String]) throws(MarketFileError)
    {
        guard let directory = opendir(folder) else {
            throw .directory(path: folder, reason: String(cString: strerror(errno)))
        }
        defer { closedir(directory) }
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            // Files under construction begin with a dot.
            if name.hasPrefix(".") { continue }
            let path = folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
            var status = stat()
            guard stat(path, &status) == 0 else { continue }
            if status.st_mode & S_IFMT == S_IFDIR {
                if depth < deepest { try walk(path, depth + 1, &files) }
            } else if name.hasSuffix(".parquet") {
                files.append(path)
            }
        }
    }
}
