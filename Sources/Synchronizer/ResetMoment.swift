import MarketModel

/// When a book is reset by something that is no message of it.
public enum ResetMoment: Sendable {
    /// At the frame at hand, in the basis.
    case frame
    /// At a status record, which has a receive time only: nanoseconds since the Unix epoch.
    case status(Int64)
}
