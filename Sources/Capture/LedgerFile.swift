import ByteCoding
import Dispatch
import Glibc
import MarketModel
import Synchronization

/// An append-only file of lines, written by its own thread.
///
/// Each line is one write, so that a crash tears at most the last one. Lines that fail are kept, within a
/// bound, and retried.
final class LedgerFile: @unchecked Sendable {
    private struct State {
        var lines: [String] = []
        var leftOut = 0
        /// Lines that are being written.
        var writing = 0
        var hasThread = false
        var isOver = false
    }

    private let path: String
    private let state = Mutex(State())
    private let wake = DispatchSemaphore(value: 0)
    /// Used by its own thread once that runs.
    private var descriptor: Int32
    private static let capacity = 100_000
    private static let patience = 500

    init(_ path: String) throws(CaptureError) {
        self.path = path
        descriptor = Self.open(path)
        guard descriptor >= 0 else { throw .file("\(path): \(String(cString: strerror(errno)))") }
    }

    deinit { if descriptor >= 0 { _ = Glibc.close(descriptor) } }

    private static func open(_ path: String) -> Int32 {
        Glibc.open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    }

    /// Starts the thread, which lives until ``end()``.
    func begin() throws(ByteCodingError) {
        try WorkerThread.start(path) { [self] in writeForEver() }
        state.withLock { $0.hasThread = true }
    }

    /// Appends a line, including its newline; dropped and counted if too many wait.
    func append(_ line: String) {
        state.withLock { state in
            if state.lines.count < Self.capacity { state.lines.append(line) } else { state.leftOut += 1 }
        }
        wake.signal()
    }

    /// Waits for the lines to be written unless the disk is stalled; returns how many are left.
    func end() -> Int {
        var (left, before) = (Self.patience, Int.max)
        while left > 0 {
            let (count, isOver) = state.withLock { state in
                let count = state.lines.count + state.writing
                return (count + state.leftOut, count == 0 || !state.hasThread)
            }
            if isOver { return close(count) }
            (left, before) = (count < before ? Self.patience : left - 1, count)
            usleep(10_000)
        }
        return close(before)
    }

    private func close(_ count: Int) -> Int {
        state.withLock { $0.isOver = true }
        wake.signal()
        return count
    }

    // MARK: - On its own thread

    private func writeForEver() {
        mendEnd()
        while !state.withLock(\.isOver) {
            wake.wait()
            let lines = drainLines()
            for line in lines {
                write(line)
                state.withLock { $0.writing -= 1 }
            }
            if !lines.isEmpty { fdatasync(descriptor) }
        }
    }

    private func drainLines() -> [String] {
        state.withLock { state in
            defer { (state.writing, state.lines) = (state.lines.count, []) }
            return state.lines
        }
    }

    /// Ends a line torn by a crash, so that the next one starts on a new line.
    private func mendEnd() {
        var facts = stat()
        guard fstat(descriptor, &facts) == 0, facts.st_size > 0 else { return }
        var last: UInt8 = 0
        if pread(descriptor, &last, 1, facts.st_size - 1) == 1, last != UInt8(ascii: "\n") { write("\n") }
    }

    private func write(_ line: String) {
        reopenIfRemoved()
        let bytes = Array(line.utf8)
        var done = 0
        while done < bytes.count {
            let size = bytes.withUnsafeBytes { source in
                Glibc.write(descriptor, source.baseAddress.map { $0 + done }, source.count - done)
            }
            if size > 0 {
                done += size
            } else if errno != EINTR {
                // Retry: a full disk may get room again.
                usleep(100_000)
                reopenIfRemoved()
            }
        }
    }

    /// Starts a new file if the current one, perhaps with its folder, was removed.
    private func reopenIfRemoved() {
        var facts = stat()
        guard fstat(descriptor, &facts) != 0 || facts.st_nlink == 0 else { return }
        if let slash = path.lastIndex(of: "/") { LogFolder.make(String(path[..<slash])) }
        let new = Self.open(path)
        guard new >= 0 else { return }
        _ = Glibc.close(descriptor)
        descriptor = new
    }
}
