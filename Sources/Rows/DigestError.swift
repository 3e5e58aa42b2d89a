/// Why rows cannot be digested.
public enum DigestError: Error, Equatable, Sendable, CustomStringConvertible {
    /// No temporary file for sorting them.
    case temporaryFile(reason: String)

    /// What happened, and what to do.
    public var description: String {
        switch self {
        case .temporaryFile(let reason):
            "temporary file for sorting rows: \(reason) (free space in TMPDIR or set it to another disk)"
        }
    }
}
