import CCrypto

/// An incremental SHA-256.
public struct SHA256: Sendable {
    private var context = SHA256_CTX()

    /// Starts with no bytes.
    public init() { SHA256_Init(&context) }

    /// Adds further bytes.
    public mutating func update(_ bytes: RawSpan) {
        _ = bytes.withUnsafeBytes { SHA256_Update(&context, $0.baseAddress, $0.count) }
    }

    /// Returns the 32 bytes of the digest and starts over.
    public mutating func finish() -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        SHA256_Final(&digest, &context)
        SHA256_Init(&context)
        return digest
    }

    /// Returns the digest as 64 lower-case hexadecimal digits and starts over.
    public mutating func finishHexadecimal() -> String { Hexadecimal.text(finish()) }

    /// The digest of bytes.
    public static func digest(of bytes: RawSpan) -> [UInt8] {
        var digest = SHA256()
        digest.update(bytes)
        return digest.finish()
    }

    /// The digest of a text's UTF-8 bytes.
    public static func digest(of text: String) -> [UInt8] { text.withBytes { digest(of: $0) } }

    // MARK: - Written down

    /// The state of a digest under way: eight words of 32 bits, the number of bytes so far (64 bits, both
    /// little-endian), and those behind the last whole block of 64.
    public var midstate: [UInt8] {
        let words = withUnsafeBytes(of: context.h) { [UInt8]($0) }
        let count = withUnsafeBytes(of: byteCount.littleEndian) { [UInt8]($0) }
        let tail = withUnsafeBytes(of: context.data) { [UInt8]($0.prefix(Int(context.num))) }
        return words + count + tail
    }

    /// Goes on from a ``midstate``; nil if it is none.
    public init?(midstate: [UInt8]) {
        self.init()
        guard midstate.count >= 40 else { return nil }
        let count = midstate[32..<40].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard midstate.count == 40 + Int(count % 64), count < 1 << 61 else { return nil }
        withUnsafeMutableBytes(of: &context.h) { $0.copyBytes(from: midstate[..<32]) }
        withUnsafeMutableBytes(of: &context.data) { $0.copyBytes(from: midstate[40...]) }
        context.num = UInt32(count % 64)
        (context.Nl, context.Nh) = (UInt32(truncatingIfNeeded: count << 3), UInt32(count >> 29))
    }

    private var byteCount: UInt64 { UInt64(context.Nh) << 29 | UInt64(context.Nl) >> 3 }
}
