import MarketModel

/// Numbers as the page shows them, by integers alone: the same digits on every machine.
package enum NumberText {
    /// A count: `1,234,567`.
    package static func grouped(_ value: some BinaryInteger) -> String { grouped(digits: String(value)) }

    private static func grouped(digits: String) -> String {
        let sign = digits.hasPrefix("-") ? "-" : ""
        let body = digits.dropFirst(sign.count)
        var text = ""
        for (index, digit) in body.enumerated() {
            if index > 0, (body.count - index).isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return sign + text
    }

    /// A number with a fixed number of decimals.
    package static func fixed(_ value: Double, decimals: Int) -> String {
        let scaled = (value * PowersOfTen.double(decimals)).rounded()
        guard scaled.magnitude < 9e15 else { return "\(value)" }
        let digits = String(Int64(scaled.magnitude))
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
        let whole = grouped(digits: String(padded.dropLast(decimals)))
        let sign = scaled < 0 ? "−" : ""
        return sign + (decimals > 0 ? "\(whole).\(padded.suffix(decimals))" : whole)
    }

    /// A coordinate in a drawing: one decimal, or none if it is zero.
    static func coordinate(_ value: Double) -> String {
        let tenths = Int64((value * 10).rounded())
        let sign = tenths < 0 ? "-" : ""
        let (whole, tenth) = tenths.magnitude.quotientAndRemainder(dividingBy: 10)
        return tenth == 0 ? "\(sign)\(whole)" : "\(sign)\(whole).\(tenth)"
    }

    /// A percentage, rounded to 0 % or 100 % only if exact.
    package static func percent(_ part: Int, of whole: Int) -> String {
        guard whole > 0 else { return "–" }
        let share = Double(part) * 100 / Double(whole)
        let text = fixed(share, decimals: 1)
        if part < whole, text == "100.0" { return "> 99.9 %" }
        if part > 0, text == "0.0" { return "< 0.1 %" }
        return text + " %"
    }

    /// A number of bytes: `1.5 MiB`.
    package static func bytes(_ count: UInt64) -> String {
        let units = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
        guard count >= 1024 else { return "\(count) bytes" }
        var (value, index) = (Double(count) / 1024, 0)
        while value >= 1024, index + 1 < units.count {
            value /= 1024
            index += 1
        }
        return "\(fixed(value, decimals: value < 10 ? 2 : 1)) \(units[index])"
    }

    /// A duration in nanoseconds, to about four digits: `12.8 s`, `1 h 02 min`.
    package static func duration(_ nanoseconds: Int64) -> String {
        let second = UnixTime.second
        if nanoseconds >= 3600 * second {
            let minutes = nanoseconds / (60 * second)
            return "\(grouped(minutes / 60)) h \(minutes % 60 < 10 ? "0" : "")\(minutes % 60) min"
        }
        if nanoseconds >= 600 * second {
            let seconds = nanoseconds / second
            return "\(seconds / 60) min \(seconds % 60 < 10 ? "0" : "")\(seconds % 60) s"
        }
        for (unit, name) in [(second, "s"), (1_000_000, "ms"), (1000, "µs")] where nanoseconds >= unit {
            let value = Double(nanoseconds) / Double(unit)
            return "\(trimmed(fixed(value, decimals: value < 10 ? 3 : value < 100 ? 2 : 1))) \(name)"
        }
        return "\(nanoseconds) ns"
    }

    private static func trimmed(_ text: String) -> String {
        guard text.contains(".") else { return text }
        var text = text
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text
    }
}
