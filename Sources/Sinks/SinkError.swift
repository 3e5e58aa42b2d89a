/// Why a sink failed.
public enum SinkError: Error, Equatable, CustomStringConvertible {
    /// It cannot start or continue.
    case failed(sink: String, reason: String)

    /// What a sink threw: itself, or its text as the reason.
    init(_ error: any Error, of sink: String) {
        self = (error as? SinkError) ?? .failed(sink: sink, reason: "\(error)")
    }

    /// The sink and the reason.
    public var description: String {
        switch self {
        case .failed(let sink, let reason): "\(sink): \(reason)"
        }
    }
}
