import MarketModel
import OrderBooks

/// Where a row finds its book.
enum RowBook: Sendable {
    /// In the book as it is.
    case live
    /// In the history: the book's messages have passed the row's edge.
    case history
    /// In what was kept before the frame at hand: rows off the grid.
    case held
}

/// What a row spans.
struct RowSpan: Sendable {
    /// Its label.
    var ts: Int64
    /// What is observed is judged over `[start, ts)`.
    var start: Int64
    /// It holds the events and states before this.
    var edge: Int64
}

/// How rows are made, and when.
struct RowMaking: Sendable {
    /// Levels a side of the book that totals sum.
    var depth: Int
    /// How much of the book is shown.
    var content: BookContent
    /// The receive time of the last frame.
    var available: Int64
    /// Whether the data ended before the row's edge.
    var isPartial: Bool
}

// The row of an instrument is filled where it lies, so that emitting it copies and counts nothing; the memory
// of its lists and of its book is reused.
extension InstrumentTrack {
    /// Fills a row on the grid and hands it out; returns how many trades and liquidations it took.
    mutating func emit(
        _ index: Int64,
        _ span: RowSpan,
        _ making: RowMaking,
        books: borrowing some BookSource,
        into consumer: inout some SnapshotConsumer
    ) -> (trades: Int, liquidations: Int) {
        let source: RowBook = bookHistory.seek(index) ? .history : .live
        return emit(span, making, showing: source, books: books, into: &consumer)
    }

    /// Fills a row and hands it out; returns how many trades and liquidations it took.
    @inline(__always)
    mutating func emit(
        _ span: RowSpan,
        _ making: RowMaking,
        showing source: RowBook,
        books: borrowing some BookSource,
        into consumer: inout some SnapshotConsumer
    ) -> (trades: Int, liquidations: Int) {
        if source == .live { refreshView(books, making.depth, making.content) }
        row.ts = span.ts
        row.tsAvailable = making.available
        row.quality.partial = making.isPartial
        let taken = (
            trades: trades.replace(&row.trades, before: span.edge),
            liquidations: liquidations.replace(&row.liquidations, before: span.edge)
        )
        if source != .live { exchangeBook(source) }
        showBook()
        showStates(before: span.edge)
        (row.quality.observed, row.quality.gap) = quality(span.start, span.ts)
        rowCount += 1
        handOut(&consumer)
        if source != .live { exchangeBook(source) }
        return taken
    }

    /// Reads the book as it is into the row, if it changed since it was read last.
    @inline(__always)
    mutating func refreshView(_ books: borrowing some BookSource, _ depth: Int, _ content: BookContent) {
        if viewVersion == bookVersion { return }
        books.capture(row.instrument, depth: depth, content: content, into: &row.book.view)
        row.book.view.time = bookTime
        row.book.view.exchangeTime = bookExchangeTime
        row.book.view.receiveTime = bookReceiveTime
        viewVersion = bookVersion
    }

    /// Moves the clock on: the rows through `index`, which ends at `edge`, are emitted or passed.
    @inline(__always)
    mutating func settle(at index: Int64, _ edge: Int64, nextMove: Int64) {
        self.index = index
        self.edge = edge
        rowsEnd = edge
        self.nextMove = nextMove
    }

    /// Hands the live book over to the history for the edges through `time`, if the clock has not passed
    /// them; whether it had not.
    ///
    /// `time` is ``nextCapture`` or later.
    mutating func keepBook(
        until time: Int64,
        emitted: Int64,
        _ grid: Grid,
        _ options: SynchronizerOptions,
        books: borrowing some BookSource
    ) -> Bool {
        // Mostly the next period: spares a division.
        let isNext = grid.holds(time, from: nextCapture)
        let index = isNext ? captureIndex : grid.index(of: time)
        let known = max(emitted, bookHistory.through)
        captureIndex = max(index, known) + 1
        nextCapture = grid.edge(of: captureIndex)
        guard index > known else { return false }
        refreshView(books, options.depth, options.bookContent)
        bookHistory.add(&row.book, emitted: emitted, through: index)
        viewVersion = -1
        return true
    }

    /// Apart from what changes the row, so that it is handed out where it lies and not as a copy.
    private func handOut(_ consumer: inout some SnapshotConsumer) { consumer.consume(row) }

    /// Gives the live book for the one to be shown, or takes it back.
    private mutating func exchangeBook(_ source: RowBook) {
        if source == .held { swap(&heldView, &row.book) } else { bookHistory.exchange(&row.book) }
    }

    private mutating func showBook() {
        let (state, time) = (row.book.view.state, row.book.view.time)
        row.quality.bookState = state
        row.hasBook = state == .synced
        row.bookAge = row.hasBook ? row.ts &- time : nil
    }

    private mutating func showStates(before edge: Int64) {
        let ts = row.ts
        if funding.advance(to: edge) { row.fundingRate = funding.current?.state }
        if interest.advance(to: edge) { row.openInterest = interest.current?.state }
        row.fundingAge = funding.current.map { ts &- $0.time }
        row.interestAge = interest.current.map { ts &- $0.time }
    }
}
