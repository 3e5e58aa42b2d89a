import MarketModel

// Which rows are emitted, and when: ticks and driving times move clocks over edges, or close rows off the grid.
extension MarketSynchronizer {
    /// Begins a frame: rows emitted from now on are available at its receive time.
    ///
    /// Under the external clock, fires the ticks due by then before its events.
    ///
    /// Precondition: frames are in order of their receive times.
    public mutating func begin(frame: FrameStamp, for host: inout some SynchronizerHost) {
        if Int(frame.connection) >= connections.count { register(connection: frame.connection) }
        connections[Int(frame.connection)].beginFrame(at: time(of: frame))
        lastFrame = frame.receiveTime
        frameNumber &+= 1
        if let ticks, ticks.isDue(at: lastFrame), !isFinished { fireTicks(for: &host) }
    }

    /// Ends a reply to a request, begun like a frame: feeds that end next do so at the frame before it.
    public mutating func endReply(on connection: Int32) { connections[Int(connection)].endReply() }

    @inline(never)
    private mutating func fireTicks(for host: inout some SynchronizerHost) {
        while let tick = ticks?.fire(by: lastFrame, grid) {
            moveAll(to: tick, for: &host)
            if ticks?.isPeriodic != false { return }
        }
    }

    /// Fires one explicit tick of the external clock, in addition to those of ``TickSource/times(_:)``.
    ///
    /// Ignored without that option, when ticks come from log time alone. Its rows are available at the
    /// later of the tick and the last frame.
    public mutating func tick(at time: Int64, for host: inout some SynchronizerHost) {
        guard ticks?.isPeriodic == false, !isFinished else { return }
        lastFrame = max(lastFrame, time)
        moveAll(to: time, for: &host)
    }

    /// Ends the data: emits the rows that still hold something, marking those that are partial.
    ///
    /// Calling it again changes nothing.
    public mutating func finish(for host: inout some SynchronizerHost) {
        if isFinished { return }
        for instrument in joined {
            if isOffGrid {
                finishOffGrid(instrument.position, for: &host)
            } else {
                finish(instrument.position, for: &host)
            }
        }
        isFinished = true
        needsSlowPath = true
    }

    // MARK: - Clocks

    /// The clock that moves an instrument.
    func clock(of position: Int) -> RowClock { isShared ? shared : states[position].clock }

    /// The period of the shared clock, in which instruments that join late are anchored; nil if there is none.
    var sharedPeriod: Int64? { isShared ? shared.period(grid) : nil }

    /// Moves an instrument's clock, or the shared one, to a driving time.
    @inline(__always)
    mutating func drive(_ position: Int, to time: Int64, for host: inout some SynchronizerHost) {
        if isFinished || isOffGrid { return }
        if isShared { return moveAll(to: time, for: &host) }
        let (start, target) = states[position].clock.drive(to: time, grid)
        if let start {
            if target > start { advance(position, from: start, to: target, for: &host) }
        } else {
            anchor(position, at: target)
        }
    }

    /// Moves the clock that all instruments share to a driving time.
    mutating func moveAll(to time: Int64, for host: inout some SynchronizerHost) {
        if isOffGrid {
            shared.record(time)
            for instrument in joined { close(instrument.position, at: time, for: &host) }
            return
        }
        let (start, target) = shared.drive(to: time, grid)
        if start == nil {
            shared.anchor(at: target, grid)
            for instrument in joined { anchor(instrument.position, at: target) }
        } else if start != target {
            shared.advance(to: target, grid)
            advanceAll(to: target, for: &host)
        }
    }

    /// Sets an instrument's clock for the first time; earlier events have no row.
    mutating func anchor(_ position: Int, at index: Int64) {
        guard states[position].clock.index == nil else { return }
        states[position].clock.anchor(at: index, grid)
        counters.beforeFirstRow += states[position].rows.drop(before: states[position].clock.edge)
    }

    // MARK: - Rows of the grid

    /// Advances an instrument's clock to `target`, emitting the rows it passes: one, as a rule.
    @inline(never)
    private mutating func advance(
        _ position: Int,
        from index: Int64,
        to target: Int64,
        for host: inout some SynchronizerHost
    ) {
        if target == index + 1, options.maxGapFill > 0 {
            emit(target, of: position, for: &host)
        } else {
            advanceFar(position, from: index, to: target, for: &host)
        }
    }

    @inline(never)
    private mutating func advanceFar(
        _ position: Int,
        from index: Int64,
        to target: Int64,
        for host: inout some SynchronizerHost
    ) {
        if target - index <= options.maxGapFill {
            for row in index..<target { emit(row &+ 1, of: position, for: &host) }
        } else {
            emit([plan(position, to: target, from: index)], for: &host)
        }
    }

    /// Advances the clock of every instrument to `target`: row by row, for each `ts` in order of joining.
    private mutating func advanceAll(to target: Int64, for host: inout some SynchronizerHost) {
        if let start = commonIndex(before: target) {
            for row in start..<target {
                for order in joined.indices where states[joined[order].position].clock.index == row {
                    emit(row &+ 1, of: joined[order].position, for: &host)
                }
            }
            return
        }
        var plans: [RowPlan] = []
        for instrument in joined {
            guard let index = states[instrument.position].clock.index, target > index else { continue }
            plans.append(plan(instrument.position, to: target, from: index))
        }
        emit(plans, for: &host)
    }

