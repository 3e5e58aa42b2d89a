public import MarketModel

extension MarketSynchronizer {
    /// Adds a trade: drops it if duplicate, then lets it drive the clock, then drops it if late.
    @inlinable
    public mutating func add(
        _ trade: Trade,
        on connection: Int32,
        for host: inout some SynchronizerHost
    ) {
        let placement = addFast(trade, on: connection)
        if placement == .placed { return }
        addSlowly(trade, placement, on: connection, for: &host)
    }

    /// The slow path of a trade, from where the fast one stopped.
    @usableFromInline
    mutating func addSlowly(
        _ trade: Trade,
        _ placement: EventOutcome,
        on connection: Int32,
        for host: inout some SynchronizerHost
    ) {
        let index = trade.instrument.position
        let stamp = stamp(exchangeTime: trade.exchangeTime, receiveTime: trade.receiveTime)
        switch placement {
        case .needsSlowPath: addUnusual(trade, stamp, on: connection, for: &host)
        case .advancesClock:
            move(index, to: stamp.time, for: &host)
            count(trade: states[index].insert(trade, at: stamp.time), index, stamp.time)
        case .placed, .late, .unanchored, .duplicate, .crossesEdge:
            count(trade: placement, index, stamp.time)
        }
    }

    /// Handles any trade.
    @inline(never)
    private mutating func addUnusual(
        _ trade: borrowing Trade,
        _ stamp: EventStamp,
        on connection: Int32,
        for host: inout some SynchronizerHost
    ) {
        let (index, time) = (trade.instrument.position, stamp.time)
        if !isKnown(index, .trades, on: connection) { markLive(trade.instrument, .trades, on: connection) }
        if trade.isSnapshot {
            counters.snapshotTrades += 1
            attach(index, on: connection)
            return
        }
        guard states[index].register(trade.id) else { return count(trade: .duplicate, index, time) }
        if !stamp.isGood { counters.badTime += 1 }
        if stamp.isGood, drivers.contains(.trades) {
            drive(index, to: time, for: &host)
        }
        attach(index, on: connection)
        if isFinished {
            count(trade: .late, index, time)
        } else if emitsPerEvent {
            addSampled(trade, time: time, drives: stamp.isGood, for: &host)
        } else {
            count(trade: states[index].insert(trade, at: time), index, time)
        }
    }

    private mutating func count(trade placement: EventOutcome, _ index: Int, _ time: Int64) {
        switch placement {
        case .placed, .advancesClock, .crossesEdge, .needsSlowPath: break  // None of them is left.
        case .duplicate: counters.duplicateTrades += 1
        case .late:
            counters.lateTrades += 1
            countLate(index, time)
        case .unanchored: limitBacklog(index, at: time)
        }
    }

    /// Adds a liquidation: lets it drive the clock, then drops it if late.
    @inlinable
    public mutating func add(
        _ liquidation: Liquidation,
        on connection: Int32,
        for host: inout some SynchronizerHost
    ) {
        let placement = addFast(liquidation, on: connection)
        if placement == .placed { return }
        addSlowly(liquidation, placement, on: connection, for: &host)
    }

    /// The slow path of a liquidation, from where the fast one stopped.
    @usableFromInline
    mutating func addSlowly(
        _ liquidation: Liquidation,
        _ placement: EventOutcome,
        on connection: Int32,
        for host: inout some SynchronizerHost
    ) {
        let index = liquidation.instrument.position
        let stamp = stamp(exchangeTime: liquidation.exchangeTime, receiveTime: liquidation.receiveTime)
        switch placement {
        case .needsSlowPath: addUnusual(liquidation, stamp, on: connection, for: &host)
        case .advancesClock:
            move(index, to: stamp.time, for: &host)
            count(liquidation: states[index].insert(liquidation, at: stamp.time), index, stamp.time)
        case .placed, .late, .unanchored, .duplicate, .crossesEdge:
            count(liquidation: placement, index, stamp.time)
        }
    }

    /// Handles any liquidation.
    @inline(never)
    private mutating func addUnusual(
        _ liquidation: borrowing Liquidation,
        _ stamp: EventStamp,
        on connection: Int32,
        for host: inout some SynchronizerHost
    ) {
        let (index, time) = (liquidation.instrument.position, stamp.time)
        if !isKnown(index, .liquidations, on: connection) {
            markLive(liquidation.instrument, .liquidations, on: connection)
        }
        if !stamp.isGood { counters.badTime += 1 }
        if stamp.isGood, drivers.contains(.liquidations) {
            drive(index, to: time, for: &host)
        }
        attach(index, on: connection)
        if isFinished {
            count(liquidation: .late, index, time)
        } else if emitsPerEvent {
            addSampled(liquidation, time: time, drives: stamp.isGood, for: &host)
        } else {
            count(liquidation: states[index].insert(liquidation, at: time), index, time)
        }
    }

    private mutating func count(liquidation placement: EventOutcome, _ index: Int, _ time: Int64) {
        switch placement {
        case .placed, .advancesClock, .crossesEdge, .needsSlowPath, .duplicate: break
        case .late:
            counters.lateLiquidations += 1
            countLate(index, time)
        case .unanchored: limitBacklog(index, at: time)
        }
    }

    /// Carries a funding rate forward from its time on.
    public mutating func update(_ fundingRate: FundingRate, on connection: Int32) {
        let index = fundingRate.instrument.position
        if !isKnown(index, .fundingRates, on: connection) {
            markLive(fundingRate.instrument, .fundingRates, on: connection)
            attach(index, on: connection)
        }
        let stamp = stamp(exchangeTime: fundingRate.exchangeTime, receiveTime: fundingRate.receiveTime)
        if !stamp.isGood { counters.badTime += 1 }
        let time = stamp.time
        judgeState(index, time)
        states[index].funding.insert(fundingRate, time: time, grid: grid)
        if states[index].funding.count >= states[index].pruneAt { prune(index, at: time) }
    }

    /// Carries an open interest forward from its time on.
    public mutating func update(_ openInterest: OpenInterest, on connection: Int32) {
        let index = openInterest.instrument.position
        if !isKnown(index, .openInterest, on: connection) {
            markLive(openInterest.instrument, .openInterest, on: connection)
            attach(index, on: connection)
        }
        let stamp = stamp(exchangeTime: openInterest.exchangeTime, receiveTime: openInterest.receiveTime)
        if !stamp.isGood { counters.badTime += 1 }
        let time = stamp.time
        judgeState(index, time)
        states[index].interest.insert(openInterest, time: time, grid: grid)
        if states[index].interest.count >= states[index].pruneAt { prune(index, at: time) }
    }

    /// Records how late an event is whose row was emitted or skipped.
    private mutating func countLate(_ index: Int, _ time: Int64) {
        let driven = lastDriving(index)
        let edge = grid.edge(of: grid.row(of: time))
        let (length, isTooLong) = driven.subtractingReportingOverflow(edge)
        lateness.record(driven == .min || driven < edge ? 0 : isTooLong ? .max : length)
    }

    /// Counts a state whose own time is in a row already emitted; the state is used all the same.
    mutating func judgeState(_ index: Int, _ time: Int64) {
        if isFinished || time < states[index].rowsEnd { counters.lateStates += 1 }
    }
}
