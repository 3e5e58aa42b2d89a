import ByteCoding

/// The chunk being filled.
struct ChunkState: ~Copyable {
    var records = GrowableBytes(capacity: 1 << 20)
    var stored = GrowableBytes()
    var messageCount = 0
    var startTime: UInt64 = 0
    var endTime: UInt64 = 0
    /// Channels with messages, in order of their first.
    var used: [Int] = []
    /// The message indexes of the chunk, encoded as they are written after it.
    var indexes = GrowableBytes()
}
