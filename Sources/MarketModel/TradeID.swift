/// A venue's identifier of a trade, its text kept inline: up to ``maximumLength`` bytes of UTF-8.
///
/// A number on most spot markets, a UUID on some derivatives. Empty = the venue sent none.
@frozen
public struct TradeID: Hashable, Sendable {
    @usableFromInline var words: (UInt64, UInt64, UInt64, UInt64, UInt64)
    /// The number of bytes.
    public let length: UInt8

    /// The longest identifier held; a longer one is a decode error.
    public static let maximumLength = 40
    /// No identifier.
    public static let none = TradeID()

    /// No identifier.
    @inlinable
    public init() {
        words = (0, 0, 0, 0, 0)
        length = 0
    }

    /// An identifier of these bytes; nil if there are more than ``maximumLength``.
    @inlinable
    public init?(_ text: RawSpan) {
        let count = text.byteCount
        guard count <= TradeID.maximumLength else { return nil }
        words = (0, 0, 0, 0, 0)
        length = UInt8(truncatingIfNeeded: count)
        withUnsafeMutableBytes(of: &words) { target in
            text.withUnsafeBytes { target.copyMemory(from: $0) }
        }
    }

    /// An identifier of bytes already packed in words, padded with zeros; at most ``maximumLength`` bytes.
    @inlinable
    package init(words: (UInt64, UInt64, UInt64, UInt64, UInt64), length: Int) {
        self.words = words
        self.length = UInt8(truncatingIfNeeded: length)
    }

    /// An identifier of the UTF-8 of `text`; nil if it is too long.
    public init?(_ text: String) {
        let bytes = [UInt8](text.utf8)
        self.init(bytes.span.bytes)
    }

    /// Whether the venue sent none.
    @inlinable
    public var isEmpty: Bool { length == 0 }

    /// Calls `body` with the identifier's bytes.
    @inlinable
    public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        withUnsafeBytes(of: words) { body(UnsafeRawBufferPointer(rebasing: $0[..<Int(length)])) }
    }

    /// The number that the bytes are the digits of; nil if they are none, or more than 18.
    @inlinable
    public var number: UInt64? {
        withBytes { bytes in
            guard 1...18 ~= bytes.count else { return nil }
            var number: UInt64 = 0
            for byte in bytes {
                guard byte &- 0x30 <= 9 else { return nil }
                number = number &* 10 &+ UInt64(byte &- 0x30)
            }
            return number
        }
    }

    /// Whether both have the same bytes.
    @inlinable
    public static func == (left: TradeID, right: TradeID) -> Bool {
        left.length == right.length && left.words == right.words
    }

    /// A 64-bit mix of the bytes, the same in every process: for tables that are never iterated.
    ///
    /// Independent wide products of two words each, folded, as in wyhash.
    @inlinable
    @inline(__always)
    public var fingerprint: UInt64 {
        let first = TradeID.fold(words.0 ^ 0x9e37_79b9_7f4a_7c15, words.1 ^ 0xbf58_476d_1ce4_e5b9)
        let second = TradeID.fold(words.2 ^ 0x94d0_49bb_1331_11eb, words.3 ^ 0xd6e8_feb8_6659_fd93)
        let third = (words.4 ^ UInt64(length)) &* 0xa076_1d64_78bd_642f
        return TradeID.fold(first ^ third ^ 0xe703_7ed1_a0b4_28db, second ^ 0x8ebc_6af0_9c88_c6e3)
    }

    /// Both halves of a product, combined.
    @inlinable
    @inline(__always)
    static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let (high, low) = left.multipliedFullWidth(by: right)
        return high ^ low
    }

    /// Hashes the bytes.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
        hasher.combine(words.2)
        hasher.combine(words.3)
        hasher.combine(words.4)
    }
}

extension TradeID: CustomStringConvertible {
    /// The identifier as the venue wrote it.
    public var description: String { withBytes { String(decoding: $0, as: UTF8.self) } }
}
