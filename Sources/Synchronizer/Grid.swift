import MarketModel

/// The uniform grid: row `p` has `ts = p·P` and holds `[(p−1)·P, p·P)`, absolute to the epoch.
struct Grid: Sendable {
    /// Nanoseconds of a period, above 0.
    let period: Int64

    /// The period a time lies in: `⌊time / P⌋`.
    func index(of time: Int64) -> Int64 { UnixTime.floorDivide(time, period) }

    /// The row that holds a time.
    func row(of time: Int64) -> Int64 { index(of: time) + 1 }

    /// The right edge of a row, which is its `ts`.
    ///
    /// Safe: rows come from times below 2^62 and periods of at most 50 years, so the product stays within 64
    /// bits.
    func edge(of row: Int64) -> Int64 { row &* period }
}
