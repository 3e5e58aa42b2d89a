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
    mutating func took(_ kind: FrameQueue.Kind, _ connection: Int, _ bytes: RawSpan) {
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

// A full disk: the file is cut back to its last whole chunk, losses are counted, and a new file begins when there
// is room again.
extension LogWriter {
    /// There must be this much room before a new file is begun: a file that cannot take a few chunks would only be
    /// one more torn one.
    static let leastRoom: UInt64 = 2 << 20

    func lose(_ kind: FrameQueue.Kind, _ connection: Int, _ bytes: RawSpan) {
        if outage.missed(kind, connection, bytes) { counts.dropped += 1 }
    }

    /// The file cannot be written: it is cut back to its last whole chunk, and losses are counted.
    func suspend(_ reason: String) {
        warn("\(reason); frames are counted as lost until it can be written again")
        let isFull =
            reason.contains(String(cString: strerror(ENOSPC)))
            || reason.contains(String(cString: strerror(EDQUOT)))
        outage.reason = isFull ? "the disk was full" : "the log could not be written"
        if let output, soundPosition > headEnd {
            try? output.truncate(to: soundPosition)
            try? output.synchronize()
            keepPartial(output, "\(outage.reason); sound up to its last chunk (see: atelier recover)")
        } else if let output {
            // It holds nothing but its head: it never was.
            output.discard()
            counts.files -= 1
        }
        countLost(outage.cutBack())
        outage.nextRetry = Monotonic.now() + UnixTime.second
    }

    /// Somebody removed the file that is being written: its frames are lost, and a new one begins at once.
    func loseRemovedFile() {
        let name = output.map { $0.name + ".partial" } ?? plan.folder
        let frames = outage.fileRemoved()
        outage.reason = "the file was removed while it was written"
        warn("\(name): \(outage.reason); its \(frames) frames are counted as lost")
        countLost(frames)
        outage.nextRetry = 0
        resume(Monotonic.now())
    }

    /// No file is open; so many frames of the last one are lost.
    private func countLost(_ frames: UInt64) {
        follower?.withdraw()
        counts.frames -= min(counts.frames, frames)
        counts.dropped += frames
        (writer, output, chunkOpened) = (nil, nil, nil)
        guard !outage.isTold else { return }
        outage.isTold = true
        for connection in plan.connections.indices { outageBegan(connection, lastTime) }
    }

    /// Begins a new file if there is room; what was lost is in its first chunk, or there is no such file.
    ///
    /// The last file of a session is begun in any case: that word needs a kilobyte.
    func resume(_ now: Int64, isLast: Bool = false) {
        guard now >= outage.nextRetry else { return }
        outage.nextRetry = now + UnixTime.second
        guard isLast || hasRoom else { return }
        // Somebody may have removed it with all that was in it.
        LogFolder.make(plan.folder)
        do {
            try begin()
        } catch {
            return
        }
        let (owed, lost) = (outage.owed, outage.lost)
        do {
            try tell(owed)
        } catch {
            forget()
            return
        }
        outage.told()
        for connection in lost.indices { outageEnded(connection, lost[connection], lastTime) }
        warn("writing again: \(path)")
        rotated()
    }

    private var hasRoom: Bool {
        var facts = statvfs()
        guard statvfs(plan.folder, &facts) == 0 else { return true }
        return UInt64(facts.f_bavail) * UInt64(facts.f_frsize) >= LogWriter.leastRoom
    }

    /// Puts what was lost into the log, in a chunk of its own that is whole before anything counts as told.
    private func tell(_ owed: [UInt64]) throws(RecordingError) {
        var records: [(connection: Int, json: [UInt8])] = []
        for connection in owed.indices {
            if owed[connection] > 0 {
                let dropped = StatusRecord(.dropped, reason: outage.reason, count: owed[connection])
                records.append((connection, Array(dropped.json.utf8)))
            }
            let resumed = StatusRecord(.resumed, reason: "the log can be written again")
            records.append((connection, Array(resumed.json.utf8)))
        }
        for record in records {
            try put(.status, record.connection, lastTime, record.json.span.bytes)
        }
        try writer?.closeChunk()
        chunkOpened = nil
        if let output { try settle(output) }
    }

    /// The file just begun has no room for the word of what was lost: it never was.
    private func forget() {
        output?.discard()
        outage.fileEnded()
        follower?.withdraw()
        (writer, output, chunkOpened) = (nil, nil, nil)
        counts.files -= 1
    }
}

/// The folder of a session's files.
enum LogFolder {
    /// Makes it, and those above it, where they are missing; what cannot be made shows when a file is.
    static func make(_ path: String) {
        guard !holds(path) else { return }
        if let slash = path.lastIndex(of: "/"), slash > path.startIndex { make(String(path[..<slash])) }
        _ = mkdir(path, 0o777)
    }

    /// Whether there is something of this name.
    static func holds(_ path: String) -> Bool {
        var facts = stat()
        return lstat(path, &facts) == 0
    }
}
