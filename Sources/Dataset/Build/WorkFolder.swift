import Foundation

/// The folder a dataset is made in: beside its place, renamed to it when whole.
final class WorkFolder {
    let path: String
    private let target: String
    private var isDone = false

    /// What marks a folder as one of these, so that nothing else is ever cleared away.
    private static let mark = ".atelier-dataset"

    /// Makes `<target>.partial`; an existing target is refused unless it is to be replaced and is a dataset.
    init(for target: String, replacing: Bool) throws(DatasetError) {
        var target = target
        while target.count > 1, target.hasSuffix("/") { target.removeLast() }
        let files = FileManager.default
        if files.fileExists(atPath: target) {
            guard replacing else { throw .outputExists(target) }
            guard WorkFolder.mayReplace(target) else { throw .notADataset(target) }
        }
        self.target = target
        path = target + ".partial"
        if files.fileExists(atPath: path), !files.fileExists(atPath: path + "/" + WorkFolder.mark) {
            isDone = true
            throw .notADataset(path)
        }
        try WorkFolder.work(path) {
            try? files.removeItem(atPath: path)
            try files.createDirectory(atPath: path, withIntermediateDirectories: true)
            try Data().write(to: URL(filePath: path + "/" + WorkFolder.mark))
        }
    }

    /// Whether a folder is a dataset, or empty.
    private static func mayReplace(_ path: String) -> Bool {
        if (try? StoredManifest.read(path)) != nil { return true }
        return (try? FileManager.default.contentsOfDirectory(atPath: path))?.isEmpty ?? false
    }

    deinit {
        if !isDone { try? FileManager.default.removeItem(atPath: path) }
    }

    /// Makes a folder below it.
    func make(_ name: String) throws(DatasetError) -> String {
        let folder = path + "/" + name
        try WorkFolder.work(folder) {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        }
        return folder
    }

    func remove(_ name: String) throws(DatasetError) {
        try WorkFolder.work(path + "/" + name) {
            try FileManager.default.removeItem(atPath: path + "/" + name)
        }
    }

    /// Gives the folder its name; a dataset of that name is put aside first and then removed.
    func publish() throws(DatasetError) {
        try remove(WorkFolder.mark)
        let old = target + ".replaced"
        try WorkFolder.work(target) {
            let files = FileManager.default
            let exists = files.fileExists(atPath: target)
            if exists { try files.moveItem(atPath: target, toPath: old) }
            try files.moveItem(atPath: path, toPath: target)
            if exists { try files.removeItem(atPath: old) }
        }
        isDone = true
    }

    /// All files below a folder, as paths relative to it, by their bytes.
    static func files(below folder: String) -> [String] {
        guard let walk = FileManager.default.enumerator(atPath: folder) else { return [] }
        var files: [String] = []
        while let name = walk.nextObject() as? String {
            guard name != mark else { continue }
            if walk.fileAttributes?[.type] as? FileAttributeType == .typeRegular { files.append(name) }
        }
        return files.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    private static func work(_ path: String, _ body: () throws -> Void) throws(DatasetError) {
        do { try body() } catch { throw .folder(path: path, reason: error.localizedDescription) }
    }
}
