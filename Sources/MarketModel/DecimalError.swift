/// Why a text is not an exact decimal.
public enum DecimalError: Error, Equatable, Sendable {
    /// Not a number: an empty text, a stray character, no digit. `offset` counts bytes from its start.
    case malformed(offset: Int)
    /// More digits than 64 bits hold, or a scale above ``FixedDecimal/maximumScale``.
    case overflow
}

extension DecimalError: CustomStringConvertible {
    /// What is wrong and where.
    public var description: String {
        switch self {
        case .malformed(let offset): "malformed number at byte \(offset) of its text"
        case .overflow: "number outside the exact range of a 64-bit mantissa and scale 36"
        }
    }
}
