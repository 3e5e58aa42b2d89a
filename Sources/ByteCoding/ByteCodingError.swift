/// What can go wrong between bytes and values: damaged bytes, a limit passed, or the operating system.
public enum ByteCodingError: Error, Equatable, CustomStringConvertible {
    /// A value reaches past the end of the bytes.
    case truncated(offset: Int, needed: Int, available: Int)
    /// A variable-length integer has more bytes than 64 bits need.
    case varintTooLong(offset: Int)
    /// The bytes are not valid for the codec.
    case corrupt(codec: String, reason: String)
    /// The output would pass the stated maximum; nothing beyond it was allocated.
    case outputTooLarge(codec: String, limit: Int)
    /// A library could not set up its state (memory).
    case setUpFailed(codec: String)
    /// A system call failed; `code` is its `errno`.
    case system(operation: String, path: String, code: Int32)
    /// The file ends before the bytes asked for.
    case endOfFile(path: String, offset: UInt64, needed: Int, available: Int)
    /// A line has no end within the limit.
    case lineTooLong(path: String, line: Int, limit: Int)

    /// What happened, where, and what to do.
    public var description: String {
        switch self {
        case .truncated(let offset, let needed, let available):
            "byte \(offset): \(needed) bytes needed, \(available) left"
        case .varintTooLong(let offset):
            "byte \(offset): a variable-length integer is longer than 10 bytes"
        case .corrupt(let codec, let reason):
            "\(codec) data is damaged: \(reason)"
        case .outputTooLarge(let codec, let limit):
            "\(codec) data expands beyond the limit of \(limit) bytes"
        case .setUpFailed(let codec):
            "\(codec): no memory for its state"
        case .system(let operation, let path, let code):
            "\(path): cannot \(operation): \(SystemCall.text(of: code))"
        case .endOfFile(let path, let offset, let needed, let available):
            "\(path): byte \(offset): \(needed) bytes needed, the file has \(available) more"
        case .lineTooLong(let path, let line, let limit):
            "\(path): line \(line) is longer than the limit of \(limit) bytes"
        }
    }
}
