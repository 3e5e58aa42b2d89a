/// What became of a frame; each frame has one.
@frozen
public enum FrameOutcome: UInt8, Sendable {
    /// A message of a decoded kind, its events (perhaps none) appended. Some entries may have been lost
    /// to errors, counted in ``EventBatch/errorCount``.
    case decoded
    /// A kind the coverage table names as ignored: acks, pongs, heartbeats, candles, status.
    case ignored
    /// A kind nobody named.
    case unknown
    /// Nothing in it could be read, or all there was to read was malformed.
    case error
}