    /// The index that all clocks behind `target` share, if they do and the gap to it can be filled: the
    /// common case.
    @inline(__always)
    private func commonIndex(before target: Int64) -> Int64? {
        var common = target
        for instrument in joined {
            guard let index = states[instrument.position].clock.index, index < target else { continue }
            if common != target, index != common { return nil }
            common = index
        }
        return target - common <= options.maxGapFill ? common : nil
    }

    /// Plans the rows of a move; counts it if it is too long to fill.
    private mutating func plan(_ position: Int, to target: Int64, from index: Int64) -> RowPlan {
        let rows = states[position].rows
        let plan = RowPlan(of: position, rows, index..<target, maxGapFill: options.maxGapFill, grid)
        if plan.isJump { counters.jumps += 1 }
        return plan
    }

    /// Emits the rows of plans, those of one `ts` in the plans' order; those that end after `end` are partial.
    private mutating func emit(
        _ plans: [RowPlan],
        end: Int64 = .max,
        for host: inout some SynchronizerHost
    ) {
        var plans = plans
        while let row = plans.lazy.compactMap(\.next).min() {
            for index in plans.indices where plans[index].next == row {
                let position = plans[index].position
                emit(row, of: position, isPartial: grid.edge(of: row) > end, for: &host)
                plans[index].advance(states[position].rows, grid)
            }
        }
        for plan in plans {
            states[plan.position].advance(to: plan.target, grid)
            guard plan.isJump else { continue }
            host.reanchored(
                ClockJump(
                    instrument: InstrumentIndex(UInt32(plan.position)),
                    from: grid.edge(of: plan.start),
                    to: grid.edge(of: plan.target),
                    skippedRows: plan.target - plan.start - plan.emitted
                )
            )
        }
    }

    /// Emits one row of an instrument and advances its clock to it.
    @inline(__always)
    private mutating func emit(
        _ row: Int64,
        of position: Int,
        isPartial: Bool = false,
        for host: inout some SynchronizerHost
    ) {
        let edge = grid.edge(of: row)
        let bounds = RowBounds(ts: edge, start: edge &- grid.period, edge: edge)
        emit(bounds, showing: .edge(row), of: position, isPartial: isPartial, for: &host)
    }

    @inline(__always)
    private mutating func emit(
        _ bounds: RowBounds,
        showing moment: BookMoment,
        of position: Int,
        isPartial: Bool,
        for host: inout some SynchronizerHost
    ) {
        let content = states[position].emit(
            bounds,
            showing: moment,
            grid,
            available: lastFrame,
            isPartial: isPartial,
            for: &host
        )
        counters.placedTrades &+= content.trades
        counters.placedLiquidations &+= content.liquidations
        counters.rows &+= 1
        if isPartial { counters.partialRows += 1 }
    }

    private mutating func finish(_ position: Int, for host: inout some SynchronizerHost) {
        guard let index = states[position].clock.index else {
            counters.beforeFirstRow += states[position].rows.dropAll()
            return
        }
        // The last driving time; under ticks from log time that is the last frame's.
        let end = ticks?.isPeriodic == true ? lastFrame : clock(of: position).driven
        var last = grid.row(of: end)
        // An explicit tick on an edge opens no row.
        if ticks?.isPeriodic == false, end == grid.edge(of: last - 1) { last -= 1 }
        if let waiting = states[position].rows.lastTime(before: .max) {
            last = max(last, grid.row(of: waiting))
        }
        guard last > index else { return }
        emit([plan(position, to: last, from: index)], end: end, for: &host)
    }

    // MARK: - Rows off the grid

    /// Closes an instrument's row at a driving time, with all that waits.
    mutating func close(_ position: Int, at time: Int64, for host: inout some SynchronizerHost) {
        let bounds = states[position].clock.close(at: time)
        emit(bounds, showing: .frame(frameNumber), of: position, isPartial: false, for: &host)
    }

    /// Emits what came after the last row as a partial row; an instrument without driving events has no
    /// rows.
    private mutating func finishOffGrid(_ position: Int, for host: inout some SynchronizerHost) {
        let driven = clock(of: position).driven
        guard driven != .min else {
            counters.beforeFirstRow += states[position].rows.dropAll()
            return
        }
        guard let last = states[position].rows.lastTime(before: .max) else { return }
        let bounds = states[position].clock.closeLast(at: max(driven, last))
        emit(bounds, showing: .frame(frameNumber), of: position, isPartial: true, for: &host)
    }

    // MARK: - Memory

    /// How far behind the latest event one may lie and still find everything kept, in periods of the
    /// exchange basis; in the receive basis times never go back.
    private static let exchangeHorizon: Int64 = 36_000

    /// Drops what no row of an instrument will show now that the market is at `time`.
    mutating func prune(_ position: Int, at time: Int64) {
        let horizon = options.timeBasis == .exchange ? MarketSynchronizer.exchangeHorizon : 0
        let settled = grid.index(of: time &- grid.delay) - horizon
        // Instruments that join late start at the shared clock's current period.
        let index = states[position].clock.index ?? sharedPeriod
        if index == nil {
            counters.beforeFirstRow += states[position].rows.drop(before: grid.edge(of: settled))
        }
        let rule = RetentionRule(
            index: index,
            settled: settled,
            maxGapFill: options.maxGapFill,
            grid: grid,
            waiting: states[position].rows
        )
        states[position].prune(rule, from: pruneFrom)
    }
}
