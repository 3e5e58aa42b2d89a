import Exchanges
import MarketModel
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket

#if TLS
import NIOSSL
#endif

/// Why nothing can be served.
public enum FakeExchangeError: Error, Equatable, CustomStringConvertible {
    /// The port cannot be opened, or the certificate cannot be used.
    case cannotServe(String)

    /// What happened.
    public var description: String {
        switch self {
        case .cannotServe(let reason): "cannot serve: \(reason)"
        }
    }
}
