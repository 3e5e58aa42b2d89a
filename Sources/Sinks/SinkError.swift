import Features
import MarketModel
import Synchronizer

/// Why a sink failed.
public enum SinkError: Error, Equatable, CustomStringConvertible {
    /// It cannot start or continue.
    case failed(sink: String, reason: String)

    /// The sink and the reason.
    public var description: String {
        switch self {
        case .failed(let sink, let reason): "\(sink): \(reason)"
        }
    }
}
