import Exchanges
import MarketModel
import Recording

/// The parts of a WebSocket address.
package struct Endpoint: Equatable, Sendable {
    /// Whether it is `wss`.
    package let isSecure: Bool
    /// The host.
    package let host: String
    /// The port.
    package let port: Int
    /// The path with its query.
    package let path: String

    /// The address as users write it.
    package var text: String {
        let scheme = isSecure ? "wss" : "ws"
        let name = host.contains(":") ? "[\(host)]" : host
        return "\(scheme)://\(name)\(port == (isSecure ? 443 : 80) ? "" : ":\(port)")\(path)"
    }

    /// Parses an address.
    package init(_ text: String) throws(CaptureError) {
        let isSecure = text.hasPrefix("wss://")
        guard isSecure || text.hasPrefix("ws://") else { throw .badEndpoint(text) }
        let rest = text.dropFirst(isSecure ? 6 : 5)
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let authority = rest[..<slash]
        var (host, port) = (authority, isSecure ? 443 : 80)
        if let colon = authority.lastIndex(of: ":"), !authority.hasSuffix("]") {
            guard let number = Int(authority[authority.index(after: colon)...]), (1...65_535).contains(number)
            else { throw .badEndpoint(text) }
            (host, port) = (authority[..<colon], number)
        }
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard !host.isEmpty, !host.contains(where: { " []?#".contains($0) }) else { throw .badEndpoint(text) }
        (self.isSecure, self.host, self.port) = (isSecure, String(host), port)
        path = slash == rest.endIndex ? "/" : String(rest[slash...])
    }
}
