import ByteCoding
import Glibc
import MarketModel
import Recording

/// Counts frames lost to a full disk until the log has a record of them.
///
/// A count is owed until the chunk that records it is complete on disk; if that chunk is lost, it is still
/// owed.
struct DiskOutage {
    /// Received frames since the file was last complete, by connection.
    private var unsound: [UInt64]
    /// Losses recorded since then: if those records are lost, they are owed again.
    private var unsoundWords: [UInt64]
    /// Lost frames that the log does not record yet.
    private(set) var owed: [UInt64]
    /// Received frames in complete chunks of the current file, by connection.
    private var sound: [UInt64]
    /// The reason, for the log.
    var reason = "the log could not be written"
    /// Frames lost to the disk since the outage began.
    private(set) var lost: [UInt64]
    /// When to try again: monotonic, in nanoseconds.
    var nextRetry: Int64 = 0
    /// Whether the loss was reported.
    var isTold = false

    init(connections: Int) {
        unsound = Array(repeating: 0, count: connections)
        unsoundWords = unsound
        owed = unsound
        lost = unsound
        sound = unsound
    }

    /// An entry was written to a chunk that is not complete yet.
    mutating func wrote(_ kind: FrameQueue.Kind, _ connection: Int, _ bytes: RawSpan) {
        if kind == .received {
            unsound[connection] += 1
        } else if kind == .status {
            unsoundWords[connection] += DiskOutage.count(bytes)
        }
    }

    /// The file is complete up to here.
    mutating func settled() {
        for index in unsound.indices {
            sound[index] += unsound[index]
            (unsound[index], unsoundWords[index]) = (0, 0)
        }
    }

    /// The frames of the current file are safe.
    mutating func fileEnded() {
        for index in sound.indices { (sound[index], unsound[index], unsoundWords[index]) = (0, 0, 0) }
    }

    /// The current file was removed; returns how many frames it held.
    mutating func fileRemoved() -> UInt64 {
        for index in sound.indices { unsound[index] += sound[index] }
        return cutBack()
    }

    /// The file was truncated to its complete part; returns how many frames were lost.
    mutating func cutBack() -> UInt64 {
        var frames: UInt64 = 0
        for index in unsound.indices {
            frames += unsound[index]
            lost[index] += unsound[index]
            owed[index] += unsound[index] + unsoundWords[index]
        }
        fileEnded()
        return frames
    }

    /// An entry cannot be written; returns whether it is a lost frame (not a record of others).
    mutating func missed(_ kind: FrameQueue.Kind, _ connection: Int, _ bytes: RawSpan) -> Bool {
        if kind == .status { owed[connection] += DiskOutage.count(bytes) }
        guard kind == .received else { return false }
        owed[connection] += 1
        lost[connection] += 1
        return true
    }

    /// The log records all that was owed, in a complete chunk.
    mutating func told() {
        for index in owed.indices { (owed[index], lost[index]) = (0, 0) }
        isTold = false
    }

    /// How many lost frames a status record states.
    private static func count(_ bytes: RawSpan) -> UInt64 {
        guard let record = StatusRecord(bytes), record.state == .dropped else { return 0 }
        return record.count ?? 0
    }
}
