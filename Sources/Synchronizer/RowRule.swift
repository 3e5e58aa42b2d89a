import MarketModel

/// What closes rows: options as a synchronizer runs on them, without combinations that make no sense.
enum RowRule: Sendable {
    /// Edges of the grid that each instrument's own events of these kinds pass.
    case grid(FeedKinds)
    /// Edges of the grid that the events of all instruments pass, which share one clock.
    case sharedGrid(FeedKinds)
    /// Edges of the grid that ticks pass, of all instruments at once.
    case tickedGrid(TickSource)
    /// Off the grid: each event of these kinds.
    case events(FeedKinds)
    /// Off the grid: each tick, of all instruments at once.
    case ticks(TickSource)
    /// Off the grid: each trade that reaches a threshold.
    case bars(Bars)

    /// The rule that options say; throws ``SynchronizerError`` for invalid values or combinations.
    init(_ options: SynchronizerOptions) throws(SynchronizerError) {
        try options.checkNumbers()
        let (drivers, isTicked) = options.clock.movers
        let isOffGrid = options.sampling == .event || options.bars != nil
        if let bars = options.bars {
            guard bars.isPositive else { throw .bars(bars.description) }
            guard options.clock == .tradeDriven else { throw .barsNeedTrades(options.clock) }
            guard options.sampling == .grid else { throw .barsAndEvents }
        }
        if isOffGrid {
            guard options.scope == .instrument else { throw .globalOffGrid }
            guard options.watermarkDelay == 0 else { throw .watermarkDelayOffGrid(options.watermarkDelay) }
        }
        try options.ticks.check(options.clock)
        if let bars = options.bars {
            self = .bars(bars)
        } else if isTicked {
            self = isOffGrid ? .ticks(options.ticks) : .tickedGrid(options.ticks)
        } else if isOffGrid {
            self = .events(drivers)
        } else {
            self = options.scope == .global ? .sharedGrid(drivers) : .grid(drivers)
        }
    }

    /// What a rule means: the kinds whose events move clocks or what ticks them, whether one clock moves all
    /// instruments, and whether rows follow the order of the log, so that nothing is late.
    var meaning: (drivers: FeedKinds, ticks: TickSource?, isShared: Bool, isOffGrid: Bool) {
        switch self {
        case .grid(let kinds): (kinds, nil, false, false)
        case .sharedGrid(let kinds): (kinds, nil, true, false)
        case .tickedGrid(let source): ([], source, true, false)
        case .events(let kinds): (kinds, nil, false, true)
        case .ticks(let source): ([], source, true, true)
        case .bars: (.trades, nil, false, true)
        }
    }
}
