import ArgumentParser
import MarketFiles
import MarketModel
import Synchronizer

/// A length of time on the command line: `100ms`, `1.5s`, `250us`, `2h`.
struct DurationArgument: ExpressibleByArgument, CustomStringConvertible {
    let nanoseconds: Int64

    init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    init?(argument: String) {
        let units: [(String, Int64)] = [
            ("ns", 1), ("us", 1000), ("µs", 1000), ("ms", 1_000_000), ("min", 60_000_000_000),
            ("s", 1_000_000_000), ("m", 60_000_000_000), ("h", 3_600_000_000_000), ("d", 86_400_000_000_000),
        ]
        guard
            let (suffix, unit) = units.first(where: { argument.hasSuffix($0.0) })
                ?? (argument == "0" ? ("", 1) : nil),
            let number = try? FixedDecimal(String(argument.dropLast(suffix.count))),
            case let product = Int128(number.mantissa) * Int128(unit), number.scale <= 18,
            case (let quotient, let remainder) = product.quotientAndRemainder(
                dividingBy: Int128(PowersOfTen.int64(Int(number.scale)))
            ), remainder == 0, let nanoseconds = Int64(exactly: quotient)
        else { return nil }
        self.nanoseconds = nanoseconds
    }

    var description: String { DurationArgument.text(nanoseconds) }

    /// The duration in the largest unit that divides it.
    static func text(_ nanoseconds: Int64) -> String {
        let units: [(String, Int64)] = [
            ("h", 3_600_000_000_000), ("min", 60_000_000_000), ("s", 1_000_000_000), ("ms", 1_000_000),
            ("us", 1000),
        ]
        if nanoseconds == 0 { return "0s" }
        for (suffix, unit) in units where nanoseconds % unit == 0 { return "\(nanoseconds / unit)\(suffix)" }
        return "\(nanoseconds)ns"
    }
}
