import Foundation

/// A folder that is removed when the test ends.
final class ScratchFolder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "dataset-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// All files below it with their bytes.
    func contents(_ name: String) throws -> [String: Data] {
        var contents: [String: Data] = [:]
        let walk = FileManager.default.enumerator(atPath: path + "/" + name)
        while let file = walk?.nextObject() as? String {
            guard walk?.fileAttributes?[.type] as? FileAttributeType == .typeRegular else { continue }
            contents[file] = try Data(contentsOf: URL(filePath: "\(path)/\(name)/\(file)"))
        }
        return contents
    }
}
