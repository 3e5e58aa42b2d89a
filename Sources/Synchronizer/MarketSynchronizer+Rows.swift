import MarketModel
import OrderBooks

extension MarketSynchronizer {
    /// Moves one instrument's clock to `target`, emitting the rows it passes.
    mutating func advance(
        _ position: Int,
        to target: Int64,
        for host: inout some SynchronizerHost
    ) {
        guard let index = states[position].index, target > index else { return }
        if target - index <= options.maxGapFill {
            let making = making(false)
            for _ in index..<target { emitNext(of: position, making, for: &host) }
            return
        }
        let plan = plan(position, to: target, index: index)
        var row = index
        var emitted: Int64 = 0
        while let next = states[position].next(after: row, plan, grid) {
            emit(next, of: position, isPartial: false, for: &host)
            row = next
            emitted += 1
        }
        closeRow(position, from: index, at: target, emitted: emitted, for: &host)
    }

    /// Moves the clock of every instrument to `target`: row by row, for each `ts` in order of joining.
    mutating func advanceAll(
        to target: Int64,
        for host: inout some SynchronizerHost
    ) {
        if let start = commonIndex(before: target) {
            let making = making(false)
            var row = start
            while row < target {
                for order in joined.indices where states[joined[order].position].index == row {
                    emitNext(of: joined[order].position, making, for: &host)
                }
                row &+= 1
            }
            return
        }
        var row = Int64.max
        for instrument in joined {
            let position = instrument.position
            states[position].emitted = 0
            states[position].nextRow = nil
            guard let index = states[position].index, target > index else { continue }
            states[position].plan = plan(position, to: target, index: index)
            states[position].nextRow = states[position].next(after: index, states[position].plan, grid)
            row = min(row, states[position].nextRow ?? .max)
        }
        while row != .max {
            row = emitAll(row, for: &host)
        }
        for instrument in joined {
            let position = instrument.position
            guard let index = states[position].index, target > index else { continue }
            closeRow(position, from: index, at: target, emitted: states[position].emitted, for: &host)
        }
    }

    /// The index that all clocks behind `target` share, if they do and the gap to it can be filled: the
    /// common case.
    ///
    /// `mutating` avoids a copy of the synchronizer; nothing changes.
    private mutating func commonIndex(before target: Int64) -> Int64? {
        var common = target
        for instrument in joined {
            guard let index = states[instrument.position].index, index < target else { continue }
            if common != target, index != common { return nil }
            common = index
        }
        return target - common <= options.maxGapFill ? common : nil
    }

    /// Emits the rows of one `ts` for all instruments; returns the next one, `Int64.max` at the end.
    private mutating func emitAll(
        _ row: Int64,
        for host: inout some SynchronizerHost
    ) -> Int64 {
        var next = Int64.max
        for instrument in joined {
            let position = instrument.position
            if states[position].nextRow == row {
                emit(row, of: position, isPartial: false, for: &host)
                states[position].emitted += 1
                states[position].nextRow = states[position].next(after: row, states[position].plan, grid)
            }
            next = min(next, states[position].nextRow ?? .max)
        }
        return next
    }

    mutating func closeRow(
        _ position: Int,
        from index: Int64,
        at target: Int64,
        emitted: Int64,
        for host: inout some SynchronizerHost
    ) {
        closeRow(position, at: target)
        guard target - index > options.maxGapFill else { return }
        host.reanchored(
            ClockJump(
                instrument: InstrumentIndex(UInt32(position)),
                from: grid.edge(of: index),
                to: grid.edge(of: target),
                skippedRows: target - index - emitted
            )
        )
    }

    @inline(__always)
    private mutating func closeRow(_ position: Int, at target: Int64) {
        states[position].closeRow(at: target, grid.edge(of: target), options.period, options.watermarkDelay)
    }

    /// Plans the rows of a jump from `index` to `target`; counts it if it is too long to fill.
    mutating func plan(_ position: Int, to target: Int64, index: Int64) -> RowPlan {
        if target - index <= options.maxGapFill { return RowPlan(last: target) }
        counters.jumps += 1
        guard let buffered = states[position].lastBuffered(before: grid.edge(of: target)) else {
            return RowPlan(last: nil)
        }
        let last = grid.row(of: buffered)
        return RowPlan(last: last, isSparse: last - index > options.maxGapFill)
    }

    /// Emits the row after an instrument's last and advances its clock to the edge.
    @inline(__always)
    mutating func emitNext(
        of position: Int,
        for host: inout some SynchronizerHost
    ) {
        emitNext(of: position, making(false), for: &host)
    }

    @inline(__always)
    private mutating func emitNext(
        of position: Int,
        _ making: RowParameters,
        for host: inout some SynchronizerHost
    ) {
        count(states[position].emitNext(grid.period, making, for: &host), false)
    }

    /// Emits one row of an instrument.
    mutating func emit(
        _ row: Int64,
        of position: Int,
        isPartial: Bool,
        for host: inout some SynchronizerHost
    ) {
        let edge = grid.edge(of: row)
        let span = RowBounds(ts: edge, start: edge &- options.period, edge: edge)
        count(states[position].emit(row, span, making(isPartial), for: &host), isPartial)
    }

    /// Emits a row off the grid with all waiting events of an instrument.
    mutating func emitSample(
        _ position: Int,
        ts: Int64,
        isPartial: Bool,
        for host: inout some SynchronizerHost
    ) {
        let source: RowBook = states[position].heldFrame == frameNumber ? .beforeFrame : .live
        let span = RowBounds(ts: ts, start: states[position].sampleStart, edge: .max)
        states[position].sampleStart = ts
        states[position].rowsEnd = ts
        let making = making(isPartial)
        count(states[position].emit(span, making, showing: source, for: &host), isPartial)
    }

    @inline(__always)
    private func making(_ isPartial: Bool) -> RowParameters {
        RowParameters(
            depth: options.depth,
            content: options.bookContent,
            available: lastFrame,
            watermarkDelay: options.watermarkDelay,
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
