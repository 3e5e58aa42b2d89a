/// What replaces the log after a cut.
public enum TamperedTail: Sendable {
    /// The log's first frames again.
    case repeatedFromStart
    /// Every second frame of each file.
    case everySecondFrame

    /// The delay of the frames, beside what moves them past the cut: nanoseconds.
    static let delay: Int64 = 37_000_000
}
