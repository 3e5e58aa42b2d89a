/// How far a build is.
public enum BuildStep: Sendable {
    /// Frames replayed so far, the bytes read of the recordings, and the bytes of all if that is known.
    case frames(Int, (read: UInt64, size: UInt64)?)
    /// Rows made so far.
    case rows(Int)
    /// Rows written so far, of all.
    case writing(Int, of: Int)
    /// Cuts of the log audited so far.
    case audit(Int)
}
