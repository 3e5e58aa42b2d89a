import MCAP

/// A range of bytes of a recording that could not be read, and what it is known to have held.
public struct FileLoss: Equatable, Sendable {
    /// Offset of the first byte in the file.
    public var offset: UInt64
    /// How many bytes; 0 if frames are missing though all bytes were read.
    public var bytes: UInt64
    /// How many frames it held, if an index or the channels' counters tell.
    public var frames: UInt64?
    /// Log time of the first of them, if known: nanoseconds since the Unix epoch.
    public var startTime: UInt64?
    /// Log time of the last of them, if known.
    public var endTime: UInt64?
    /// What is wrong.
    public var reason: String

    init(_ loss: Loss) {
        offset = loss.offset
        bytes = loss.length
        frames = loss.messages
        startTime = loss.startTime
        endTime = loss.endTime
        reason = loss.reason
    }
}
