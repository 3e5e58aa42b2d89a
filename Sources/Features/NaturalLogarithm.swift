package import MarketModel

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The system's logarithm, the one function whose last bit may differ between machines.
package enum NaturalLogarithm {
    /// `ln(exit / entry)` of a return, keeping the digits that a quotient near 1 would lose.
    package static func of(_ change: ExactReturn) -> Double { log1p(change.nearest) }
}
