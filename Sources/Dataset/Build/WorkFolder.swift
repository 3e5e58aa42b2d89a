import Foundation

/// The folder in which a dataset is built: beside the target and renamed to it when complete.
final class WorkFolder {
    let path: String
    private let target: String
    private var isDone = false
    /// Locked while the folder is written to, so that no other build removes it.
    private var lock: CInt = -1

    /// Marks such folders, so that nothing else is ever removed.
    static let mark = ".atelier-dataset"

    /// Makes `<target>.partial`; an existing target is refused unless it is to be replaced and is a dataset.
    init(for name: String, replacing: Bool) throws(DatasetError) {
        target = try WorkFolder.target(name)
        path = target + ".partial"
        let files = FileManager.default
        if DatasetFiles.exists(target) {
            guard replacing else { throw .outputExists(target) }
            guard WorkFolder.mayReplace(target) else { throw .notADataset(target) }
        }
        isDone = true
        if DatasetFiles.exists(path) {
            guard files.fileExists(atPath: path + "/" + WorkFolder.mark) else { throw .notADataset(path) }
            try acquire()
            try WorkFolder.work(path) { try files.removeItem(atPath: path) }
            close(lock)
            lock = -1
        }
        try WorkFolder.work(path) {
            try files.createDirectory(atPath: path, withIntermediateDirectories: true)
            try Data().write(to: URL(filePath: path + "/" + WorkFolder.mark))
        }
        isDone = false
        try acquire()
    }

    /// The path without trailing slashes.
    private static func target(_ name: String) throws(DatasetError) -> String {
        var target = name
        while target.count > 1, target.hasSuffix("/") { target.removeLast() }
        let last = target.split(separator: "/").last ?? ""
        guard !last.isEmpty, last != ".", last != ".." else { throw .badOutput(name) }
        return target
    }

    /// Locks the folder for this process; throws if another holds it.
    private func acquire() throws(DatasetError) {
        lock = open(path + "/" + WorkFolder.mark, O_RDWR | O_CLOEXEC)
        guard lock >= 0, flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            if lock >= 0 { close(lock) }
            lock = -1
            isDone = true
            throw .folder(
                path: path,
                reason: "another build is writing it (wait for it, or name another --out)"
            )
        }
    }

    /// Whether a folder is a dataset, or empty.
    private static func mayReplace(_ path: String) -> Bool {
        if (try? StoredManifest.read(path)) != nil { return true }
        return (try? FileManager.default.contentsOfDirectory(atPath: path))?.isEmpty ?? false
    }

    deinit {
        if !isDone { try? FileManager.default.removeItem(atPath: path) }
        if lock >= 0 { close(lock) }
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

    /// Renames the folder to the target; an existing dataset is moved aside first, then removed.
    func publish() throws(DatasetError) {
        try remove(WorkFolder.mark)
        try WorkFolder.work(target) {
            let files = FileManager.default
            guard DatasetFiles.exists(target) else { return try files.moveItem(atPath: path, toPath: target) }
            let old = WorkFolder.freeName(target + ".replaced")
            try files.moveItem(atPath: target, toPath: old)
            try files.moveItem(atPath: path, toPath: target)
            try files.removeItem(atPath: old)
        }
        isDone = true
    }

    private static func freeName(_ name: String) -> String {
        var (free, number) = (name, 0)
        while DatasetFiles.exists(free) {
            number += 1
            free = "\(name)-\(number)"
        }
        return free
    }

    private static func work(_ path: String, _ body: () throws -> Void) throws(DatasetError) {
        do { try body() } catch { throw .folder(path: path, reason: error.localizedDescription) }
    }
}
