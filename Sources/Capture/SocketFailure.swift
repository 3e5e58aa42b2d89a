import NIOCore
import NIOHTTP1
import NIOPosix

#if TLS
import NIOSSL
#endif

/// Why a socket could not be opened or was given up, and how to fix it.
enum SocketFailure {
    static func text(of error: any Error, at endpoint: Endpoint) -> String {
        let address = "\(endpoint.host):\(endpoint.port)"
        switch error {
        case let error as NIOConnectionError: return text(of: error, at: endpoint)
        case let error as SocketAddressError.UnknownHost:
            return "the host \"\(error.host)\" is not known (name resolution failed)"
        case let error as IOError where error.errnoCode == ECONNREFUSED:
            return "nothing listens at \(address) (connection refused)"
        case let error as IOError: return "\(address): \(String(cString: strerror(error.errnoCode)))"
        case ChannelError.connectTimeout: return "\(address) does not answer (connection timed out)"
        case is HTTPParserError:
            return "\(address) does not speak HTTP; expected the answer to a WebSocket upgrade"
        case is NIOHTTPClientUpgradeError:
            return "\(address) does not open a WebSocket: it answers as if to another protocol"
        case is ChannelError: return "the connection with \(address) ended before the WebSocket was open"
        default: return encryption(error, endpoint) ?? "\(address): \(error)"
        }
    }

    private static func text(of error: NIOConnectionError, at endpoint: Endpoint) -> String {
        if let first = error.connectionErrors.first { return text(of: first.error, at: endpoint) }
        return "the host \"\(error.host)\" cannot be found (name resolution failed)"
    }

    #if TLS
    private static func encryption(_ error: any Error, _ endpoint: Endpoint) -> String? {
        let text = "\(error)"
        if text.contains("CERTIFICATE_VERIFY_FAILED") {
            return
                "the certificate of \(endpoint.host) is not trusted: no known authority signed it, or it has "
                + "expired (name its authority with --ca)"
        }
        if error is NIOSSLExtraError || text.contains("failedToValidateHostname") {
            return "the certificate of the server is not for \"\(endpoint.host)\": \(text)"
        }
        guard error is NIOSSLError || error is BoringSSLError else { return nil }
        let address = "\(endpoint.host):\(endpoint.port)"
        if text.contains("WRONG_VERSION_NUMBER") {
            return "\(address) does not speak TLS (for ws:// take that address)"
        }
        if text.contains("PROTOCOL_VERSION") || text.contains("UNSUPPORTED_PROTOCOL") {
            return "\(address) speaks no TLS of version 1.2 or later"
        }
        return text.contains("EOF during handshake")
            ? "\(address) ended the TLS handshake (perhaps it speaks no version 1.2 or later)"
            : "TLS with \(address) failed: \(text)"
    }
    #else
    private static func encryption(_ error: any Error, _ endpoint: Endpoint) -> String? { nil }
    #endif
}
