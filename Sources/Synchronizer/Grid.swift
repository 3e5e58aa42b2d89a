import MarketModel

/// The uniform grid: row `p` has `ts = p·P` and holds `[(p−1)·P, p·P)`, absolute to the epoch.
struct Grid: Sendable {
    /// Nanoseconds of a period, above 0.
    let period: Int64
    /// The watermark delay: how long clocks lag behind the driving times, nanoseconds.
    var delay: Int64 = 0

    /// The period that a time is in: `⌊time / P⌋`.
    func index(of time: Int64) -> Int64 { UnixTime.floorDivide(time, period) }

    /// Whether a time is in the period that begins at `edge`; false if the two are too far apart for 64
    /// bits.
    @inline(__always)
    func holds(_ time: Int64, from edge: Int64) -> Bool {
        let (passed, isTooFar) = time.subtractingReportingOverflow(edge)
        return !isTooFar && passed >= 0 && passed < period
    }

    /// The row that holds a time.
    func row(of time: Int64) -> Int64 { index(of: time) + 1 }

    /// The right edge of a row, which is its `ts`.
    ///
    /// Times beyond 2^63 − P wrap: such a row is never reached, nor does anything trap.
    func edge(of row: Int64) -> Int64 { row &* period }

    /// Whether two times are in the same period.
    func shares(_ time: Int64, _ other: Int64) -> Bool { index(of: time) == index(of: other) }
}
