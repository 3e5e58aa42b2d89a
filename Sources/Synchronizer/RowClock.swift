import MarketModel

/// A clock of rows, of one instrument or of all that share it: which rows are due at a driving time.
///
/// Knows no events.
struct RowClock: Sendable {
    /// The greatest driving time; `Int64.min` before the first.
    private(set) var driven: Int64 = .min
    /// Rows through this index are emitted or skipped; nil before the anchor.
    private(set) var index: Int64?
    /// The right edge of the last row emitted or skipped: earlier events are late.
    private(set) var edge: Int64 = .min
    /// The same, but only once the clock has moved: earlier states are late.
    private(set) var rowsEnd: Int64 = .min
    /// Off the grid: where the next row begins.
    private(set) var start: Int64 = .min
    /// The driving time at which the clock next moves; avoids a division per event.
    private var nextMove: Int64 = .min

    /// Whether a driving time moves the clock, or anchors it.
    @inline(__always)
    func isDue(at time: Int64) -> Bool { time >= nextMove }

    /// The period of the greatest driving time, without the watermark delay; nil before the first.
    func period(_ grid: Grid) -> Int64? {
        index == nil && driven == .min ? nil : grid.index(of: driven)
    }

    /// Records a driving time.
    @inline(__always)
    mutating func record(_ time: Int64) { if time > driven { driven = time } }

    /// Records a driving time; returns the clock and the last row due, which is the clock if none is, or the
    /// period to anchor it at if it is nil.
    @inline(__always)
    mutating func drive(to time: Int64, _ grid: Grid) -> (index: Int64?, target: Int64) {
        record(time)
        guard let index else { return (nil, grid.index(of: time)) }
        if time < nextMove { return (index, index) }
        // The next period is the common case: avoids a division.
        let isNext = grid.holds(time, from: nextMove)
        return (index, isNext ? index &+ 1 : grid.index(of: time &- grid.delay))
    }

    /// Sets the clock for the first time: the period `index` begins the first row.
    mutating func anchor(at index: Int64, _ grid: Grid) { set(index, grid) }

    /// Advances the clock: rows through `index` are emitted or skipped.
    @inline(__always)
    mutating func advance(to index: Int64, _ grid: Grid) {
        set(index, grid)
        rowsEnd = edge
    }

    /// Sets the index and what follows from it.
    @inline(__always)
    private mutating func set(_ index: Int64, _ grid: Grid) {
        self.index = index
        edge = grid.edge(of: index)
        nextMove = edge &+ grid.period &+ grid.delay
    }

    /// Off the grid: begins the first row.
    mutating func begin(at time: Int64) { start = time }

    /// Off the grid: closes a row at a driving time; `ts` never falls.
    mutating func close(at time: Int64) -> RowBounds {
        record(time)
        return closeLast(at: driven)
    }

    /// Off the grid: closes the last row, which no driving time did.
    mutating func closeLast(at ts: Int64) -> RowBounds {
        let bounds = RowBounds(ts: ts, start: start, edge: .max)
        (start, rowsEnd) = (ts, ts)
        return bounds
    }

    /// How far the clock was driven beyond the row of a late event, nanoseconds.
    func lateness(of time: Int64, _ grid: Grid) -> Int64 {
        let edge = grid.edge(of: grid.row(of: time))
        guard driven != .min, driven >= edge else { return 0 }
        let (length, isTooLong) = driven.subtractingReportingOverflow(edge)
        return isTooLong ? .max : length
    }
}

extension RowClock: StateCodable {
    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.field("driven", &driven)
        try coder.field("index", &index)
        try coder.field("edge", &edge)
        try coder.field("rowsEnd", &rowsEnd)
        try coder.field("start", &start)
        try coder.field("nextMove", &nextMove)
    }
}
