import ByteCoding
import Dispatch
import Glibc
import Synchronization

/// A bounded queue of text for a terminal, pipe or file that may block for ever, written by its own thread.
///
/// Text that does not fit is dropped and counted; once there is room again a line reports how much.
final class OutputQueue: @unchecked Sendable {
    fileprivate struct State {
        var waiting: [UInt8] = []
        var isWriting = false
        /// The system error that stopped writing; nil while it works.
        var failure: Int32?
        var hasThread = false
        /// Lines dropped since the last report, and in all.
        var untold = 0
        var leftOut = 0
    }

    private let descriptor: Int32
    private let capacity: Int
    /// Whether dropped lines are reported.
    private let reportsLosses: Bool
    private let state = Mutex(State())
    private let wake = DispatchSemaphore(value: 0)

    /// Makes a queue of at most `capacity` bytes before a descriptor.
    init(_ descriptor: Int32, capacity: Int, reportsLosses: Bool) {
        (self.descriptor, self.capacity, self.reportsLosses) = (descriptor, capacity, reportsLosses)
    }

    /// Lines dropped so far.
    var leftOut: Int { state.withLock(\.leftOut) }

    /// The system error that stopped writing; nil while it works.
    var failure: Int32? { state.withLock(\.failure) }

    /// Adds text, or counts it as dropped; never waits.
    ///
    /// Without `isCounted` it is shown only if the queue is empty.
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
            // No thread: write what is accepted at once, so that the error is shown.
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
            // Small pieces, so that little is left when a reader stops.
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
                // Another program set the terminal to non-blocking.
                var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = poll(&entry, 1, -1)
            } else if errno != EINTR {
                let code = errno
                return state.withLock { $0.abandon(code) }
            }
        }
    }

    /// Waits until all is written, at most `milliseconds` without progress; returns whether it is.
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
        // An empty queue accepts any text: the summary may exceed the bound.
        if failure == nil, waiting.isEmpty || waiting.count + size <= capacity { return true }
        (untold, leftOut) = (untold + 1, leftOut + 1)
        return false
    }

    /// There is no reader any more: drops the queue and all that follows.
    fileprivate mutating func abandon(_ code: Int32) {
        leftOut += waiting.count { $0 == 0x0a }
        (failure, isWriting, waiting) = (code, false, [])
    }
}
