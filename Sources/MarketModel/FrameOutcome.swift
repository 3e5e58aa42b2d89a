/// The outcome of decoding a frame; each frame has one.
@frozen
public enum FrameOutcome: UInt8, Sendable {
    /// A message of a decoded kind, its events (perhaps none) appended. Some entries may have been lost
    /// to errors, counted in ``EventBatch/errorCount``.
    case decoded
    /// A kind the coverage table names as ignored: acks, pongs, heartbeats, candles, status.
    case ignored
    /// A kind that the coverage table does not name.
    case unknown
    /// Nothing in it could be read, or every entry was malformed.
    case error
}
