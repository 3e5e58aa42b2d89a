import MarketModel

/// An exact share of a span, from 0 through 1, as plans write it in decimals.
public struct Share: Equatable, Sendable {
    /// The share in units of 10^(-18).
    let units: Int64

    /// All of it.
    static let whole = Share(units: PowersOfTen.int64(18))
    /// A share of 0.
    public static let zero = Share(units: 0)

    init(units: Int64) { self.units = units }

    /// A share in hundredths, from 0 through 100.
    init(percent: Int64) { units = percent * PowersOfTen.int64(16) }

    /// Reads a decimal from 0 through 1 with at most 18 digits; nil for anything else.
    public init?(_ text: String) {
        guard let decimal = try? FixedDecimal(text), let units = decimal.mantissa(atScale: 18),
            (0...Share.whole.units).contains(units)
        else { return nil }
        self.units = units
    }

    /// The decimal, without trailing zeros.
    var text: String {
        var value = FixedDecimal(mantissa: units, scale: 18)
        while value.scale > 1, value.mantissa % 10 == 0 {
            value = FixedDecimal(mantissa: value.mantissa / 10, scale: value.scale - 1)
        }
        return value.description
    }
}
