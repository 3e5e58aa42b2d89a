import CCrypto

/// An incremental SHA-256.
public final class SHA256 {
    private let context: OpaquePointer

    /// Starts with no bytes.
    public init() throws(ByteCodingError) {
        guard let context = EVP_MD_CTX_new() else { throw .setUpFailed(codec: "SHA-256") }
        guard EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
            EVP_MD_CTX_free(context)
            throw .setUpFailed(codec: "SHA-256")
        }
        self.context = context
    }

    deinit { EVP_MD_CTX_free(context) }

    /// Adds further bytes.
    public func update(_ bytes: RawSpan) {
        _ = bytes.withUnsafeBytes { EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
    }

    /// Returns the 32 bytes of the digest and starts over.
    public func finish() -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        var length: UInt32 = 32
        _ = EVP_DigestFinal_ex(context, &digest, &length)
        _ = EVP_DigestInit_ex(context, EVP_sha256(), nil)
        return digest
    }

    /// Returns the digest as 64 lower-case hexadecimal digits and starts over.
    public func finishHexadecimal() -> String { Hexadecimal.text(finish()) }
}
