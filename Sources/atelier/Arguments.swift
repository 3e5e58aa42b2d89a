public import ArgumentParser
public import MarketFiles
import MarketModel
public import Synchronizer

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

    /// The length in the largest unit that keeps it whole.
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

/// A moment on the command line: RFC 3339, a date, or nanoseconds since the Unix epoch.
struct TimeArgument: ExpressibleByArgument {
    /// The moment, or the nearest one that 64 bits hold.
    let nanoseconds: Int64
    /// The moment as a log time, which reaches from 1970 to 2554.
    let logTime: UInt64

    init?(argument: String) {
        if let number = Int128(argument) {
            guard number > Int128(Int64.min), number <= Int128(UInt64.max) else { return nil }
            nanoseconds = Int64(clamping: number)
            logTime = UInt64(clamping: number)
        } else if let time = UnixTime.parse(rfc3339: argument)
            ?? UnixTime.parse(rfc3339: argument + "T00:00:00Z")
        {
            nanoseconds = time
            logTime = UInt64(clamping: time)
        } else {
            return nil
        }
    }
}

/// An instrument on the command line: `exchange/market/symbol`; the symbol may hold slashes.
struct InstrumentArgument: ExpressibleByArgument {
    let instrument: Instrument

    init?(argument: String) {
        let parts = argument.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let market = Market(rawValue: String(parts[1])), !parts[0].isEmpty,
            !parts[2].isEmpty
        else { return nil }
        instrument = Instrument(exchange: String(parts[0]), market: market, symbol: String(parts[2]))
    }
}

extension ClockMode: ExpressibleByArgument {}
extension TimeBasis: ExpressibleByArgument {}
extension ClockScope: ExpressibleByArgument {}
extension Sampling: ExpressibleByArgument {}
extension BookLayout: ExpressibleByArgument {}
extension FolderLayout: ExpressibleByArgument {}
extension FileEncoding: ExpressibleByArgument {}

/// A number of bytes such as `300000000`, `512MiB` or `2GB`.
struct ByteCountArgument: ExpressibleByArgument, CustomStringConvertible {
    let bytes: Int

    private static let units: [(name: String, bytes: Int)] = [
        ("", 1), ("b", 1), ("kb", 1000), ("mb", 1_000_000), ("gb", 1_000_000_000), ("k", 1 << 10),
        ("m", 1 << 20),
        ("g", 1 << 30), ("kib", 1 << 10), ("mib", 1 << 20), ("gib", 1 << 30),
    ]

    init?(argument: String) {
        let digits = argument.prefix { $0.isASCII && $0.isNumber }
        let name = argument.dropFirst(digits.count).lowercased()
        guard let count = Int(digits), let unit = Self.units.first(where: { $0.name == name }) else {
            return nil
        }
        let (bytes, overflow) = count.multipliedReportingOverflow(by: unit.bytes)
        guard !overflow, bytes > 0 else { return nil }
        self.bytes = bytes
    }

    var description: String { "\(bytes)" }
}
