import ByteCoding
import Capture
import Glibc

/// The folder that a session records into: made if need be; other sessions' files stay.
struct RecordingFolder {
    /// Files that a session left under their `.partial` name.
    let orphans: [String]
    /// Files that another session is writing now.
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
}

/// Ctrl-C and SIGTERM ask for an end; a second one is not waited for.
enum StopSignal {
    // A signal handler may do no more than set a flag.
    nonisolated(unsafe) private static var asked: sig_atomic_t = 0

    /// Whether an end was asked for.
    static var isAsked: Bool { asked != 0 }

    static func install() {
        // Whoever started this program may have blocked them.
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGINT)
        sigaddset(&signals, SIGTERM)
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
        for number in [SIGINT, SIGTERM] {
            signal(number) { number in
                StopSignal.asked = 1
                signal(number, SIG_DFL)
            }
        }
        signal(SIGPIPE, SIG_IGN)
        // A limit on file sizes is then an error like a full disk.
        signal(SIGXFSZ, SIG_IGN)
    }
}
