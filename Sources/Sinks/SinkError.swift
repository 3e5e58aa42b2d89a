import Features
import MarketModel
import Synchronizer

/// Why a sink failed.
public enum SinkError: Error, Equatable, CustomStringConvertible {
    /// It cannot begin or go on.
    case failed(sink: String, reason: String)

    /// Which and why.
    public var description: String {
        switch self {
        case .failed(let sink, let reason): "\(sink): \(reason)"
        }
    }
}
