import ArgumentParser
import Glibc
import MarketModel

/// How fast recorded time passes: `max`, `1x`, `10x`, `0.5x`.
struct SpeedArgument: ExpressibleByArgument, CustomStringConvertible {
    /// Recorded seconds per second; nil = as fast as possible.
    let factor: Double?
    let description: String

    init?(argument: String) {
        description = argument
        if argument == "max" {
            factor = nil
            return
        }
        guard argument.hasSuffix("x"), let number = Double(argument.dropLast()), number.isFinite, number > 0
        else { return nil }
        factor = number
    }
}
