/// The minimum, maximum and last of some values.
package struct ValueRange: Sendable, Equatable {
    /// How many values.
    package private(set) var count = 0
    /// The minimum; meaningless without values.
    package private(set) var least = 0.0
    /// The greatest.
    package private(set) var greatest = 0.0
    /// The last.
    package private(set) var last = 0.0

    /// No values.
    package init() {}

    /// Adds a value; infinities and NaN are ignored.
    package mutating func add(_ value: Double) {
        guard value.isFinite else { return }
        merge(ValueRange(count: 1, least: value, greatest: value, last: value))
    }

    private init(count: Int, least: Double, greatest: Double, last: Double) {
        (self.count, self.least, self.greatest, self.last) = (count, least, greatest, last)
    }

    /// Merges the values that follow.
    package mutating func merge(_ later: ValueRange) {
        guard later.count > 0 else { return }
        guard count > 0 else {
            self = later
            return
        }
        least = min(least, later.least)
        greatest = max(greatest, later.greatest)
        last = later.last
        count += later.count
    }
}
