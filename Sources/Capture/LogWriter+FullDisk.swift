import ByteCoding
import Glibc
import MarketModel
import Recording

// A full disk: the file is truncated to its last complete chunk, losses are counted, and a new file begins
// when there is room again.
extension LogWriter {
    /// The room needed to begin a new file: with less it would soon be torn again.
    static let leastRoom: UInt64 = 2 << 20

    func lose(_ kind: FrameQueue.Kind, _ connection: Int, _ bytes: RawSpan) {
        if outage.missed(kind, connection, bytes) { counts.dropped += 1 }
    }

    /// The file cannot be written: truncates it to its last complete chunk and counts the loss.
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
            // It holds only its header, so it is discarded.
            output.discard()
            counts.files -= 1
        }
        countLost(outage.cutBack())
        outage.nextRetry = Monotonic.now() + UnixTime.second
    }

    /// The file being written was removed: counts its frames as lost and begins a new one at once.
    func loseRemovedFile() {
        let name = output.map { $0.name + ".partial" } ?? plan.folder
        let frames = outage.fileRemoved()
        outage.reason = "the file was removed while it was written"
        warn("\(name): \(outage.reason); its \(frames) frames are counted as lost")
        countLost(frames)
        outage.nextRetry = 0
        resume(Monotonic.now())
    }

    /// Closes the file and counts `frames` of it as lost.
    private func countLost(_ frames: UInt64) {
        follower?.withdraw()
        counts.frames -= min(counts.frames, frames)
        counts.dropped += frames
        (writer, output, chunkOpened) = (nil, nil, nil)
        guard !outage.isTold else { return }
        outage.isTold = true
        for connection in plan.connections.indices { outageBegan(connection, lastTime) }
    }

    /// Begins a new file if there is room, and discards it unless its first chunk, with the losses, can be
    /// written.
    ///
    /// At the end of a session it is tried with any room: the record needs about a kilobyte.
    func resume(_ now: Int64, isLast: Bool = false) {
        guard now >= outage.nextRetry else { return }
        outage.nextRetry = now + UnixTime.second
        guard isLast || hasRoom else { return }
        // The folder may have been removed.
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

    /// Records the losses in a chunk of their own, which is complete before they count as recorded.
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

    /// Discards the new file, which has no room for the record of losses.
    private func forget() {
        output?.discard()
        outage.fileEnded()
        follower?.withdraw()
        (writer, output, chunkOpened) = (nil, nil, nil)
        counts.files -= 1
    }
}
