/// What follows a cut of the log instead of what did.
public enum TamperedTail: Sendable {
    /// The log's first frames once more.
    case repeatedFromStart
    /// Every second frame of each file.
    case everySecondFrame

    /// How much later frames come than they did, beside what brings them behind the cut: nanoseconds.
    static let delay: Int64 = 37_000_000
}
