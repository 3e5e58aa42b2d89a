/// Logarithms without the system's library, whose last bits depend on the processor.
///
/// The result is the nearest double (ties cannot occur), from a table, a short series in two doubles and a bound of its
/// error; where that leaves two doubles, once in 20,000 to a million values, ``ExactLogarithm`` decides.
package enum NaturalLogarithm {
    /// `ln(exit / entry)` of a return, of the exact prices, as the nearest double.
    ///
    /// Takes about 90 ns; some 30 µs where it must be decided, some µs for prices beyond 64 bits.
    package static func of(_ change: ExactReturn) -> Double {
        switch change {
        case .narrow(let change, let entry): narrow(change, entry)
        case .wide(let change, let entry): wide(change, entry)
        }
    }

    private static func narrow(_ change: Int64, _ entry: Int64) -> Double {
        guard change != 0 else { return 0 }
        // Safe: the price at the exit has 64 bits.
        let exit = entry &+ change
        let start = Start(Double(exit) / Double(entry), exponent: 0)
        // The larger of both is shifted by what the smaller lacks: below 2^72.
        let left = Int128(exit) << Int128(6 + max(0, -start.exponent))
        let right = (Int128(entry) * Int128(start.quotient)) << Int128(max(0, start.exponent))
        let ratio = TwofoldNumber(left - right) / TwofoldNumber(left + right)
        return finish(start, ratio)
            ?? ExactLogarithm.of(WideInteger(Int128(exit)), over: WideInteger(Int128(entry)))
    }

    private static func wide(_ change: WideInteger, _ entry: WideInteger) -> Double {
        guard !change.isZero else { return 0 }
        let exit = entry + change
        let (first, second) = (exit.leading(bits: 64), entry.leading(bits: 64))
        let start = Start(
            Double(first.bits) / Double(second.bits),
            exponent: first.exponent - second.exponent
        )
        let left = exit << (6 + max(0, -start.exponent))
        let right = (entry * WideInteger(Int128(start.quotient))) << max(0, start.exponent)
        let (difference, sum) = ((left - right).leading(bits: 120), (left + right).leading(bits: 120))
        var ratio = TwofoldNumber(difference.bits) / TwofoldNumber(sum.bits)
        let exponent = difference.exponent - sum.exponent
        ratio.high = Double(sign: .plus, exponent: exponent, significand: ratio.high)
        ratio.low = Double(sign: .plus, exponent: exponent, significand: ratio.low)
        return finish(start, ratio) ?? ExactLogarithm.of(exit, over: entry)
    }

    /// A ratio of about `2^exponent · quotient / 64`.
    private struct Start {
        var exponent: Int
        var quotient: Int

        /// For about `ratio · 2^exponent`.
        init(_ ratio: Double, exponent: Int) {
            self.exponent = exponent + Int(ratio.exponent)
            var significand = ratio.significand
            if significand > 0x1.6a09e667f3bcdp0 {
                significand /= 2
                self.exponent += 1
            }
            quotient = Int(significand * 64 + 0.5)
        }
    }

    /// `exponent · ln 2 + ln(quotient / 64) + 2 artanh(ratio)`; nil if two doubles are within the error.
    ///
    /// The ratio is at most 1/180 in magnitude.
    private static func finish(_ start: Start, _ ratio: TwofoldNumber) -> Double? {
        let (exponent, table) = (
            Double(start.exponent), LogarithmTable.quotients[start.quotient - LogarithmTable.first]
        )
        let square = ratio.high * ratio.high
        // What follows of the series is below 2^-70 of this.
        let series = square * (1 / 3 + square * (1 / 5 + square * (1 / 7 + square * (1 / 9 + square / 11))))
        let rest = 2 * ratio.high * series
        // The product has at most 52 bits.
        let base = TwofoldNumber(adding: exponent * LogarithmTable.two.high, table.high)
        let sum = TwofoldNumber(adding: base.high, 2 * ratio.high)
        let second = exponent * LogarithmTable.two.low + table.low
        let low = (sum.low + base.low) + (second + (2 * ratio.low + rest))
        let size =
            abs(sum.low) + abs(base.low) + abs(exponent * LogarithmTable.two.low) + abs(table.low)
            + abs(2 * ratio.low) + abs(rest)
        // Ten roundings of parts no greater than their size, and those of tables and quotient.
        let error = 0x1p-49 * size + 0x1p-98 * abs(ratio.high)
        let (floor, ceiling) = (sum.high + (low - error), sum.high + (low + error))
        return floor == ceiling ? floor : nil
    }
}
