import MarketModel
import OrderBooks

extension MarketSynchronizer {
    /// Moves one instrument's clock to `target`, emitting the rows it passes.
    mutating func advance(
        _ place: Int,
        to target: Int64,
        books: inout some BookSource,
        into consumer: inout some SnapshotConsumer
    ) {
        guard let index = tracks[place].index, target > index else { return }
        if target - index <= options.maxGapFill {
            let making = making(false)
            for _ in index..<target { emitNext(of: place, making, books: &books, into: &consumer) }
            return
        }
        let plan = plan(place, to: target, index: index)
        var row = index
        var emitted: Int64 = 0
        while let next = tracks[place].next(after: row, plan, grid) {
            emit(next, of: place, isPartial: false, books: &books, into: &consumer)
            row = next
            emitted += 1
        }
        settle(place, from: index, at: target, emitted: emitted, into: &consumer)
    }

    /// Moves the clock of every instrument to `target`: row by row, for each `ts` in order of joining.
    mutating func advanceAll(
        to target: Int64,
        books: inout some BookSource,
        into consumer: inout some SnapshotConsumer
    ) {
        if let start = commonIndex(before: target) {
            let making = making(false)
            var row = start
            while row < target {
                for order in joined.indices where tracks[joined[order].position].index == row {
                    emitNext(of: joined[order].position, making, books: &books, into: &consumer)
                }
                row &+= 1
            }
            return
        }
        var row = Int64.max
        for instrument in joined {
            let place = instrument.position
            tracks[place].emitted = 0
            tracks[place].nextRow = nil
            guard let index = tracks[place].index, target > index else { continue }
            tracks[place].plan = plan(place, to: target, index: index)
            tracks[place].nextRow = tracks[place].next(after: index, tracks[place].plan, grid)
            row = min(row, tracks[place].nextRow ?? .max)
        }
        while row != .max {
            row = emitAll(row, books: &books, into: &consumer)
        }
        for instrument in joined {
            let place = instrument.position
            guard let index = tracks[place].index, target > index else { continue }
            settle(place, from: index, at: target, emitted: tracks[place].emitted, into: &consumer)
        }
    }

    /// Where the clocks stand that a move to `target` moves, if that is one place near enough to fill all rows from:
    /// mostly.
    ///
    /// Mutating, though nothing changes: else all of the synchronizer would be copied for the call.
    private mutating func commonIndex(before target: Int64) -> Int64? {
        var common = target
        for instrument in joined {
            guard let index = tracks[instrument.position].index, index < target else { continue }
            if common != target, index != common { return nil }
            common = index
        }
        return target - common <= options.maxGapFill ? common : nil
    }

    /// Emits one `ts` of all instruments; returns the next one, `Int64.max` at the end.
    private mutating func emitAll(
        _ row: Int64,
        books: inout some BookSource,
        into consumer: inout some SnapshotConsumer
    ) -> Int64 {
        var next = Int64.max
        for instrument in joined {
            let place = instrument.position
            if tracks[place].nextRow == row {
                emit(row, of: place, isPartial: false, books: &books, into: &consumer)
                tracks[place].emitted += 1
                tracks[place].nextRow = tracks[place].next(after: row, tracks[place].plan, grid)
            }
            next = min(next, tracks[place].nextRow ?? .max)
        }
        return next
    }

    mutating func settle(
        _ place: Int,
        from index: Int64,
        at target: Int64,
        emitted: Int64,
        into consumer: inout some SnapshotConsumer
    ) {
        settle(place, at: target)
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

    @inline(__always)
    private mutating func settle(_ place: Int, at target: Int64) {
        tracks[place].settle(at: target, grid.edge(of: target), options.period, options.holdBack)
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

    /// Emits the row after the last of an instrument, whose clock then stands at its edge.
    @inline(__always)
    mutating func emitNext(
        of place: Int,
        books: inout some BookSource,
        into consumer: inout some SnapshotConsumer
    ) {
        emitNext(of: place, making(false), books: &books, into: &consumer)
    }

    @inline(__always)
    private mutating func emitNext(
        of place: Int,
        _ making: RowMaking,
        books: inout some BookSource,
        into consumer: inout some SnapshotConsumer
    ) {
        count(tracks[place].emitNext(grid.period, making, books: &books, into: &consumer), false)
    }

    /// Emits one row of an instrument.
    mutating func emit(
        _ row: Int64,
        of place: Int,
        isPartial: Bool,
        books: inout some BookSource,
        into consumer: inout some SnapshotConsumer
    ) {
        let edge = grid.edge(of: row)
        let span = RowSpan(ts: edge, start: edge &- options.period, edge: edge)
        count(tracks[place].emit(row, span, making(isPartial), books: &books, into: &consumer), isPartial)
    }

    /// Emits a row off the grid: all that waits of an instrument.
    mutating func emitSample(
        _ place: Int,
        ts: Int64,
        isPartial: Bool,
        books: inout some BookSource,
        into consumer: inout some SnapshotConsumer
    ) {
        let source: RowBook = tracks[place].heldFrame == frameNumber ? .held : .live
        let span = RowSpan(ts: ts, start: tracks[place].sampleStart, edge: .max)
        tracks[place].sampleStart = ts
        tracks[place].rowsEnd = ts
        let making = making(isPartial)
        count(tracks[place].emit(span, making, showing: source, books: &books, into: &consumer), isPartial)
    }

    @inline(__always)
    private func making(_ isPartial: Bool) -> RowMaking {
        RowMaking(
            depth: options.depth,
            content: options.bookContent,
            available: lastFrame,
            holdBack: options.holdBack,
            isPartial: isPartial
        )
    }

    @inline(__always)
    private mutating func count(_ taken: RowContent, _ isPartial: Bool) {
        counters.placedTrades &+= taken.trades
        counters.placedLiquidations &+= taken.liquidations
        counters.rows &+= 1
        if isPartial { counters.partialRows += 1 }
    }
}
