import ArgumentParser
import MarketFiles
import MarketModel
import Synchronizer

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
