import MarketModel

// Rows off the grid: one per driving event, or per threshold of trading. They follow the order of the log,
// so a row holds all that came before it closes, and nothing is late.
extension MarketSynchronizer {
    /// Takes a trade off the grid; it may close a row that it is in.
    mutating func addSampled(
        _ trade: Trade,
        time: Int64,
        drives: Bool,
        books: inout some BookSource,
        into consumer: inout some SnapshotConsumer
    ) {
        let place = trade.instrument.position
        tracks[place].trades.insert(trade, time: time)
        guard drivers.contains(.trades) else { return }
        if drives { tracks[place].lastDriving = max(tracks[place].lastDriving, time) }
        guard closes(trade, drives: drives, books: &books) else { return }
        sample(place, at: time, books: &books, into: &consumer)
    }

    private mutating func closes(_ trade: Trade, drives: Bool, books: inout some BookSource) -> Bool {
        guard let bars = options.bars else { return drives }
        let place = trade.instrument.position
        let isInverse = books.market(of: trade.instrument) == .inverse
        let isReached = tracks[place].bar.reaches(bars, with: trade, isInverse: isInverse)
        // A trade of a wrong stamp counts, but the next good one closes the bar.
        guard isReached, drives else { return false }
        tracks[place].bar.restart()
        return true
    }

    /// Takes a liquidation off the grid; it may close a row that it is in.
    mutating func addSampled(
        _ liquidation: Liquidation,
        time: Int64,
        drives: Bool,
        books: inout some BookSource,
        into consumer: inout some SnapshotConsumer
    ) {
        let place = liquidation.instrument.position
        tracks[place].liquidations.insert(liquidation, time: time)
        guard drives, drivers.contains(.liquidations) else { return }
        sample(place, at: time, books: &books, into: &consumer)
    }

    /// Closes a row at a driving time: all that waits is in it.
    mutating func sample(
        _ place: Int,
        at time: Int64,
        books: inout some BookSource,
        into consumer: inout some SnapshotConsumer
    ) {
        let ts = max(tracks[place].lastDriving, time)
        tracks[place].lastDriving = ts
        emitSample(place, ts: ts, isPartial: false, books: &books, into: &consumer)
    }

    /// Emits what came after the last row as a partial one; an instrument that never drove has no rows.
    mutating func finishSample(
        _ place: Int,
        books: inout some BookSource,
        into consumer: inout some SnapshotConsumer
    ) {
        let driven = isCommon ? common.time : tracks[place].lastDriving
        guard driven != .min else {
            dropBuffered(place)
            return
        }
        guard let last = tracks[place].lastBuffered(before: .max) else { return }
        emitSample(place, ts: max(driven, last), isPartial: true, books: &books, into: &consumer)
    }

    /// Keeps the book as it was before the frame at hand; a row that closes in the frame shows it.
    mutating func holdFrameBook(_ place: Int, books: inout some BookSource) {
        guard !drivers.contains(.book), tracks[place].heldFrame != frameNumber else { return }
        refreshView(place, books: &books)
        tracks[place].heldView.view.copy(tracks[place].row.book.view)
        tracks[place].heldFrame = frameNumber
    }
}
