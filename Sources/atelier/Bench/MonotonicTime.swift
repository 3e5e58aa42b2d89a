import Glibc

/// The monotonic clock as nanoseconds, for measuring.
enum MonotonicTime {
    static func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    /// The time between two readings, minus the cost of reading the clock.
    static func elapsed(_ start: UInt64, _ end: UInt64) -> UInt64 {
        let length = end > start ? end - start : 0
        return length > cost ? length - cost : 0
    }

    /// The cost of a reading: the least of many.
    private static let cost: UInt64 = {
        var least = UInt64.max
        for _ in 0..<1000 {
            let start = now()
            least = min(least, now() - start)
        }
        return least
    }()
}
