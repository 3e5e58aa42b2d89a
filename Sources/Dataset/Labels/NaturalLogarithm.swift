#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The system's logarithm, the one function whose last bit may differ between machines.
enum NaturalLogarithm {
    static func of(_ value: Double) -> Double { log(value) }
}
