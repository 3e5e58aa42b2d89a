import MarketModel

/// Names of market files: `{SYMBOL}_{ob|trades|…}_{sync|raw}_{yyyyMMdd_HHmmss.SSS}.parquet`.
public enum MarketFileName {
    /// The name of a file whose earliest time is `stamp` (nanoseconds since the Unix epoch); `collision` 1,
    /// 2, … appends `-1`, `-2`.
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

    /// The most bytes of a symbol in a name: file systems allow 255 for the whole name.
    private static let longestSymbol = 150

    /// A symbol in a file name: `/` becomes `-`, the rest is as in ``partition(_:)``.
    public static func escaped(_ symbol: String) -> String { escape(symbol, slash: "-") }

    /// A value of a folder such as `symbol=…`: bytes other than letters, digits, `-`, `_`, `.` are
    /// percent-encoded, and so is a leading dot.
    ///
    /// A text too long for a file system is cut and ends in `~` and a hash of the whole.
    public static func partition(_ text: String) -> String { escape(text, slash: "%2F") }

    private static func escape(_ symbol: String, slash: String) -> String {
        let text = percentEncoded(symbol, slash: slash)
        guard text.utf8.count > longestSymbol else { return text.isEmpty ? "%" : text }
        let mark = symbol.utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return text.prefix(longestSymbol - 17) + "~" + String(mark, radix: 16)
    }

    private static func percentEncoded(_ symbol: String, slash: String) -> String {
        var text = ""
        for byte in symbol.utf8 {
            switch byte {
            case 0x2f: text += slash
            case 0x2e where text.isEmpty: text += "%2E"
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f:
                text.unicodeScalars.append(Unicode.Scalar(byte))
            default: text += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return text
    }

    private static func text(of stamp: Int64) -> String {
        let full = UnixTime.rfc3339(stamp, fractionDigits: 3)
        // 2026-08-09T21:05:48.228Z → 20260809_210548.228
        let digits = full.dropLast().filter { $0 != "-" && $0 != ":" }
        return String(digits.map { $0 == "T" ? "_" : $0 })
    }
}
