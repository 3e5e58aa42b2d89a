/// Decimals of any length as text.
public enum DecimalText {
    /// Longer values are not converted: the work grows with the square of the length.
    public static let maximumBytes = 1024

    /// Scales beyond this, either way, are written as a power of ten.
    private static let mostZeros: Int32 = 10_000

    /// The number whose unscaled value is `bytes` (two's complement, most significant first) times
    /// 10^-scale; nil if it has more than ``maximumBytes`` significant bytes.
    public static func text(bigEndian bytes: [UInt8], scale: Int32) -> String? {
        let isNegative = bytes.first.map { $0 >= 0x80 } ?? false
        let magnitude = (isNegative ? negated(bytes) : bytes).drop { $0 == 0 }
        guard magnitude.count <= maximumBytes else { return nil }
        let text = placed(decimalDigits(Array(magnitude)), scale)
        return isNegative ? "-" + text : text
    }

    /// Digits with the decimal point at the scale.
    private static func placed(_ digits: String, _ scale: Int32) -> String {
        if scale > mostZeros || scale < -mostZeros { return "\(digits)E\(-Int64(scale))" }
        if scale <= 0 { return digits == "0" ? digits : digits + String(repeating: "0", count: -Int(scale)) }
        let missing = max(0, Int(scale) + 1 - digits.utf8.count)
        let full = String(repeating: "0", count: missing) + digits
        let split = full.index(full.endIndex, offsetBy: -Int(scale))
        return full[..<split] + "." + full[split...]
    }

    private static func negated(_ bytes: [UInt8]) -> [UInt8] {
        var result = bytes.map { ~$0 }
        for index in result.indices.reversed() {
            result[index] &+= 1
            if result[index] != 0 { break }
        }
        return result
    }

    /// Divides by 10^9 again and again.
    private static func decimalDigits(_ bytes: [UInt8]) -> String {
        var rest = bytes
        var groups: [String] = []
        while rest.contains(where: { $0 != 0 }) {
            var remainder: UInt64 = 0
            for index in rest.indices {
                let value = remainder << 8 | UInt64(rest[index])
                rest[index] = UInt8(truncatingIfNeeded: value / 1_000_000_000)
                remainder = value % 1_000_000_000
            }
            groups.append(String(remainder))
        }
        guard let first = groups.popLast() else { return "0" }
        let others = groups.reversed().map { String(repeating: "0", count: 9 - $0.count) + $0 }
        return first + others.joined()
    }
}
