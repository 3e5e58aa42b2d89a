import MarketModel
import OrderBooks

// Rows are filled in place, so emitting one retains nothing and copies a hundred bytes; the memory of its
// lists and book is reused.
extension InstrumentState {
    /// Fills a row on the grid and emits it.
    @inline(__always)
    mutating func emit(
        _ index: Int64,
        _ span: RowBounds,
        _ making: RowParameters,
        for host: inout some SynchronizerHost
    ) -> RowContent {
        let source = bookHistory.seek(index, into: &row.book)
        if source == .taken { viewVersion = -1 }
        return emit(span, making, showing: source, for: &host)
    }

    /// Fills and emits the row after the last and advances the clock to its edge: what a driving event of
    /// the next period does.
    mutating func emitNext(
        _ period: Int64,
        _ making: RowParameters,
        for host: inout some SynchronizerHost
    ) -> RowContent {
        let next = (index ?? 0) &+ 1
        let nextEdge = edge &+ period
        let span = RowBounds(ts: nextEdge, start: edge, edge: nextEdge)
        let content = emit(next, span, making, for: &host)
        closeRow(at: next, nextEdge, period, making.watermarkDelay)
        return content
    }

    /// Fills a row and emits it.
    @inline(__always)
    mutating func emit(
        _ span: RowBounds,
        _ making: RowParameters,
        showing source: RowBook,
        for host: inout some SynchronizerHost
    ) -> RowContent {
        if source == .live { refreshView(&host, making.depth, making.content) }
        row.ts = span.ts
        row.tsAvailable = making.available
        row.quality.partial = making.isPartial
        let content = RowContent(
            trades: trades.replace(&row.trades, before: span.edge),
            liquidations: liquidations.replace(&row.liquidations, before: span.edge)
        )
        if source == .history || source == .beforeFrame { exchangeBook(source) }
        row.quality.bookState = row.book.view.state
        showStates(before: span.edge)
        (row.quality.observed, row.quality.gap) = quality(span.start, span.ts)
        rowCount += 1
        emitRow(&host)
        if source == .history || source == .beforeFrame { exchangeBook(source) }
        return content
    }

    /// Reads the live book into the row if it changed since the last read.
    @inline(__always)
    mutating func refreshView(_ host: inout some SynchronizerHost, _ depth: Int, _ content: BookContent) {
        if viewVersion == bookVersion { return }
        viewVersion = bookVersion
        InstrumentState.read(&row.book.view, &host, row.instrument, depth, content, bookDates)
    }

    @inline(__always)
    private static func read(
        _ view: inout BookView,
        _ host: inout some SynchronizerHost,
        _ instrument: InstrumentIndex,
        _ depth: Int,
        _ content: BookContent,
        _ dates: BookDates
    ) {
        view.time = dates.time
        view.exchangeTime = dates.exchangeTime
        view.receiveTime = dates.receiveTime
        host.capture(instrument, depth: depth, content: content, into: &view)
    }

    /// Advances the clock: rows through `index`, which ends at `edge`, are emitted or skipped.
    @inline(__always)
    mutating func closeRow(at index: Int64, _ edge: Int64, _ period: Int64, _ watermarkDelay: Int64) {
        self.index = index
        self.edge = edge
        rowsEnd = edge
        let nextEdge = edge &+ period
        nextMove = nextEdge &+ watermarkDelay
        // No row needs the book at edges behind the clock.
        if captureIndex <= index {
            captureIndex = index &+ 1
            nextCapture = nextEdge
        }
    }

    /// Moves the live book to the history for the edges through `time`; returns false if the clock has
    /// passed them.
    ///
    /// `time` is ``nextCapture`` or later.
    @inline(__always)
    mutating func keepBook(
        until time: Int64,
        emitted: Int64,
        _ grid: Grid,
        _ depth: Int,
        _ content: BookContent,
        for host: inout some SynchronizerHost
    ) -> Bool {
        // The next period is the common case: avoids a division.
        let isNext = grid.holds(time, from: nextCapture)
        let index = isNext ? captureIndex : grid.index(of: time)
        let known = max(emitted, bookHistory.through)
        captureIndex = max(index, known) + 1
        nextCapture = grid.edge(of: captureIndex)
        guard index > known else { return false }
        refreshView(&host, depth, content)
        bookHistory.add(&row.book, emitted: emitted, through: index)
        viewVersion = -1
        return true
    }

    /// Emits the row.
    ///
    /// `mutating` copies the row's hundred bytes for the call instead of the whole track.
    @inline(__always)
    private mutating func emitRow(_ host: inout some SynchronizerHost) { host.emit(row) }

    /// Swaps the row's live book with the one to be shown; a second call swaps back.
    private mutating func exchangeBook(_ source: RowBook) {
        if source == .beforeFrame { swap(&heldView, &row.book) } else { bookHistory.exchange(&row.book) }
    }

    @inline(__always)
    private mutating func showStates(before edge: Int64) {
        if funding.isDue(before: edge) {
            row.fundingRate = funding.advance(to: edge)
            row.fundingTime = funding.currentTime
        }
        if interest.isDue(before: edge) {
            row.openInterest = interest.advance(to: edge)
            row.interestTime = interest.currentTime
        }
    }
}
