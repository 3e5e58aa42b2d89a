/// How one feature is scaled: `(x − center) / spread`, 0 where the spread is 0.
package struct FeatureScale: Equatable, Sendable {
    /// Mean or median of the unmasked training rows.
    package var center: Double
    /// What is divided by: that of ``measure``; 0 where it is within rounding of 0.
    package var spread: Double
    /// How many unmasked training rows there were.
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
        /// There is none: constant within rounding, or no value.
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

    /// Makes the median absolute deviation of a normal distribution its standard deviation.
    package static let robustFactor = 1.4826
    /// Does the same to the distance of its quartiles.
    package static let quartileFactor = 0.7413
}
