import ByteCoding
import MCAP

// Where the next frame comes from: the stream, an index, or frames sorted beforehand.
extension RecordingReader {
    /// Reads all frames of the slice in advance and sorts them by time.
    func sort() throws(RecordingError) {
        let reader = reader
        do {
            sorted = try SortedFrames(of: reader, within: slice) { position in
                guard let isWanted else { return true }
                learnChannels()
                return isWanted(channels[position])
            } extra: {
                apply($0)
            }
        } catch {
            throw .file("\(error)")
        }
        learnChannels()
    }

    @inline(never)
    func advanceInSlice() throws(RecordingError) -> Bool {
        while !state.pointee.isOver {
            if state.pointee.isPrimed {
                state.pointee.isPrimed = false
                state.pointee.isPlain = indexed == nil && sorted == nil && slice.isWhole
            } else if try !readFrame() {
                state.pointee.isOver = true
                isAtEnd = true
                return false
            }
            if slice.isPast(time) {
                // If times only grow, no frame of the slice follows.
                guard state.pointee.isMonotonic || sorted != nil || indexed != nil else { continue }
                state.pointee.isOver = true
                return false
            }
            if time >= slice.from { return true }
        }
        return false
    }

    /// Reads metadata up to the first frame, which the first ``advance()`` returns.
    func prime() throws(RecordingError) {
        state.pointee.isPrimed = try readFrame()
        if !state.pointee.isPrimed {
            state.pointee.isOver = true
            isAtEnd = true
        }
        session = SessionIdentity(sessionFacts, firstFrame: state.pointee.isPrimed ? receiveTime : 0)
    }

    private func readFrame() throws(RecordingError) -> Bool {
        let isFrame = try readNext()
        let losses = indexed?.losses ?? reader.losses
        if losses.count > lossesSeen, losses[lossesSeen...].contains(where: { $0.messages != 0 }) {
            state.pointee.lostIndexes += 1
        }
        lossesSeen = losses.count
        return isFrame
    }

    private func readNext() throws(RecordingError) -> Bool {
        // The memory it points into may move.
        state.pointee.data = UnsafeRawBufferPointer(start: nil, count: 0)
        let reader = reader
        do {
            if let indexed {
                guard try indexed.next() else { return false }
                if state.pointee.isMonotonic {
                    if indexed.chunksTaken > chunksTaken { passOver(to: indexed.chunksTaken) }
                } else {
                    state.pointee.frameCount = indexed.messageIndex
                }
                read(indexed.message, indexed.data, at: reader.slot(indexed.message.channelID) ?? 0)
                return true
            }
            if let sorted {
                guard try sorted.next() else { return false }
                state.pointee.frameCount = sorted.index
                read(sorted.message, sorted.data, at: sorted.channelIndex)
                return true
            }
            while let event = try reader.next() {
                switch event {
                case .message:
                    read(reader.message, reader.data, at: reader.messageSlot)
                    return true
                case .metadata, .attachment: apply(event)
                }
            }
            return false
        } catch {
            throw .file("\(error)")
        }
    }

    private func apply(_ event: StreamReader.Event) {
        if event == .metadata { read(reader.metadata) }
        guard keepsExtras else { return }
        if event == .metadata, let record = reader.metadata { extras.append(.metadata(record)) }
        if event == .attachment, let record = reader.attachment { extras.append(.attachment(record)) }
    }

    /// Counts the frames of skipped chunks.
    private func passOver(to count: Int) {
        for position in chunksTaken..<min(count, skipped.count) {
            state.pointee.clock = max(state.pointee.clock, skipped[position].clock)
            state.pointee.frameCount += skipped[position].frames
        }
        chunksTaken = count
    }

    func read(_ metadata: Metadata?) {
        guard let metadata else { return }
        if metadata.name == Recovery.reportName {
            if Recovery.recordsLoss(metadata, afterIndexes: hasRecoveredOffsets) {
                state.pointee.lostIndexes += 1
            }
            hasRecoveredOffsets = hasRecoveredOffsets || Recovery.isLossMetadata(metadata)
            recoveryFacts = metadata
        }
        guard metadata.name == "session" else { return }
        if sessionFacts == nil {
            sessionFacts = metadata
        } else if state.pointee.frameCount > 0, SessionIdentity(metadata, firstFrame: 0).name != session.name
        {
            // Concatenated files: nothing of the first session continues.
            state.pointee.lostIndexes += 1
        }
    }

    func read(_ message: MessageHeader, _ data: RawSpan, at position: Int) {
        if position >= state.pointee.channelCount { learnChannels() }
        state.pointee.read(message, data, at: position)
    }

    private func learnChannels() {
        while channels.count < reader.channels.count {
            channels.append(FrameChannel(reader.channels[channels.count]))
        }
        state.pointee.makeRoom(channels.count)
    }
}
