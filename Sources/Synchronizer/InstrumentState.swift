import MarketModel
import OrderBooks

/// The machines of one instrument.
///
/// Each access through their array costs a uniqueness check: one call per event, one per row.
struct InstrumentState: Sendable {
    var clock = RowClock()
    var rows = RowAssembler()
    var book: BookAtEdge
    var coverage = FeedCoverage()
    /// Rows emitted.
    private(set) var rowCount = 0
    /// Whether a decoded event of it was seen.
    var isJoined = false
    /// Off the grid: the driving time of the book message being applied, which closes a row.
    var pendingClose: Int64?
    /// How many captures or values may wait before they are pruned.
    private(set) var pruneAt: Int
    /// The row being emitted: filled in place, so that emitting retains nothing and its memory is reused.
    private var row: MarketSnapshot

    init(_ instrument: InstrumentIndex, _ options: SynchronizerOptions, pruneAt: Int) {
        book = BookAtEdge(of: instrument, depth: options.depth, content: options.bookContent)
        row = MarketSnapshot(instrument: instrument)
        self.pruneAt = pruneAt
    }

    /// Whether it has joined and its feed is known to be live on a connection: the common case.
    @inline(__always)
    func isKnown(_ kind: FeedKinds, on connection: Int32) -> Bool {
        isJoined && coverage.isLive(kind, on: connection)
    }

    // MARK: - Events

    /// Adds a trade or liquidation that begins no feed and moves no clock; nil if it does.
    @inline(__always)
    mutating func addUsual<Event: FlowEvent>(
        _ event: borrowing Event,
        at time: Int64,
        on connection: Int32,
        drives: Bool
    ) -> FlowOutcome? {
        guard isKnown(Event.kind, on: connection), !drives || !clock.isDue(at: time) else { return nil }
        guard event.register(in: &rows) else { return .duplicate }
        if drives { clock.record(time) }
        return insert(event, at: time)
    }

    /// Inserts a trade or liquidation that is no duplicate into the row of its time.
    @inline(__always)
    mutating func insert(_ event: borrowing some FlowEvent, at time: Int64) -> FlowOutcome {
        if time < clock.edge { return .late }
        event.insert(into: &rows, at: time)
        return clock.index == nil ? .waiting : .placed
    }

    /// Stamps the book with a message that begins no feed, moves no clock and is not late, after capturing it
    /// for the edges that the message crosses ahead of the clock; false if it is another one, or much waits.
    @inline(__always)
    mutating func stampUsual(
        _ update: borrowing BookUpdate,
        at time: Int64,
        on connection: Int32,
        drives: Bool,
        _ grid: Grid,
        for host: inout some SynchronizerHost
    ) -> Bool {
        guard isKnown(.book, on: connection), time >= clock.rowsEnd, !drives || !clock.isDue(at: time)
        else { return false }
        if book.crosses(time) {
            guard let index = clock.index, book.captureCount &+ 1 < pruneAt else { return false }
            _ = book.capture(until: time, emitted: index, grid, for: &host)
        }
        if drives { clock.record(time) }
        book.stamp(update, at: time)
        return true
    }

    // MARK: - Rows

    /// Emits a row and returns what it holds; one of the grid advances the clock to it.
    @inline(__always)
    mutating func emit(
        _ bounds: RowBounds,
        showing moment: BookMoment,
        _ grid: Grid,
        available: Int64,
        isPartial: Bool,
        for host: inout some SynchronizerHost
    ) -> RowContent {
        book.lend(to: &row.book, at: moment, for: &host)
        row.ts = bounds.ts
        row.tsAvailable = available
        row.quality.partial = isPartial
        row.quality.bookState = row.book.view.state
        let content = rows.fill(&row, before: bounds.edge)
        coverage.judge(bounds.start, bounds.ts, into: &row.quality)
        rowCount += 1
        host.emit(row)
        book.takeBack(&row.book)
        if case .edge(let index) = moment { advance(to: index, grid) }
        return content
    }

    /// Advances the clock: rows through `index` are emitted or skipped.
    @inline(__always)
    mutating func advance(to index: Int64, _ grid: Grid) {
        clock.advance(to: index, grid)
        book.pass(index, grid)
    }

    // MARK: - Memory

    /// Drops what no row will show under a rule; the next pruning comes when twice as much waits.
    mutating func prune(_ rule: RetentionRule, from least: Int) {
        book.prune(unless: rule.contains)
        rows.pruneStates(rule.grid, unless: rule.contains)
        let kept = max(book.captureCount, rows.stateCount, rule.index == nil ? rows.eventCount : 0)
        // No later than the point at which the gap stops being fillable.
        let fill = Int(rule.maxGapFill) + 1
        pruneAt = max(least, kept < fill ? min(2 * kept, fill) : 2 * kept)
    }
}

extension InstrumentState {
    /// What waits for rows after the frame with a number; feeds and ids are parts of their own.
    fileprivate mutating func code(_ coder: inout StateCoder, frame: Int) throws(StateError) {
        try coder.field("clock", &clock)
        try coder.field("rows", &rows)
        try book.code(&coder, emitted: clock.index ?? .min, frame: frame)
        try coder.field("rowCount", &rowCount)
        try coder.field("isJoined", &isJoined)
        try coder.field("pruneAt", &pruneAt)
        if coder.isReading { rows.show(in: &row) }
    }

    /// The parts of the instrument under a path.
    mutating func code(_ parts: inout StateParts, _ path: String, frame: Int) throws(StateError) {
        try parts.part("/instrument/\(path)/feeds", &coverage)
        try rows.codeIDs(&parts, "/instrument/\(path)/ids")
        var waiting = WaitingRows(state: self, frame: frame)
        try parts.part("/instrument/\(path)/rows", &waiting)
        self = waiting.state
    }
}

/// An instrument's state after the frame with a number.
private struct WaitingRows: StateCodable {
    var state: InstrumentState
    let frame: Int

    mutating func code(_ coder: inout StateCoder) throws(StateError) { try state.code(&coder, frame: frame) }
}
