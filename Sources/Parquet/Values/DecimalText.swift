/// Decimals of any length as text.
public enum DecimalText {
    /// The number whose unscaled value is `bytes`, two's complement, most significant first, times 10^-scale.
    public static func text(bigEndian bytes: [UInt8], scale: Int32) -> String {
        let isNegative = bytes.first.map { $0 >= 0x80 } ?? false
        var digits = decimalDigits(isNegative ? negated(bytes) : bytes)
        let places = Int(max(0, min(scale, 10_000)))
        if digits.count <= places {
            digits = String(repeating: "0", count: places + 1 - digits.count) + digits
        }
        let split = digits.index(digits.endIndex, offsetBy: -places)
        let text = places == 0 ? digits : digits[..<split] + "." + digits[split...]
        return isNegative ? "-" + text : text
    }

    private static func negated(_ bytes: [UInt8]) -> [UInt8] {
        var result = bytes.map { ~$0 }
        for index in result.indices.reversed() {
            result[index] &+= 1
            if result[index] != 0 { break }
        }
        return result
    }

    /// Divides by 10^9 again and again; quadratic, so values beyond 1 KiB are cut to their last bytes.
    private static func decimalDigits(_ bytes: [UInt8]) -> String {
        var rest = Array(bytes.suffix(1024))
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
