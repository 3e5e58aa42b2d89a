import CZstd

enum Zstd {
    /// The four bytes a frame begins with.
    static let magic: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd]

    static func check(_ result: Int) throws(ByteCodingError) {
        guard ZSTD_isError(result) != 0 else { return }
        let reason = ZSTD_getErrorName(result).map { String(cString: $0) } ?? "error \(result)"
        throw .corrupt(codec: "zstd", reason: reason)
    }
}
