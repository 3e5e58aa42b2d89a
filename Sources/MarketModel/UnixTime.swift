/// Conversions between text and times, which are `Int64` nanoseconds since the Unix epoch, UTC; integer
/// arithmetic only.
public enum UnixTime {
    /// Nanoseconds of a second.
    public static let second: Int64 = 1_000_000_000
    /// Nanoseconds of a millisecond.
    public static let millisecond: Int64 = 1_000_000
    /// Nanoseconds of a day.
    public static let day: Int64 = 86_400 * second

    /// Parses RFC 3339 (`2026-08-09T21:05:48.228568804Z`), 0–9 fractional digits, `Z` or a
    /// numeric offset; nil if it is anything else or outside the years 1678–2261.
    ///
    /// Cost: one pass, no allocation.
    public static func parse(rfc3339 text: RawSpan) -> Int64? {
        let count = text.byteCount
        guard count >= 20, let date = digits(text, 0, 4, then: 0x2d),
            let month = digits(text, 5, 2, then: 0x2d),
            let dayOfMonth = digits(text, 8, 2, then: nil), isDateEnd(text, 10),
            let hour = digits(text, 11, 2, then: 0x3a), let minute = digits(text, 14, 2, then: 0x3a),
            let second = digits(text, 17, 2, then: nil)
        else { return nil }
        guard (1...12).contains(month), (1...daysIn(month, of: date)).contains(dayOfMonth), hour < 24,
            minute < 60,
            second < 60 || second == 60 && hour == 23 && minute == 59
        else { return nil }
        var offset = 19
        guard let nanoseconds = fraction(text, &offset), let shift = zone(text, offset) else { return nil }
        let seconds = days(date, month, dayOfMonth) * 86_400 + hour * 3600 + minute * 60 + second - shift
        let (whole, overflow) = Int64(seconds).multipliedReportingOverflow(by: self.second)
        let (sum, carry) = whole.addingReportingOverflow(nanoseconds)
        return overflow || carry ? nil : sum
    }

    /// Parses the UTF-8 of `text`; see ``parse(rfc3339:)-(RawSpan)``.
    public static func parse(rfc3339 text: String) -> Int64? {
        let bytes = [UInt8](text.utf8)
        return parse(rfc3339: bytes.span.bytes)
    }

    /// The time as RFC 3339 in UTC with nine fractional digits, or as many as `fractionDigits` says.
    public static func rfc3339(_ time: Int64, fractionDigits: Int = 9) -> String {
        let (year, month, dayOfMonth) = date(of: time)
        let inDay = time - floorDivide(time, day) * day
        let seconds = inDay / second
        var text = "\(padded(year, 4))-\(padded(month, 2))-\(padded(dayOfMonth, 2))T"
        text += "\(padded(Int(seconds / 3600), 2)):\(padded(Int(seconds / 60 % 60), 2)):"
        text += padded(Int(seconds % 60), 2)
        if fractionDigits > 0 {
            text += "." + padded(Int(inDay % second), 9).prefix(min(fractionDigits, 9))
        }
        return text + "Z"
    }

    /// The UTC calendar date of a time.
    public static func date(of time: Int64) -> (year: Int, month: Int, day: Int) {
        // Days to civil date: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
        let shifted = Int(floorDivide(time, day)) + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    /// `⌊dividend / divisor⌋` for a positive divisor: unlike `/`, it does not round towards zero.
    @inlinable
    public static func floorDivide(_ dividend: Int64, _ divisor: Int64) -> Int64 {
        let quotient = dividend / divisor
        return dividend % divisor < 0 ? quotient - 1 : quotient
    }

    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let year = month <= 2 ? year - 1 : year
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func daysIn(_ month: Int, of year: Int) -> Int {
        if month == 2 { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28 }
        return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31
    }

    private static func byte(_ text: RawSpan, _ offset: Int) -> UInt8 {
        offset < text.byteCount ? text.unsafeLoad(fromByteOffset: offset, as: UInt8.self) : 0
    }

    private static func digits(_ text: RawSpan, _ start: Int, _ count: Int, then mark: UInt8?) -> Int? {
        var value = 0
        for offset in start..<(start + count) {
            let digit = byte(text, offset) &- 0x30
            guard digit <= 9 else { return nil }
            value = value * 10 + Int(digit)
        }
        if let mark, byte(text, start + count) != mark { return nil }
        return value
    }

    private static func isDateEnd(_ text: RawSpan, _ offset: Int) -> Bool {
        byte(text, offset) | 0x20 == 0x74 || byte(text, offset) == 0x20
    }

    private static func fraction(_ text: RawSpan, _ offset: inout Int) -> Int64? {
        guard byte(text, offset) == 0x2e else { return 0 }
        offset += 1
        var value: Int64 = 0
        var digits = 0
        while byte(text, offset) &- 0x30 <= 9 {
            digits += 1
            guard digits <= 9 else { return nil }
            value = value * 10 + Int64(byte(text, offset) &- 0x30)
            offset += 1
        }
        guard digits > 0 else { return nil }
        return value * PowersOfTen.int64(9 - digits)
    }

    /// Seconds east of UTC.
    private static func zone(_ text: RawSpan, _ offset: Int) -> Int? {
        let sign = byte(text, offset)
        if sign | 0x20 == 0x7a { return text.byteCount == offset + 1 ? 0 : nil }
        guard sign == 0x2b || sign == 0x2d, text.byteCount == offset + 6,
            let hours = digits(text, offset + 1, 2, then: 0x3a),
            let minutes = digits(text, offset + 4, 2, then: nil),
            hours < 24, minutes < 60
        else { return nil }
        return (sign == 0x2d ? -1 : 1) * (hours * 3600 + minutes * 60)
    }

    private static func padded(_ value: Int, _ width: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
    }
}
