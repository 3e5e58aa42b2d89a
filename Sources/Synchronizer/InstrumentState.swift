import MarketModel

/// The synchronizer's state of one instrument.
struct InstrumentState: Sendable {
    /// The clock: rows through this index are emitted; nil before the anchor.
    var index: Int64?
    /// The index at which the clock was anchored.
    var anchorIndex: Int64 = .min
    /// The right edge of the last row emitted or skipped: earlier events are late.
    var edge: Int64 = .min
    /// The same, but only once there was a row: earlier states are late.
    var rowsEnd: Int64 = .min
    /// The driving time at which the clock next moves; avoids a division per event.
    var nextMove: Int64 = .min
    /// The greatest driving time.
    var lastDriving: Int64 = .min
    /// The rows that a jump of all clocks still has to emit.
    var plan = RowPlan(last: nil)
    var nextRow: Int64?
    var emitted: Int64 = 0
    /// Whether a decoded event of it was seen.
    var isJoined = false
    /// The connections that carry it.
    var connections: [Int32] = []

    /// Off the grid: where the next row begins, its bar's progress, and a book message that closes it.
    var sampleStart: Int64 = .min
    var bar = BarProgress()
    var pendingSample: Int64?
    /// Off the grid: the book as before the frame with this number.
    var heldView = BoxedBookView()
    var heldFrame = 0

    /// Trades counted, without duplicates and snapshot lists.
    var tradeCount = 0
    /// Rows emitted.
    var rowCount = 0

    var trades = EventQueue<Trade>()
    var liquidations = EventQueue<Liquidation>()
    var funding = CarriedForward<FundingRate>()
    var interest = CarriedForward<OpenInterest>()

    var bookDates = BookDates()
    /// Incremented at each announced change of the book, so that an unchanged book is not read again.
    var bookVersion = 0
    /// When the book was last reset by something other than its own message.
    var resetTime: Int64 = .min
    /// The row being emitted; its book is the live one as of ``viewVersion``.
    var row: MarketSnapshot
    var viewVersion = 0
    var bookHistory: BookHistory
    /// The book time at which a message next crosses an edge without a capture.
    var nextCapture: Int64 = .min
    /// The period that begins then.
    var captureIndex: Int64 = .min
    var isBookGapped = false
    var bookGaps = LiveSpans()
    /// How many captures or values may wait before they are pruned.
    var pruneAt: Int

    var feeds = FeedHistory()
    var duplicates = DuplicateFilter()

    init(_ instrument: InstrumentIndex, _ options: SynchronizerOptions, pruneAt: Int) {
        row = MarketSnapshot(instrument: instrument)
        bookHistory = BookHistory(depth: options.depth, content: options.bookContent)
        self.pruneAt = pruneAt
    }

    /// The greatest stamp of the book's messages, in the basis.
    var bookTime: Int64 { bookDates.time }

    /// The kinds observed in `[start, end)`, and whether it has a gap.
    @inline(__always)
    mutating func quality(_ start: Int64, _ end: Int64) -> (observed: FeedKinds, gap: Bool) {
        let judgement = feeds.judge(start, end)
        if bookGaps.isEmpty { return (judgement.observed, judgement.lapses) }
        bookGaps.forget(before: start)
        return (judgement.observed, judgement.lapses || bookGaps.meets(start, end))
    }

    /// The latest time before `edge` of a trade or liquidation waiting for its row.
    func lastBuffered(before edge: Int64) -> Int64? {
        let trade = trades.lastTime(before: edge)
        let liquidation = liquidations.lastTime(before: edge)
        guard let trade, let liquidation else { return trade ?? liquidation }
        return max(trade, liquidation)
    }

    /// The earliest time of a trade or liquidation waiting for its row.
    var firstBuffered: Int64? {
        guard let trade = trades.firstTime else { return liquidations.firstTime }
        guard let liquidation = liquidations.firstTime else { return trade }
        return min(trade, liquidation)
    }

    /// The row of a plan after `row`, or nil at its end.
    func next(after row: Int64, _ plan: RowPlan, _ grid: Grid) -> Int64? {
        guard let last = plan.last, row < last else { return nil }
        if !plan.isSparse { return row + 1 }
        guard let time = firstBuffered else { return nil }
        let next = grid.row(of: time)
        return next <= last ? next : nil
    }
}
