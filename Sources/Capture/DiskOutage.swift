import ByteCoding
import Glibc
import MarketModel
import Recording

/// What a full disk takes back and keeps out, until the log has said so.
///
/// A count is owed until the chunk that says it is whole in a file: should that fail too, it is still owed.
struct DiskOutage {
    /// Received frames since the file was last whole, by connection.
    private var unsound: [UInt64]
    /// Frames that records since then say were lost before: should those records go, they are owed again.
    private var unsoundWords: [UInt64]
    /// Frames lost that the log does not tell of yet.
    private(set) var owed: [UInt64]
    /// Received frames whole in the file at hand, by connection.
    private var sound: [UInt64]
    /// Why, in a few words for the log.
    var reason = "the log could not be written"
    /// Frames lost to the disk since the outage began.
    private(set) var lost: [UInt64]
    /// When to try again, monotonic nanoseconds.
    var nextRetry: Int64 = 0
    /// Whether it was told that frames are being lost.
    var isTold = false

    init(connections: Int) {
        unsound = Array(repeating: 0, count: connections)
        unsoundWords = unsound
        owed = unsound
        lost = unsound
        sound = unsound
    }

    /// An entry is in the file, which is not whole yet.
    mutating func wrote(_ kind: FrameQueue.Kind, _ connection: Int, _ bytes: RawSpan) {
        if kind == .received {
            unsound[connection] += 1
        } else if kind == .status {
            unsoundWords[connection] += DiskOutage.count(bytes)
        }
    }

    /// The file is whole.
    mutating func settled() {
        for index in unsound.indices {
            sound[index] += unsound[index]
            (unsound[index], unsoundWords[index]) = (0, 0)
        }
    }

    /// Nothing can happen any more to the frames of the file at hand.
    mutating func fileEnded() {
        for index in sound.indices { (sound[index], unsound[index], unsoundWords[index]) = (0, 0, 0) }
    }

    /// The file at hand is gone with all its frames; returns how many.
    mutating func fileRemoved() -> UInt64 {
        for index in sound.indices { unsound[index] += sound[index] }
        return cutBack()
    }

    /// What the file is cut back by is lost; returns how many frames.
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

    /// An entry finds no file; whether that is a frame lost now (and not word of others).
    mutating func missed(_ kind: FrameQueue.Kind, _ connection: Int, _ bytes: RawSpan) -> Bool {
        if kind == .status { owed[connection] += DiskOutage.count(bytes) }
        guard kind == .received else { return false }
        owed[connection] += 1
        lost[connection] += 1
        return true
    }

    /// The log tells of all that was owed, in a whole chunk.
    mutating func told() {
        for index in owed.indices { (owed[index], lost[index]) = (0, 0) }
        isTold = false
    }

    /// How many lost frames a status record tells of.
    private static func count(_ bytes: RawSpan) -> UInt64 {
        guard let record = StatusRecord(bytes), record.state == .dropped else { return 0 }
        return record.count ?? 0
    }
}
