import MarketModel
import OrderBooks

extension MarketSynchronizer {
    /// Moves one instrument's clock to `target`, emitting the rows it passes.
    mutating func advance(
        _ place: Int,
        to target: Int64,
        books: borrowing some BookSource,
        into consumer: inout some SnapshotConsumer
    ) {
        guard let index = tracks[place].index, target > index else { return }
        let plan = plan(place, to: target, index: index)
        var row = index
        var emitted: Int64 = 0
        while let next = nextRow(after: row, place, plan) {
            emit(next, of: place, isPartial: false, books: books, into: &consumer)
            row = next
            emitted += 1
        }
        settle(place, from: index, at: target, emitted: emitted, into: &consumer)
    }

    /// Moves the clock of every instrument to `target`: row by row, for each `ts` in order of joining.
    mutating func advanceAll(
        to target: Int64,
        books: borrowing some BookSource,
        into consumer: inout some SnapshotConsumer
    ) {
        var row = Int64.max
        for instrument in joined {
            let place = instrument.position
            tracks[place].emitted = 0
            tracks[place].nextRow = nil
            guard let index = tracks[place].index, target > index else { continue }
            tracks[place].plan = plan(place, to: target, index: index)
            tracks[place].nextRow = nextRow(after: index, place, tracks[place].plan)
            row = min(row, tracks[place].nextRow ?? .max)
        }
        while row != .max {
            row = emitAll(row, books: books, into: &consumer)
        }
        for instrument in joined {
            let place = instrument.position
            guard let index = tracks[place].index, target > index else { continue }
            settle(place, from: index, at: target, emitted: tracks[place].emitted, into: &consumer)
        }
    }

    /// Emits one `ts` of all instruments; returns the next one, `Int64.max` at the end.
    private mutating func emitAll(
        _ row: Int64,
        books: borrowing some BookSource,
        into consumer: inout some SnapshotConsumer
    ) -> Int64 {
        var next = Int64.max
        for instrument in joined {
            let place = instrument.position
            if tracks[place].nextRow == row {
                emit(row, of: place, isPartial: false, books: books, into: &consumer)
                tracks[place].emitted += 1
                tracks[place].nextRow = nextRow(after: row, place, tracks[place].plan)
            }
            next = min(next, tracks[place].nextRow ?? .max)
        }
        return next
    }

    /// The row of a plan after `row`, or nil at its end.
    func nextRow(after row: Int64, _ place: Int, _ plan: RowPlan) -> Int64? {
        guard let last = plan.last, row < last else { return nil }
        if !plan.isSparse { return row + 1 }
        guard let time = tracks[place].firstBuffered else { return nil }
        let next = grid.row(of: time)
        return next <= last ? next : nil
    }

    mutating func settle(
        _ place: Int,
        from index: Int64,
        at target: Int64,
        emitted: Int64,
        into consumer: inout some SnapshotConsumer
    ) {
        tracks[place].index = target
        tracks[place].edge = grid.edge(of: target)
        tracks[place].rowsEnd = tracks[place].edge
        tracks[place].nextMove = grid.edge(of: target + 1) &+ options.holdBack
        guard target - index > options.maxGapFill else { return }
        consumer.reanchored(
            ReAnchor(
                instrument: InstrumentIndex(UInt32(place)),
                from: grid.edge(of: index),
                to: grid.edge(of: target),
                skippedRows: target - index - emitted
            )
        )
    }

    /// Which rows a jump from `index` to `target` emits; counts it if it is too long to fill.
    mutating func plan(_ place: Int, to target: Int64, index: Int64) -> RowPlan {
        if target - index <= options.maxGapFill { return RowPlan(last: target) }
        counters.jumps += 1
        guard let buffered = tracks[place].lastBuffered(before: grid.edge(of: target)) else {
            return RowPlan(last: nil)
        }
        let last = grid.row(of: buffered)
        return RowPlan(last: last, isSparse: last - index > options.maxGapFill)
    }

    /// Emits one row of an instrument.
    mutating func emit(
        _ row: Int64,
        of place: Int,
        isPartial: Bool,
        books: borrowing some BookSource,
        into consumer: inout some SnapshotConsumer
    ) {
        let edge = grid.edge(of: row)
        begin(place, ts: edge)
        takeEvents(place, before: edge)
        if tracks[place].bookHistory.seek(row) {
            show(tracks[place].bookHistory.shown)
        } else {
            refreshView(place, books: books)
            show(tracks[place].view)
        }
        fillStates(place, before: edge)
        fillQuality(place, from: edge &- options.period)
        close(place, isPartial, into: &consumer)
    }

    /// Emits a row off the grid: all that waits of an instrument.
    mutating func emitSample(
        _ place: Int,
        ts: Int64,
        isPartial: Bool,
        books: borrowing some BookSource,
        into consumer: inout some SnapshotConsumer
    ) {
        begin(place, ts: ts)
        takeEvents(place, before: .max)
        if tracks[place].heldFrame == frameNumber {
            show(tracks[place].heldView)
        } else {
            refreshView(place, books: books)
            show(tracks[place].view)
        }
        fillStates(place, before: .max)
        fillQuality(place, from: tracks[place].sampleStart)
        tracks[place].sampleStart = ts
        tracks[place].rowsEnd = ts
        close(place, isPartial, into: &consumer)
    }

    private mutating func begin(_ place: Int, ts: Int64) {
        scratch.instrument = InstrumentIndex(UInt32(place))
        scratch.ts = ts
        scratch.tsAvailable = lastFrame
        scratch.trades.removeAll(keepingCapacity: true)
        scratch.liquidations.removeAll(keepingCapacity: true)
    }

    private mutating func takeEvents(_ place: Int, before edge: Int64) {
        counters.placedTrades += tracks[place].trades.take(before: edge, into: &scratch.trades)
        counters.placedLiquidations += tracks[place].liquidations.take(
            before: edge,
            into: &scratch.liquidations
        )
    }

    @inline(__always)
    private mutating func show(_ view: borrowing BookView) {
        scratch.quality.bookState = view.state
        scratch.bookAge = nil
        guard view.state == .synced else { return }
        scratch.bookAge = scratch.ts &- view.time
        scratch.orderbook = copy view
    }

    private mutating func fillStates(_ place: Int, before edge: Int64) {
        let ts = scratch.ts
        tracks[place].funding.advance(to: edge)
        tracks[place].interest.advance(to: edge)
        scratch.fundingRate = tracks[place].funding.current?.state
        scratch.fundingAge = tracks[place].funding.current.map { ts &- $0.time }
        scratch.openInterest = tracks[place].interest.current?.state
        scratch.interestAge = tracks[place].interest.current.map { ts &- $0.time }
    }

    private mutating func fillQuality(_ place: Int, from start: Int64) {
        (scratch.quality.observed, scratch.quality.gap) = tracks[place].quality(start, scratch.ts)
    }

    private mutating func close(
        _ place: Int,
        _ isPartial: Bool,
        into consumer: inout some SnapshotConsumer
    ) {
        scratch.quality.partial = isPartial
        tracks[place].rowCount += 1
        counters.rows += 1
        if isPartial { counters.partialRows += 1 }
        consumer.consume(scratch)
        // Lets the book's memory be written in place again.
        scratch.orderbook = nil
    }
}
