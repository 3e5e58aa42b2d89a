/// Invalid options of a synchronizer.
public enum SynchronizerError: Error, Equatable, Sendable {
    /// The period, nanoseconds.
    case period(Int64)
    /// The watermark delay, nanoseconds.
    case watermarkDelay(Int64)
    /// The longest gap filled, rows.
    case maxGapFill(Int64)
    /// The depth, levels a side.
    case depth(Int)
    /// The bars as given.
    case bars(String)
    /// Bars under another clock than trades.
    case barsNeedTrades(ClockMode)
    /// Bars and event sampling at once.
    case barsAndEvents
    /// A global clock with rows off the grid.
    case globalOffGrid
    /// A watermark delay with rows off the grid, nanoseconds.
    case watermarkDelayOffGrid(Int64)
    /// Tick times under another clock than the external one.
    case ticksNeedExternalClock(ClockMode)
    /// A tick earlier than the one before it; times in nanoseconds since the Unix epoch.
    case tickOrder(index: Int, before: Int64, found: Int64)
}

extension SynchronizerError: CustomStringConvertible {
    /// What was found and what is expected.
    public var description: String {
        switch self {
        case .period(let found):
            "period: found \(found) ns, expected from 4 ns to 50 years (try 100ms)"
        case .watermarkDelay(let found):
            "hold-back: found \(found) ns, expected 0 or more, at most 50 years (try 0s)"
        case .maxGapFill(let found):
            "max-gap-fill: found \(found) rows, expected 0 or more (the default is 36000)"
        case .depth(let found): "depth: found \(found) levels, expected 1 or more (the default is 50)"
        case .bars(let found):
            "bars: found \"\(found)\", expected tick:N, volume:V or notional:N with a threshold above 0 "
                + "(try tick:100)"
        case .barsNeedTrades(let found):
            "bars: found clock \(found.rawValue), expected trade-driven: trades close bars"
        case .barsAndEvents:
            "bars: found sampling event beside them, expected one of the two (leave one out)"
        case .globalOffGrid:
            "clock-scope: found global with event sampling or bars, expected instrument: such rows follow "
                + "the events of their own instrument"
        case .watermarkDelayOffGrid(let found):
            "hold-back: found \(found) ns with event sampling or bars, expected 0s: such rows follow the "
                + "order of the log, so nothing is late"
        case .ticksNeedExternalClock(let found):
            "ticks: found clock \(found.rawValue), expected external: only that clock is ticked"
        case .tickOrder(let index, let before, let found):
            "ticks: found \(found) ns after \(before) ns at tick \(index), expected ascending times"
        }
    }
}
