/// How one feature is scaled: `(x − center) / spread`, 0 where the spread is 0.
package struct FeatureScale: Equatable, Sendable {
    /// Mean or median of the unmasked training rows.
    package var center: Double
    /// Population standard deviation, or 1.4826 · median absolute deviation.
    package var spread: Double
    /// How many unmasked training rows there were.
    package var count: Int

    package init(center: Double, spread: Double, count: Int) {
        self.center = center
        self.spread = spread
        self.count = count
    }

    /// The scaled value, in double.
    package func scaled(_ value: Double) -> Double {
        spread == 0 || !spread.isFinite ? 0 : (value - center) / spread
    }

    /// Makes the median absolute deviation of a normal distribution its standard deviation.
    package static let robustFactor = 1.4826
}
