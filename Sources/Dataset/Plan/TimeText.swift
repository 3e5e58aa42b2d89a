import MarketModel

/// Durations and times as plans and flags write them.
package enum TimeText {
    private static let units: [(suffix: String, nanoseconds: Int64)] = [
        ("ns", 1), ("us", 1000), ("µs", 1000), ("ms", 1_000_000), ("s", UnixTime.second),
        ("min", 60 * UnixTime.second), ("m", 60 * UnixTime.second), ("h", 3600 * UnixTime.second),
        ("d", UnixTime.day),
    ]

    /// Nanoseconds of `250ms`, `1.5s`, `2h`; nil if it is anything else, or beyond 100 years.
    package static func duration(_ text: String) -> Int64? {
        let digits = text.prefix { $0.isASCII && $0.isNumber || $0 == "." }
        let suffix = text.dropFirst(digits.count)
        guard let unit = units.first(where: { $0.suffix == suffix }) else {
            return digits == "0" && suffix.isEmpty ? 0 : nil
        }
        let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let whole = Int64(parts[0]), parts.last?.isEmpty == false,
            whole <= 100 * 366 * UnixTime.day / unit.nanoseconds
        else { return nil }
        guard parts.count == 2 else { return whole * unit.nanoseconds }
        return fraction(parts[1], of: unit.nanoseconds).map { whole * unit.nanoseconds + $0 }
    }

    /// A fraction that is not a whole number of nanoseconds is refused.
    private static func fraction(_ digits: Substring, of unit: Int64) -> Int64? {
        var (rest, value) = (unit, Int64(0))
        for digit in digits {
            guard let number = digit.wholeNumberValue else { return nil }
            guard rest % 10 == 0 || number == 0 else { return nil }
            rest /= 10
            value += Int64(number) * rest
        }
        return value
    }

    /// The shortest text of a duration in one unit.
    package static func text(_ nanoseconds: Int64) -> String {
        if nanoseconds == 0 { return "0s" }
        for unit in ["d", "h", "min", "s", "ms", "us"] {
            guard let size = units.first(where: { $0.suffix == unit })?.nanoseconds else { continue }
            if nanoseconds % size == 0 { return "\(nanoseconds / size)\(unit)" }
        }
        return "\(nanoseconds)ns"
    }

    /// Nanoseconds since the epoch of RFC 3339, a date (midnight UTC) or plain nanoseconds.
    package static func instant(_ text: String) -> Int64? {
        if let nanoseconds = Int64(text) { return nanoseconds }
        return UnixTime.parse(rfc3339: text.utf8.count == 10 ? text + "T00:00:00Z" : text)
    }
}
