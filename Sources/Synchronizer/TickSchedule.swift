import MarketModel

/// Which ticks of the external clock are due.
struct TickSchedule: Sendable {
    /// Explicit ticks in order; nil where each period of log time has one.
    private let times: [Int64]?
    /// How many explicit ticks have fired.
    private var fired = 0
    /// The receive time at which the next tick is due.
    private var next: Int64 = .min

    init(_ source: TickSource) {
        if case .times(let times) = source {
            self.times = times
            next = times.first ?? .max
        } else {
            times = nil
        }
    }

    /// Whether ticks come from log time rather than from a list.
    var isPeriodic: Bool { times == nil }

    /// Whether a frame received at `time` fires a tick.
    @inline(__always)
    func isDue(at time: Int64) -> Bool { time >= next }

    /// Fires the next tick due by `time`; nil if none is.
    ///
    /// Of log time only the last edge ticks, once a frame.
    mutating func fire(by time: Int64, _ grid: Grid) -> Int64? {
        guard let times else {
            // The next period is the common case: avoids a division.
            let tick = grid.holds(time, from: next) ? next : grid.edge(of: grid.index(of: time))
            next = tick &+ grid.period
            return tick
        }
        guard fired < times.count, times[fired] <= time else { return nil }
        defer { next = fired < times.count ? times[fired] : .max }
        fired += 1
        return times[fired - 1]
    }
}

extension TickSchedule: StateCodable {
    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.field("fired", &fired)
        try coder.field("next", &next)
        guard 0...(times?.count ?? 0) ~= fired else { throw coder.malformed("\(fired) ticks fired") }
    }
}
