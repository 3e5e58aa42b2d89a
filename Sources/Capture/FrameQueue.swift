package import ByteCoding
import Glibc
import MarketModel
import Recording

/// The bounded queue from sockets to disk: one thread adds frames, another removes them.
///
/// Frames that do not fit are counted; the count replaces them in the queue, before the next frame of their
/// connection or at the end.
///
/// The capacity is for frames. A REST reply may exceed it and waits beside them; while it is written, as
/// many bytes of frames more may wait. That extra room is given back as the queue empties and only a
/// further reply renews it.
package final class FrameQueue: @unchecked Sendable {
    /// The kinds of entry.
    package enum Kind: UInt8, Sendable {
        /// Received.
        case received
        /// Sent.
        case sent
        /// A ``StatusRecord`` as JSON.
        case status
        /// A pair of wall and monotonic time as JSON.
        case clock
        /// A ``GapNote``.
        case gap
        /// A REST reply, as ``LoggedReply`` writes it.
        case reply
    }

    // Guards everything below.
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var filling = GrowableBytes(capacity: 1 << 20)
    private let capacity: Int
    /// Bytes of replies in `filling`.
    private var replies = 0
    /// Extra capacity while the last batch, which held replies, is being written.
    private var excess = 0
    private var isClosed = false
    private var lost: [UInt64]
    /// The receive time of each connection's last lost frame.
    private var lostTime: [Int64]
    /// All frames lost.
    private var lostTotal: UInt64 = 0

    /// Larger buffers are not kept for reuse.
    private static let keptCapacity = 8 << 20

    /// Makes a queue of at most `capacity` bytes of frames.
    package init(capacity: Int, connections: Int) {
        self.capacity = capacity
        lost = Array(repeating: 0, count: connections)
        lostTime = Array(repeating: 0, count: connections)
        pthread_mutex_init(mutex, nil)
        // Monotonic: a clock that is set back must not delay the writer.
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        pthread_cond_destroy(condition)
        mutex.deallocate()
        condition.deallocate()
    }

    /// Adds an entry, or counts it as lost (false).
    ///
    /// Only received frames can be lost; all else is small or rare.
    @discardableResult
    package func enqueue(_ kind: Kind, connection: Int, time: Int64, _ bytes: RawSpan) -> Bool {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        let size = bytes.byteCount + GrowableBytes.entryHeaderSize
        if kind == .received, filling.count - replies + size > capacity + excess {
            lost[connection] += 1
            lostTime[connection] = time
            lostTotal += 1
            return false
        }
        if lost[connection] > 0 { recordLoss(connection) }
        let wasEmpty = filling.count == 0
        filling.appendEntry(kind, connection, time, bytes)
        if kind == .reply { replies += size }
        if wasEmpty { pthread_cond_signal(condition) }
        return true
    }

    private func recordLoss(_ connection: Int) {
        let record = StatusRecord(.dropped, reason: "the disk does not keep up", count: lost[connection])
        let json = Array(record.json.utf8)
        filling.appendEntry(.status, connection, lostTime[connection], json.span.bytes)
        lost[connection] = 0
    }

    /// No more entries will come.
    package func close() {
        pthread_mutex_lock(mutex)
        for connection in lost.indices where lost[connection] > 0 { recordLoss(connection) }
        isClosed = true
        pthread_cond_signal(condition)
        pthread_mutex_unlock(mutex)
    }

    /// Frames lost so far.
    package var droppedFrames: UInt64 {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return lostTotal
    }

    /// Waits up to `milliseconds` for entries and calls `body` with each; false once closed and empty.
    ///
    /// `spare` is swapped with the filled buffer; it is the caller's, and empty.
    package func drain(
        into spare: inout GrowableBytes,
        milliseconds: Int,
        _ body: (Kind, Int, Int64, RawSpan) -> Void
    ) -> Bool {
        pthread_mutex_lock(mutex)
        if filling.count == 0, !isClosed { wait(milliseconds) }
        swap(&filling, &spare)
        // Extra capacity shrinks to what is in use, and grows only by a further reply.
        excess = replies + min(excess, max(0, spare.count - replies - capacity))
        replies = 0
        let goesOn = !isClosed || spare.count > 0
        pthread_mutex_unlock(mutex)
        spare.forEachEntry(body)
        // Frees the memory of a burst, which may be rare.
        if spare.capacity > Self.keptCapacity {
            spare = GrowableBytes(capacity: 1 << 20)
        } else {
            spare.removeAll()
        }
        return goesOn
    }

    private func wait(_ milliseconds: Int) {
        var until = timespec()
        clock_gettime(CLOCK_MONOTONIC, &until)
        until.tv_nsec += milliseconds % 1000 * 1_000_000
        until.tv_sec += milliseconds / 1000 + until.tv_nsec / 1_000_000_000
        until.tv_nsec %= 1_000_000_000
        pthread_cond_timedwait(condition, mutex, &until)
    }
}
