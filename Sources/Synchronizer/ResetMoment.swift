import MarketModel

/// When something other than its own message resets a book.
public enum ResetMoment: Sendable {
    /// At the current frame, in the basis.
    case frame
    /// At a status record, which has a receive time only: nanoseconds since the Unix epoch.
    case status(Int64)
}
