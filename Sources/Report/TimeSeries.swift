import MarketModel

/// Values over time in a limited number of buckets of equal width.
///
/// When a time exceeds the limit, pairs of buckets merge and the width doubles: memory is bounded for any
/// span. Buckets begin at multiples of their width from the epoch, so their content depends on the times
/// alone.
package struct TimeSeries<Bucket: SeriesBucket>: Sendable {
    /// The width of a bucket, nanoseconds.
    package private(set) var width: Int64
    /// The contiguous buckets, the earliest first.
    package private(set) var buckets: [Bucket] = []
    /// The number of the first bucket: its start divided by the width.
    private var first: Int64 = 0
    private let limit: Int

    /// The smallest limit with which widths can cover all times.
    private static var leastLimit: Int { 8 }

    /// A series without buckets; the first have this width, nanoseconds.
    package init(width: Int64, limit: Int) {
        self.width = max(1, width)
        self.limit = max(Self.leastLimit, limit)
    }

    /// When a bucket begins, nanoseconds since the Unix epoch.
    package func start(of position: Int) -> Int64 {
        let (number, isPastLast) = first.addingReportingOverflow(Int64(position))
        let (start, overflow) = number.multipliedReportingOverflow(by: width)
        return isPastLast || overflow ? (first < 0 ? .min : .max) : start
    }

    /// The time that the buckets cover, excluding its end; nil without buckets.
    package var span: (start: Int64, end: Int64)? {
        buckets.isEmpty ? nil : (start(of: 0), start(of: buckets.count))
    }

    /// Changes the bucket of a time.
    package mutating func update(at time: Int64, _ change: (inout Bucket) -> Void) {
        change(&buckets[reach(time)])
    }

    private mutating func reach(_ time: Int64) -> Int {
        while true {
            let index = UnixTime.floorDivide(time, width)
            guard !buckets.isEmpty else {
                first = index
                buckets.append(Bucket())
                return 0
            }
            let last = first + Int64(buckets.count - 1)
            // The distance of two times may exceed their type.
            if UInt64(bitPattern: max(last, index) &- min(first, index)) < UInt64(limit) {
                return grow(to: index, last)
            }
            coarsen()
        }
    }

    private mutating func grow(to index: Int64, _ last: Int64) -> Int {
        if index < first {
            buckets.insert(contentsOf: Array(repeating: Bucket(), count: Int(first - index)), at: 0)
            first = index
        } else if index > last {
            buckets.append(contentsOf: repeatElement(Bucket(), count: Int(index - last)))
        }
        return Int(index - first)
    }

    private mutating func coarsen() {
        let start = first >> 1
        var merged: [Bucket] = []
        merged.reserveCapacity(buckets.count / 2 + 1)
        for (position, bucket) in buckets.enumerated() {
            if Int((first + Int64(position)) >> 1 - start) < merged.count {
                merged[merged.count - 1].merge(bucket)
            } else {
                merged.append(bucket)
            }
        }
        (first, buckets) = (start, merged)
        width *= 2
    }
}
