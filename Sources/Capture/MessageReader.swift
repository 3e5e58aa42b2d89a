import NIOCore

/// Parses a server's bytes into WebSocket messages, by the rules for a client without extensions (RFC
/// 6455).
///
/// Cost: an unfragmented message is a slice of the socket's buffer; others are copied once.
struct MessageReader {
    /// What a server can send.
    enum Item: Equatable {
        /// A complete text or binary message.
        case message(ByteBuffer)
        /// A ping with its content.
        case ping(ByteBuffer)
        /// A pong.
        case pong
        /// A close with its code and reason, if it has them.
        case close(code: UInt16?, reason: String)
    }

    private enum Opcode: UInt8 {
        case continuation = 0
        case text = 1
        case binary = 2
        case close = 8
        case ping = 9
        case pong = 10
    }

    private struct Head {
        var opcode: Opcode
        var isFinal: Bool
        /// Bytes of the header and the payload.
        var size: Int
        var length: Int
    }

    private let sizeLimit: Int
    private let fragmentLimit: Int
    /// Bytes not yet parsed.
    private var rest = ByteBuffer()
    /// The fragments of a message so far; nil between messages.
    private var message: ByteBuffer?
    private var fragments = 0

    /// Reads messages of at most `sizeLimit` bytes in at most `fragmentLimit` fragments.
    init(sizeLimit: Int, fragmentLimit: Int) {
        (self.sizeLimit, self.fragmentLimit) = (sizeLimit, fragmentLimit)
    }

    /// Appends received bytes.
    mutating func feed(_ bytes: ByteBuffer) {
        guard rest.readableBytes > 0 else {
            rest = bytes
            return
        }
        rest.discardReadBytes()
        var bytes = bytes
        rest.writeBuffer(&bytes)
    }

    /// The next item; nil until more bytes come.
    ///
    /// After a fault there are no more items.
    mutating func next() throws(WebSocketFault) -> Item? {
        while let head = try head() {
            guard rest.readableBytes - head.size >= head.length else {
                rest.reserveCapacity(minimumWritableBytes: head.size + head.length - rest.readableBytes)
                return nil
            }
            rest.moveReaderIndex(forwardBy: head.size)
            guard let content = rest.readSlice(length: head.length) else { return nil }
            if let item = try item(head, content) { return item }
        }
        return nil
    }

    // MARK: - Heads

    /// The header of the next frame; nil until it is complete.
    private func head() throws(WebSocketFault) -> Head? {
        let start = rest.readerIndex
        guard let first = rest.getInteger(at: start, as: UInt8.self) else { return nil }
        guard first & 0x70 == 0 else { throw .reservedBits }
        guard let opcode = Opcode(rawValue: first & 0x0f) else { throw .reservedOpcode(first & 0x0f) }
        guard let second = rest.getInteger(at: start + 1, as: UInt8.self) else { return nil }
        guard second & 0x80 == 0 else { throw .masked }
        let isControl = opcode.rawValue >= 8
        let isFinal = first & 0x80 != 0
        if isControl, !isFinal { throw .fragmentedControl }
        if isControl, second > 125 { throw .longControl }
        guard let (length, size) = try length(second, start + 2) else { return nil }
        guard length + (message?.readableBytes ?? 0) <= sizeLimit || isControl else {
            throw .tooLarge(limit: sizeLimit)
        }
        return Head(opcode: opcode, isFinal: isFinal, size: size, length: length)
    }

    /// The lengths of a frame's payload and header.
    private func length(_ code: UInt8, _ index: Int) throws(WebSocketFault) -> (length: Int, size: Int)? {
        switch code {
        case 126:
            guard let length = rest.getInteger(at: index, as: UInt16.self) else { return nil }
            guard length > 125 else { throw .badLength }
            return (Int(length), 4)
        case 127:
            guard let length = rest.getInteger(at: index, as: UInt64.self) else { return nil }
            guard length > UInt64(UInt16.max), length >> 63 == 0 else { throw .badLength }
            guard length <= UInt64(sizeLimit) else { throw .tooLarge(limit: sizeLimit) }
            return (Int(length), 10)
        default: return (Int(code), 2)
        }
    }

    // MARK: - Contents

    private mutating func item(_ head: Head, _ content: ByteBuffer) throws(WebSocketFault) -> Item? {
        switch head.opcode {
        case .ping: return .ping(content)
        case .pong: return .pong
        case .close: return try close(content)
        case .text, .binary:
            guard message == nil else { throw .interruptedMessage }
            if head.isFinal { return .message(content) }
            (message, fragments) = (content, 1)
            return nil
        case .continuation: return try continued(head, content)
        }
    }

    private mutating func continued(
        _ head: Head,
        _ content: ByteBuffer
    ) throws(WebSocketFault) -> Item? {
        guard message != nil else { throw .strayContinuation }
        fragments += 1
        guard fragments <= fragmentLimit else { throw .tooManyFragments(limit: fragmentLimit) }
        var content = content
        message?.writeBuffer(&content)
        guard head.isFinal, let whole = message else { return nil }
        message = nil
        return .message(whole)
    }

    private func close(_ content: ByteBuffer) throws(WebSocketFault) -> Item {
        var content = content
        guard content.readableBytes > 0 else { return .close(code: nil, reason: "") }
        guard let code = content.readInteger(as: UInt16.self), Self.maySend(code) else { throw .badClose }
        guard let reason = try? content.readUTF8ValidatedString(length: content.readableBytes) else {
            throw .badCloseReason
        }
        return .close(code: code, reason: reason)
    }

    /// Whether a close code may be sent in a frame: registered, library and private codes (7.4.2).
    private static func maySend(_ code: UInt16) -> Bool {
        switch code {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }
}
