import MarketModel

/// Names of market files: `{SYMBOL}_{ob|trades|…}_{sync|raw}_{yyyyMMdd_HHmmss.SSS}.parquet`.
public enum MarketFileName {
    /// The name of a file whose earliest time is `stamp` (nanoseconds since the Unix epoch); `collision` 1, 2, …
    /// takes `-1`, `-2`.
    public static func name(
        symbol: String,
        type: MarketDataType,
        stage: MarketFileStage,
        stamp: Int64,
        collision: Int = 0
    ) -> String {
        let suffix = collision == 0 ? "" : "-\(collision)"
        return "\(escaped(symbol))_\(type.tag)_\(stage.rawValue)_\(text(of: stamp))\(suffix).parquet"
    }

    /// A symbol as part of a path: `/` becomes `-`; other bytes than letters, digits, `-`, `_`, `.` are
    /// percent-encoded, and so is a leading dot.
    public static func escaped(_ symbol: String) -> String {
        var text = ""
        for byte in symbol.utf8 {
            switch byte {
            case 0x2f: text += "-"
            case 0x2e where text.isEmpty: text += "%2E"
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f:
                text.unicodeScalars.append(Unicode.Scalar(byte))
            default: text += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return text.isEmpty ? "%" : text
    }

    private static func text(of stamp: Int64) -> String {
        let full = UnixTime.rfc3339(stamp, fractionDigits: 3)
        // 2026-08-09T21:05:48.228Z → 20260809_210548.228
        let digits = full.dropLast().filter { $0 != "-" && $0 != ":" }
        return String(digits.map { $0 == "T" ? "_" : $0 })
    }
}
