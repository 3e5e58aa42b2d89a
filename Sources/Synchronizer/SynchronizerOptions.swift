/// How a ``MarketSynchronizer`` makes rows; checked when it is made.
public struct SynchronizerOptions: Sendable, Equatable {
    /// What moves the clock.
    public var clock: ClockMode
    /// Length of a row's period, nanoseconds: at least 4.
    public var period: Int64
    /// Whose clock places events.
    public var timeBasis: TimeBasis
    /// The watermark delay: how long the clock lags behind the driving times, nanoseconds.
    public var watermarkDelay: Int64
    /// The most rows filled over one jump of the clock; a longer one re-anchors.
    public var maxGapFill: Int64
    /// Levels a side that a row's book holds and its totals sum.
    public var depth: Int
    /// How much of a book rows carry.
    public var bookContent: BookContent = .levels
    /// Whose driving events move an instrument's clock; the external clock is always that of all.
    public var scope: ClockScope = .instrument
    /// Where one row ends and the next begins.
    public var sampling: Sampling = .grid
    /// Rows that close at a threshold of trading instead; trade-driven only.
    public var bars: Bars?
    /// What ticks the external clock.
    public var ticks: TickSource = .everyPeriod

    /// The defaults of the `replay` command: trade-driven, 100 ms, receive times.
    public init(
        clock: ClockMode = .tradeDriven,
        period: Int64 = 100_000_000,
        timeBasis: TimeBasis = .receive,
        watermarkDelay: Int64 = 0,
        maxGapFill: Int64 = 36_000,
        depth: Int = 50
    ) {
        self.clock = clock
        self.period = period
        self.timeBasis = timeBasis
        self.watermarkDelay = watermarkDelay
        self.maxGapFill = maxGapFill
        self.depth = depth
    }

    /// With shorter periods the numbers of rows, and differences of them, would not fit 64 bits.
    static let shortestPeriod: Int64 = 4

    /// Fifty years; sums with longer durations would overflow 64 bits.
    static let longestDuration: Int64 = 50 * 366 * 86_400 * 1_000_000_000

    /// Checks each number by itself; ``RowRule`` checks what closes rows.
    func checkNumbers() throws(SynchronizerError) {
        let (shortest, longest) = (SynchronizerOptions.shortestPeriod, SynchronizerOptions.longestDuration)
        guard (shortest...longest).contains(period) else { throw .period(period) }
        guard (0...longest).contains(watermarkDelay) else { throw .watermarkDelay(watermarkDelay) }
        guard (0...(.max / 4)).contains(maxGapFill) else { throw .maxGapFill(maxGapFill) }
        guard depth >= 1 else { throw .depth(depth) }
    }
}
