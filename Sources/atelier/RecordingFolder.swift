import ByteCoding
import Capture
import Glibc

/// The folder that a session records into: created if needed; other sessions' files are kept.
struct RecordingFolder {
    /// Files left under their `.partial` name.
    let orphans: [String]
    /// Files that another session is writing.
    let live: [String]

    init(_ path: String) throws {
        if mkdir(path, 0o777) != 0, errno != EEXIST {
            throw CaptureError.file("\(path): \(String(cString: strerror(errno)))")
        }
        guard let directory = opendir(path) else {
            throw CaptureError.file("\(path): \(String(cString: strerror(errno)))")
        }
        defer { closedir(directory) }
        var orphans: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasSuffix(".mcap.partial") { orphans.append("\(path)/\(name)") }
        }
        self.orphans = orphans.filter { !ByteOutput.isBeingWritten($0) }.sorted()
        live = orphans.filter { ByteOutput.isBeingWritten($0) }.sorted()
    }

    /// Reports `.partial` files: those of running sessions, and those left behind by others.
    func reportOrphans() {
        for path in live { Console.report("\(path): another session is writing it") }
        for orphan in orphans {
            Console.report("\(orphan): left behind by a session that was cut off (see: atelier recover)")
        }
    }
}
