/// Why a reply tells nothing.
public enum DefinitionFault: Error, Equatable, CustomStringConvertible {
    /// The venue answers that it will not.
    case refused(String)
    /// It is no such reply.
    case unreadable(String)

    /// What was found.
    public var description: String {
        switch self {
        case .refused(let reason): "the venue refused: \(reason)"
        case .unreadable(let reason): reason
        }
    }
}
