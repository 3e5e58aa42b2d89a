import Exchanges
import MarketModel
import Recording

/// Why nothing can be recorded.
public enum CaptureError: Error, Equatable, CustomStringConvertible {
    /// Not a WebSocket address.
    case badEndpoint(String)
    /// Not a REST address.
    case badRESTEndpoint(String)
    /// This build has no TLS.
    case noEncryption(String)
    /// The certificates cannot be used.
    case badCertificates(path: String, reason: String)
    /// A file or folder cannot be written.
    case file(String)
    /// Nothing to record.
    case noConnections

    /// What happened and what to do.
    public var description: String {
        switch self {
        case .badEndpoint(let text):
            "\"\(text)\" is no WebSocket address; expected ws://host[:port][/path] or wss://…"
        case .badRESTEndpoint(let text):
            "\"\(text)\" is no REST address; expected http://host[:port][/prefix] or https://…"
        case .noEncryption(let text):
            "\(text): this program was built without TLS (build it with the package trait TLS)"
        case .badCertificates(let path, let reason): "\(path): the certificates cannot be used: \(reason)"
        case .file(let reason): reason
        case .noConnections: "nothing to record: name an exchange and symbols"
        }
    }
}
