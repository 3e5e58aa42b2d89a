import ByteCoding

/// What can go wrong with a Parquet file; the text says what, where, found, expected and what to do.
public enum ParquetError: Error, Equatable, Sendable {
    /// The operating system refused to open, read, write or sync the file; `code` is its `errno`, 0 if it has none.
    case fileSystem(String, code: Int32)
    /// The bytes are not those of a Parquet file.
    case notParquet(found: String)
    /// A sound file that uses a part of the format which this module does not read.
    case unsupported(feature: String, column: String?)
    /// The file contradicts the format or itself.
    case damaged(what: String, offset: Int64, column: String?)
    /// The checksum of a page differs from the one written with it.
    case checksum(column: String, offset: Int64, found: UInt32, expected: UInt32)
    /// A length in the file exceeds a limit of the reader; in bytes, except for the depth.
    case limit(ReaderLimit, found: Int64, limit: Int64, offset: Int64)
    /// The schema, the options or the values are invalid.
    case misuse(String)
}

extension ParquetError: CustomStringConvertible {
    /// The message for a person.
    public var description: String {
        switch self {
        case .fileSystem(let text, _):
            text
        case .notParquet(let found):
            "not a Parquet file: found \(found), expected the bytes PAR1 at both ends"
        case .unsupported(let feature, nil):
            "this file uses \(feature), which is not read here"
        case .unsupported(let feature, let column?):
            "column \(column) uses \(feature), which is not read here (try: name the other columns)"
        case .damaged(let what, let offset, nil):
            "damaged at byte \(offset): \(what)"
        case .damaged(let what, let offset, let column?):
            "column \(column), page at byte \(offset): \(what)"
        case .checksum(let column, let offset, let found, let expected):
            "column \(column), page at byte \(offset): CRC-32 was \(hexadecimal(found)), "
                + "expected \(hexadecimal(expected)); the page is corrupt"
        case .limit(let what, let found, let limit, let offset):
            "at byte \(offset): \(what.rawValue) takes \(found), the limit is \(limit) (try: \(what.advice))"
        case .misuse(let text):
            text
        }
    }
}

private func hexadecimal(_ value: UInt32) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
}

extension ParquetError {
    /// Runs file work and rethrows its failure as this module's error.
    static func rethrowing<Result>(
        _ work: () throws(ByteCodingError) -> Result
    ) throws(ParquetError) -> Result {
        do throws(ByteCodingError) {
            return try work()
        } catch {
            throw ParquetError(error)
        }
    }

    init(_ error: ByteCodingError) {
        if case .system(_, _, let code) = error {
            self = .fileSystem(error.description, code: code)
        } else {
            self = .fileSystem(error.description, code: 0)
        }
    }
}
