/// Fixed sizes and marks of the format.
enum Format {
    /// The bytes at both ends of a file: version 0.
    static let magic: [UInt8] = [0x89, 0x4d, 0x43, 0x41, 0x50, 0x30, 0x0d, 0x0a]
    /// Opcode and length.
    static let prefixSize = 9
    /// The message fields before its data.
    static let messageHeaderSize = 22
    /// The footer's content.
    static let footerSize = 20
    /// Footer record and closing magic.
    static let tailSize = prefixSize + footerSize + magic.count
}
