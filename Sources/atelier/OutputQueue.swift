import ByteCoding
import Dispatch
import Glibc
import Synchronization

/// Text on its way to a terminal, pipe or file that may take nothing for ever: a bounded queue, emptied by a thread
/// of its own.
///
/// What does not fit is left out and counted; once there is room again a line says how much.
final class OutputQueue: @unchecked Sendable {
    fileprivate struct State {
        var waiting: [UInt8] = []
        var isWriting = false
        /// Why nothing more can be written, as an error of the system; nil while it can.
        var failure: Int32?
        var hasThread = false
        /// Lines left out since the reader was last told, and in all.
        var untold = 0
        var leftOut = 0
    }

    private let descriptor: Int32
    private let capacity: Int
    /// Whether the reader is told of what was left out.
    private let reportsLosses: Bool
    private let state = Mutex(State())
    private let wake = DispatchSemaphore(value: 0)

    /// Makes a queue of at most `capacity` bytes before a descriptor.
    init(_ descriptor: Int32, capacity: Int, reportsLosses: Bool) {
        (self.descriptor, self.capacity, self.reportsLosses) = (descriptor, capacity, reportsLosses)
    }

    /// Lines left out so far.
    var leftOut: Int { state.withLock(\.leftOut) }

    /// Why nothing more can be written, as an error of the system; nil while it can.
    var failure: Int32? { state.withLock(\.failure) }

    /// Puts text in, or counts it as left out; never waits.
    ///
    /// Without `isCounted` it is shown only if nothing waits.
    func enqueue(_ text: String, isCounted: Bool = true) {
        let needsThread = state.withLock { state in
            guard state.accepts(text.utf8.count, capacity, isCounted: isCounted) else { return false }
            if state.untold > 0, reportsLosses {
                state.waiting += Array("(\(state.untold) lines were left out: nobody took them)\n".utf8)
                state.untold = 0
            }
            state.waiting += Array(text.utf8)
            defer { state.hasThread = true }
            return !state.hasThread
        }
        if needsThread { startThread() }
        wake.signal()
    }

    private func startThread() {
        do {
            try WorkerThread.start("output") { [self] in writeForEver() }
        } catch {
            // Then as much is shown as is taken at once: why nothing works must be said.
            while isTaking, let bytes = next() { write(bytes) }
            state.withLock { ($0.hasThread, $0.isWriting) = (false, false) }
        }
    }

    private var isTaking: Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return poll(&entry, 1, 0) == 1
    }

    private func writeForEver() {
        while true {
            wake.wait()
            while let bytes = next() { write(bytes) }
        }
    }

    private func next() -> [UInt8]? {
        state.withLock { state in
            state.isWriting = !state.waiting.isEmpty && state.failure == nil
            guard state.isWriting else { return nil }
            // Small pieces: what is left over when a reader stops is then little.
            let piece = Array(state.waiting.prefix(4096))
            state.waiting.removeFirst(piece.count)
            return piece
        }
    }

    private func write(_ bytes: [UInt8]) {
        var done = 0
        while done < bytes.count {
            let size = bytes.withUnsafeBytes { source in
                Glibc.write(descriptor, source.baseAddress.map { $0 + done }, source.count - done)
            }
            if size > 0 {
                done += size
            } else if errno == EAGAIN {
                // The terminal was set not to wait by another program that uses it.
                var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = poll(&entry, 1, -1)
            } else if errno != EINTR {
                let code = errno
                return state.withLock { $0.abandon(code) }
            }
        }
    }

    /// Waits until all is written, but no longer than `milliseconds` while nothing moves; whether it is.
    func drain(milliseconds: Int) -> Bool {
        var (left, before) = (milliseconds, Int.max)
        while true {
            let (count, isWriting, failure) = state.withLock { ($0.waiting.count, $0.isWriting, $0.failure) }
            if failure != nil { return false }
            if count == 0, !isWriting { return true }
            (left, before) = (count < before ? milliseconds : left - 5, count)
            guard left > 0 else { return false }
            usleep(5_000)
        }
    }
}

extension OutputQueue.State {
    fileprivate mutating func accepts(_ size: Int, _ capacity: Int, isCounted: Bool) -> Bool {
        if !isCounted { return waiting.isEmpty && !isWriting && failure == nil }
        // An empty queue takes anything: the summary may be longer than the bound.
        if failure == nil, waiting.isEmpty || waiting.count + size <= capacity { return true }
        (untold, leftOut) = (untold + 1, leftOut + 1)
        return false
    }

    /// Nobody reads any more: what waits is left out, and so is all that follows.
    fileprivate mutating func abandon(_ code: Int32) {
        leftOut += waiting.count { $0 == 0x0a }
        (failure, isWriting, waiting) = (code, false, [])
    }
}
