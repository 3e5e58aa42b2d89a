import MarketModel

/// A chart's range of values, with lines at 1, 2 or 5 times a power of ten.
struct ValueAxis {
    let least: Double
    let greatest: Double
    /// The values of the lines, and their texts.
    let ticks: [(value: Double, text: String)]

    /// An axis from `least` to `greatest` with about a given number of lines.
    init(from least: Double, to greatest: Double, lines: Int) {
        let (least, greatest) = ValueAxis.widened(least, greatest)
        let step = Step(atLeast: (greatest - least) / Double(max(1, lines)))
        let first = (least / step.value).rounded(.down)
        let last = (greatest / step.value).rounded(.up)
        // Values too large for a distinguishable step show only their ends.
        guard last - first < 100, last > first, first.magnitude < 9e15 else {
            (self.least, self.greatest) = (least, greatest)
            ticks = [(least, "\(least)"), (greatest, "\(greatest)")]
            return
        }
        let numbers = Int64(first)...Int64(last)
        ticks = numbers.map { number in
            let value = step.multiple(number)
            return (value, NumberText.fixed(value, decimals: step.decimals))
        }
        self.least = step.multiple(numbers.lowerBound)
        self.greatest = step.multiple(numbers.upperBound)
    }

    /// A range of one value gets room around it.
    private static func widened(_ least: Double, _ greatest: Double) -> (Double, Double) {
        if greatest - least > greatest.magnitude * 1e-12 { return (least, greatest) }
        let room = least == 0 ? 1 : least.magnitude * 0.001
        return (least - room, greatest + room)
    }

    /// The relative height of a value, from 0 to 1.
    func fraction(_ value: Double) -> Double {
        let share = (value - least) / (greatest - least)
        return share.isFinite ? min(1, max(0, share)) : 0
    }

    /// A step of an axis: 1, 2 or 5 times a power of ten.
    private struct Step {
        private let factor: Int64
        private let exponent: Int

        private static let exponents = -18...18

        init(atLeast raw: Double) {
            var exponent = Self.exponents.lowerBound
            while exponent < Self.exponents.upperBound, Self.power(exponent + 1) <= raw { exponent += 1 }
            let unit = Self.power(exponent)
            self.exponent = raw <= unit * 5 ? exponent : min(exponent + 1, Self.exponents.upperBound)
            factor = raw <= unit ? 1 : raw <= unit * 2 ? 2 : raw <= unit * 5 ? 5 : 1
        }

        var value: Double { multiple(1) }

        var decimals: Int { max(0, -exponent) }

        /// The double nearest to a multiple of the step.
        func multiple(_ number: Int64) -> Double {
            let scaled = Double(number) * Double(factor)
            let power = PowersOfTen.double(abs(exponent))
            return exponent < 0 ? scaled / power : scaled * power
        }

        private static func power(_ exponent: Int) -> Double {
            exponent < 0 ? 1 / PowersOfTen.double(-exponent) : PowersOfTen.double(exponent)
        }
    }
}
