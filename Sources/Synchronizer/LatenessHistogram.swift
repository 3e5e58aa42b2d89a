import Histogram
package import MarketModel

/// How late the late trades and liquidations were: the greatest driving time minus the edge of their row.
///
/// An HdrHistogram of three significant digits, allocated at the first late event.
public struct LatenessHistogram: Sendable, Equatable {
    /// A day; greater latenesses are recorded as one day.
    static let greatest: UInt64 = 86_400 * 1_000_000_000

    private var histogram: Histogram<UInt64>?
    /// The greatest lateness, exactly, nanoseconds; nil if nothing was late.
    public private(set) var maximum: Int64?

    /// The number of late events.
    public var count: Int { Int(histogram?.totalCount ?? 0) }

    mutating func record(_ lateness: Int64) {
        // One more than the lateness must fit in 64 bits.
        let nanoseconds = min(lateness, .max - 1)
        maximum = max(maximum ?? nanoseconds, nanoseconds)
        if histogram == nil {
            histogram = Histogram(highestTrackableValue: LatenessHistogram.greatest)
        }
        histogram?.record(min(UInt64(max(0, nanoseconds)), LatenessHistogram.greatest))
    }

    /// Adds what another has recorded.
    package mutating func add(_ other: LatenessHistogram) {
        guard let recorded = other.histogram, let greatest = other.maximum else { return }
        maximum = max(maximum ?? greatest, greatest)
        if histogram == nil {
            histogram = Histogram(highestTrackableValue: LatenessHistogram.greatest)
        }
        for entry in recorded.recordedValues() {
            histogram?.record(min(entry.value, LatenessHistogram.greatest), count: entry.count)
        }
    }

    /// The watermark delay that would have kept all but `lost` of the late events, nanoseconds; 0 if none
    /// is needed.
    ///
    /// The upper end of the histogram's bucket: at most 0.1 % too long.
    public func watermarkDelay(losing lost: Int) -> Int64 {
        guard let histogram, let maximum, count > lost else { return 0 }
        if lost == 0 { return maximum + 1 }
        // The least late ones are kept; the latest of them decides.
        let percentile = 100 * Double(count - lost) / Double(count)
        let value = histogram.highestEquivalentForValue(histogram.valueAtPercentile(percentile))
        return min(Int64(clamping: value), maximum) + 1
    }

    /// The number of late events no later than each power of ten from 1 µs to 100 s, and the total.
    public func cumulative() -> [(nanoseconds: Int64, count: Int)] {
        guard let histogram else { return [] }
        var steps: [(nanoseconds: Int64, count: Int)] = []
        var bound: UInt64 = 1000
        while bound <= 100_000_000_000 {
            steps.append((Int64(bound), Int(histogram.count(within: 0...bound))))
            bound *= 10
        }
        return steps
    }

    /// Whether two histograms have the same counts.
    public static func == (left: LatenessHistogram, right: LatenessHistogram) -> Bool {
        left.maximum == right.maximum && left.histogram == right.histogram
    }
}

extension LatenessHistogram: StateCodable {
    package mutating func code(_ coder: inout StateCoder) throws(StateError) {
        var values = histogram?.recordedValues().map(\.value) ?? []
        var counts = histogram?.recordedValues().map(\.count) ?? []
        try coder.field("maximum", &maximum)
        try coder.field("histogram", &values)
        try coder.field("counts", &counts)
        guard coder.isReading, !values.isEmpty else { return }
        guard values.count == counts.count, values.allSatisfy({ $0 <= 2 * LatenessHistogram.greatest }) else {
            throw coder.malformed("values without counts")
        }
        var read = Histogram<UInt64>(highestTrackableValue: LatenessHistogram.greatest)
        for (value, count) in zip(values, counts) {
            read.record(min(value, LatenessHistogram.greatest), count: count)
        }
        histogram = read
    }
}
