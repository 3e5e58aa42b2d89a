public import ByteCoding

/// Why an MCAP file cannot be read or written at all; damage within a file is a ``Loss`` instead.
public enum MCAPError: Error, Equatable, CustomStringConvertible {
    /// Reading or writing failed.
    case file(ByteCodingError)
    /// The first bytes are not MCAP's.
    case notMCAP(name: String, found: [UInt8])
    /// An MCAP file of a version this reader does not know.
    case unsupportedVersion(name: String, version: UInt8)
    /// The file has no index to seek by.
    case noIndex(name: String, reason: String)
    /// A record of the index or an asked-for record is damaged.
    case damaged(name: String, offset: UInt64, what: String)
    /// Something is larger than the reader's limit for it.
    case overLimit(name: String, offset: UInt64, what: String, size: UInt64, limit: Int)
    /// A record does not fit the format, or names a channel that was not declared.
    case unwritable(name: String, reason: String)

    /// What happened, where, and what to do.
    public var description: String {
        switch self {
        case .file(let error):
            error.description
        case .notMCAP(let name, let found):
            "\(name): not an MCAP file: expected 89 4d 43 41 50 30 0d 0a at byte 0, found "
                + (found.isEmpty ? "nothing" : MCAPError.pairs(found))
        case .unsupportedVersion(let name, let version):
            "\(name): MCAP major version byte \(MCAPError.pairs([version])) at byte 5, expected 30"
        case .noIndex(let name, let reason):
            "\(name): no index: \(reason) (try: atelier recover)"
        case .damaged(let name, let offset, let what):
            "\(name): byte \(offset): \(what) (try: atelier recover)"
        case .overLimit(let name, let offset, let what, let size, let limit):
            "\(name): byte \(offset): \(what) of \(size) bytes, the limit is \(limit) (add --max-chunk \(size))"
        case .unwritable(let name, let reason):
            "\(name): cannot write: \(reason)"
        }
    }

    static func pairs(_ bytes: [UInt8]) -> String {
        bytes.map { Hexadecimal.text([$0]) }.joined(separator: " ")
    }
}
