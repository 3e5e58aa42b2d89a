import ByteCoding
import Glibc
import MarketModel
import Recording

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
            try append(.status, record.connection, lastTime, record.json.span.bytes)
        }
        try writer?.closeChunk()
        chunkOpened = nil
        if let output { try flush(output) }
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
