import ByteCoding

/// A position in a chunk, and the message there.
@usableFromInline
struct MessageCursor {
    /// The expanded chunk.
    @usableFromInline var base = UnsafeRawPointer(bitPattern: 8).unsafelyUnwrapped
    /// The heads of its records.
    @usableFromInline var heads = UnsafePointer<RecordHeader>(bitPattern: 8).unsafelyUnwrapped
    @usableFromInline var headCount = 0
    /// The next head.
    @usableFromInline var next = 0
    @usableFromInline var message = MessageHeader(channelID: 0, sequence: 0, logTime: 0, publishTime: 0)
    /// The index of its channel.
    @usableFromInline var slot: Int32 = 0
    @usableFromInline var data = UnsafeRawPointer(bitPattern: 8).unsafelyUnwrapped
    @usableFromInline var dataCount = 0
    @usableFromInline var messageCount: UInt64 = 0
    @usableFromInline var startTime = UInt64.max
    @usableFromInline var endTime: UInt64 = 0
    /// The index of the channel of each possible number; -1 if there is none.
    @usableFromInline let slots: UnsafeMutablePointer<Int32>

    init() {
        slots = .allocate(capacity: 1 << 16)
        slots.initialize(repeating: -1, count: 1 << 16)
    }

    /// Moves before the first record of a chunk, which must not change until the cursor leaves it.
    mutating func enter(_ chunk: ChunkContents) {
        base = chunk.buffer.unsafeBase
        heads = chunk.heads.unsafeBase.assumingMemoryBound(to: RecordHeader.self)
        (next, headCount) = (0, chunk.headCount)
    }

    mutating func leaveChunk() { (next, headCount) = (0, 0) }

    /// Moves to the next record if it is a message of one of the first `count` channels.
    @inlinable @inline(__always)
    mutating func readMessage(ofFirst count: Int) -> Bool {
        guard next < headCount else { return false }
        let head = heads + next
        let found = slots[Int(head.pointee.message.channelID)]
        guard head.pointee.isMessage, found >= 0, found < count else { return false }
        next += 1
        slot = found
        message = head.pointee.message
        // Safe: the walk found the whole record within the chunk.
        data = base + Int(head.pointee.start)
        dataCount = Int(head.pointee.dataCount)
        self.count(message.logTime)
        return true
    }

    @inlinable @inline(__always)
    mutating func count(_ time: UInt64) {
        messageCount &+= 1
        startTime = min(startTime, time)
        endTime = max(endTime, time)
    }
}
