/// How one feature is scaled: `(x − center) / spread`, 0 where the spread is 0.
package struct FeatureScale: Equatable, Sendable {
    /// Mean or median of the unmasked training rows.
    package var center: Double
    /// The divisor, as ``measure`` defines it; 0 if it is within rounding of 0.
    package var spread: Double
    /// The number of unmasked training rows.
    package var count: Int
    /// What the spread is.
    package var measure: Measure

    /// What a spread is.
    package enum Measure: String, Sendable {
        /// The population's standard deviation.
        case deviation = "sigma"
        /// 1.4826 · median absolute deviation.
        case medianDeviation = "mad"
        /// 0.7413 · (third quartile − first quartile).
        case quartiles = "iqr"
        /// No spread: constant within rounding, or no value.
        case none
    }

    package init(center: Double, spread: Double, count: Int, measure: Measure) {
        self.center = center
        self.spread = spread
        self.count = count
        self.measure = spread == 0 ? .none : measure
    }

    /// The scaled value, in double.
    package func scaled(_ value: Double) -> Double {
        spread == 0 || !spread.isFinite ? 0 : (value - center) / spread
    }

    /// Scales the median absolute deviation of a normal distribution to its standard deviation.
    package static let robustFactor = 1.4826
    /// Scales the interquartile range of a normal distribution to its standard deviation.
    package static let quartileFactor = 0.7413
}
