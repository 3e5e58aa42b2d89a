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

// The row of an instrument is filled where it lies, so that emitting it copies and counts nothing; the memory
// of its lists and of its book is reused.
extension InstrumentTrack {
    /// Fills the row and hands it out; returns how many trades and liquidations it took.
    ///
    /// A live book is in the row already.
    mutating func emit(
        _ span: RowSpan,
        showing source: RowBook,
        into consumer: inout some SnapshotConsumer
    ) -> (trades: Int, liquidations: Int) {
        row.ts = span.ts
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
