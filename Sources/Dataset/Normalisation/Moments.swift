import MarketModel

/// Count, sum, sum of squares and greatest magnitude of values, exact: those of parts merge into those of the whole.
struct Moments: Equatable, Sendable {
    private(set) var count = 0
    private(set) var greatest = 0.0
    private var sum = ExactSum(squares: false)
    private var squares = ExactSum(squares: true)

    mutating func add(_ value: Double) {
        count += 1
        greatest = max(greatest, abs(value))
        sum.add(value)
        squares.add(squareOf: value)
    }

    /// Adds the values of another, as if each had been added.
    mutating func merge(_ other: Moments) {
        count += other.count
        greatest = max(greatest, other.greatest)
        sum.merge(other.sum)
        squares.merge(other.squares)
    }

    /// The mean as the nearest double; 0 without values.
    var mean: Double {
        guard count > 0 else { return 0 }
        return ExactRatio.nearest(sum.whole, over: WideInteger(Int128(count)), exponent: sum.unit)
    }

    /// The population's standard deviation as the nearest double; 0 without values.
    var deviation: Double {
        guard count > 0 else { return 0 }
        let (total, number) = (sum.whole, WideInteger(Int128(count)))
        // n·Σx² − (Σx)² over n²; one unit of squares is the square of one unit.
        let numerator = number * squares.whole - total * total
        return ExactRatio.squareRoot(numerator, over: number * number, exponent: sum.unit)
    }

    /// The spread, or 0 if rounding alone could have caused it.
    func settled(_ spread: Double) -> Double {
        spread <= Double(sign: .plus, exponent: -40, significand: greatest) ? 0 : spread
    }
}

extension Moments: StateElement {
    static var blank: Moments { Moments() }

    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.packed("count", &count)
        try coder.packed("greatest", &greatest)
        // More would overflow a merge.
        guard 0...1 << 53 ~= count, greatest >= 0, greatest.isFinite else {
            throw coder.malformed("\(count) values up to \(greatest)")
        }
        try coder.packed("sum", &sum)
        try coder.packed("squares", &squares)
    }
}
