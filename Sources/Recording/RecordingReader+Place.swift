import MCAP

// Going on from a frame that an earlier reader reached.
extension RecordingReader {
    /// The place of the current frame; nil where what lies before it cannot be passed over.
    ///
    /// That is in files of other people, slices, and files of which anything was lost, here or before they were
    /// recovered.
    package var place: RecordingPlace? {
        guard isProfiled, indexed == nil, sorted == nil, slice.isWhole, state.pointee.lostIndexes == 0,
            recoveryFacts == nil, reader.losses.isEmpty, let record = reader.recordsOfChunk
        else { return nil }
        var place = RecordingPlace()
        (place.chunk, place.record, place.start) = (reader.recordOffset, record, reader.counts.startTime)
        state.pointee.note(in: &place)
        return place
    }

    /// Goes to a place of this file, of whose frames at most those of one chunk are passed; false if no frame is there.
    ///
    /// Then nothing more can be read. Throws ``RecordingError/file(_:)`` if the file cannot be read.
    package func seek(to place: RecordingPlace) throws(RecordingError) -> Bool {
        guard indexed == nil, sorted == nil else { return false }
        let reader = reader
        do {
            guard try reader.seek(toChunkAt: place.chunk) else { return false }
            state.pointee.data = UnsafeRawBufferPointer(start: nil, count: 0)
            repeat {
                guard try reader.next() == .message else { return false }
                guard reader.recordOffset == place.chunk, let record = reader.recordsOfChunk,
                    record <= place.record
                else { return false }
            } while reader.recordsOfChunk != place.record
        } catch {
            throw .file("\(error)")
        }
        reader.count(messages: place.frames, from: place.start, to: place.clock)
        (state.pointee.isPrimed, state.pointee.isOver) = (false, false)
        state.pointee.isPlain = slice.isWhole
        read(reader.message, reader.data, at: reader.messageSlot)
        return state.pointee.resume(from: place)
    }
}
