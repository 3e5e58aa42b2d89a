/// How a server broke the WebSocket protocol (RFC 6455) or exceeded one of our limits: the connection
/// fails.
enum WebSocketFault: Error, Equatable {
    /// A server never masks (5.1).
    case masked
    /// Reserved bits, though no extension was agreed on (5.2).
    case reservedBits
    /// An opcode without a meaning (5.2).
    case reservedOpcode(UInt8)
    /// A control frame in fragments (5.5).
    case fragmentedControl
    /// A control frame of more than 125 bytes (5.5).
    case longControl
    /// A length in more bytes than it needs, or beyond 2⁶³ (5.2).
    case badLength
    /// A continuation of nothing (5.4).
    case strayContinuation
    /// A message that begins inside another (5.4).
    case interruptedMessage
    /// A close frame of one byte, or with a code that may not be sent (5.5.1, 7.4).
    case badClose
    /// The reason of a close is not UTF-8 (5.5.1).
    case badCloseReason
    /// More bytes than `--max-frame`.
    case tooLarge(limit: Int)
    /// More fragments than the limit.
    case tooManyFragments(limit: Int)
    /// The server does not read what it is sent.
    case unread(bytes: Int)

    /// The close code sent to the server (7.4.1).
    var closeCode: UInt16 {
        switch self {
        case .badCloseReason: 1007
        case .tooManyFragments, .unread: 1008
        case .tooLarge: 1009
        default: 1002
        }
    }

    /// Whether the server is at fault rather than our limits.
    var isBreach: Bool { closeCode == 1002 || closeCode == 1007 }

    /// What happened, and what to do if possible.
    var text: String {
        switch self {
        case .tooLarge(let limit): "a message is larger than --max-frame, \(limit) bytes (give a larger one)"
        case .tooManyFragments(let limit): "a message has more than \(limit) fragments"
        case .unread(let bytes): "the server does not read what it is sent: \(bytes) bytes wait"
        default: "the server broke the WebSocket protocol: \(breach)"
        }
    }

    private var breach: String {
        switch self {
        case .masked: "it masked a frame"
        case .reservedBits: "a frame has reserved bits set, as by an extension (compression) nobody asked for"
        case .reservedOpcode(let code): "a frame has the reserved opcode \(code)"
        case .fragmentedControl: "a control frame is fragmented"
        case .longControl: "a control frame has more than 125 bytes"
        case .badLength: "a frame's length is not written as it must be"
        case .strayContinuation: "a continuation frame continues nothing"
        case .interruptedMessage: "a message begins before the fragments of the last one end"
        case .badClose: "a close frame has one byte or a code that may not be sent"
        case .badCloseReason: "the reason in a close frame is no UTF-8"
        default: "\(self)"
        }
    }
}
