/// What a ``MarketSynchronizer`` is told; checked when it is made.
public struct SynchronizerOptions: Sendable, Equatable {
    /// What moves the clock.
    public var clock: ClockMode
    /// Length of a row's period, nanoseconds.
    public var period: Int64
    /// Whose clock places events.
    public var timeBasis: TimeBasis
    /// How long the clock lags behind the driving times, nanoseconds.
    public var holdBack: Int64
    /// The most rows filled over one jump of the clock; a longer one re-anchors.
    public var maxGapFill: Int64
    /// Levels a side that a row's book carries.
    public var depth: Int

    /// The defaults of the `replay` command: trade-driven, 100 ms, receive times.
    public init(
        clock: ClockMode = .tradeDriven,
        period: Int64 = 100_000_000,
        timeBasis: TimeBasis = .receive,
        holdBack: Int64 = 0,
        maxGapFill: Int64 = 36_000,
        depth: Int = 50
    ) {
        self.clock = clock
        self.period = period
        self.timeBasis = timeBasis
        self.holdBack = holdBack
        self.maxGapFill = maxGapFill
        self.depth = depth
    }

    /// Durations beyond a hundred years make no sense and would leave 64 bits.
    static let longestDuration: Int64 = 100 * 366 * 86_400 * 1_000_000_000 / 2

    func check() throws(SynchronizerError) {
        guard (1...SynchronizerOptions.longestDuration).contains(period) else { throw .period(period) }
        guard (0...SynchronizerOptions.longestDuration).contains(holdBack) else { throw .holdBack(holdBack) }
        guard maxGapFill >= 0 else { throw .maxGapFill(maxGapFill) }
        guard depth >= 1 else { throw .depth(depth) }
    }
}

/// Options that make no sense.
public enum SynchronizerError: Error, Equatable, Sendable {
    /// The period, nanoseconds.
    case period(Int64)
    /// The hold-back, nanoseconds.
    case holdBack(Int64)
    /// The longest gap filled, rows.
    case maxGapFill(Int64)
    /// The depth, levels a side.
    case depth(Int)
}

extension SynchronizerError: CustomStringConvertible {
    /// What was found, what is expected.
    public var description: String {
        switch self {
        case .period(let found):
            "period: found \(found) ns, expected more than 0 and at most 50 years (try 100ms)"
        case .holdBack(let found):
            "hold-back: found \(found) ns, expected 0 or more, at most 50 years (try 0s)"
        case .maxGapFill(let found):
            "max-gap-fill: found \(found) rows, expected 0 or more (the default is 36000)"
        case .depth(let found): "depth: found \(found) levels, expected 1 or more (the default is 50)"
        }
    }
}
