// Going to a place of a file without reading what lies before.

extension StreamReader {
    /// The records of the current message's chunk that were read, the message's included; nil if it is in no chunk.
    public var recordsOfChunk: Int? { chunkOffset == nil ? nil : cursor.pointee.next }

    /// Goes to the chunk at an offset, which ``next()`` then reads; false if the input is no plain file.
    ///
    /// Its channels must be known beforehand: those declared only before it are not read. Costs no read itself.
    public func seek(toChunkAt offset: UInt64) throws(MCAPError) -> Bool {
        if chunkOffset != nil { closeChunk() }
        guard try scanner.seek(to: offset) else { return false }
        (pending, isOver, previous, lossAwaitingIndex) = (false, false, (0, 0, 0), nil)
        return true
    }

    /// Counts messages as read, the current one included, whose log times lie between two: those before a place.
    public func count(messages: UInt64, from start: UInt64, to end: UInt64) {
        cursor.pointee.messageCount = messages
        (cursor.pointee.startTime, cursor.pointee.endTime) = (start, end)
    }
}
