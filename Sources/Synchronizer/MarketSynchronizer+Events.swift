public import MarketModel

extension MarketSynchronizer {
    /// Takes a trade: judged a duplicate first, then it may drive the clock, then it may be late.
    @inlinable
    public mutating func add(
        _ trade: Trade,
        on connection: Int32,
        books: inout some BookSource,
        into consumer: inout some SnapshotConsumer
    ) {
        let placement = take(trade, on: connection)
        if placement == .placed { return }
        complete(trade, placement, on: connection, books: &books, into: &consumer)
    }

    /// Does for a trade what is left to do.
    @usableFromInline
    mutating func complete(
        _ trade: Trade,
        _ placement: Placement,
        on connection: Int32,
        books: inout some BookSource,
        into consumer: inout some SnapshotConsumer
    ) {
        let index = trade.instrument.position
        let stamp = stamp(exchangeTime: trade.exchangeTime, receiveTime: trade.receiveTime)
        switch placement {
        case .unusual: addUnusual(trade, stamp, on: connection, books: &books, into: &consumer)
        case .moves:
            move(index, to: stamp.time, books: &books, into: &consumer)
            count(trade: tracks[index].insert(trade, at: stamp.time), index, stamp.time)
        case .placed, .late, .unanchored, .duplicate, .crosses:
            count(trade: placement, index, stamp.time)
        }
    }

    /// Takes a trade whatever it is.
    @inline(never)
    private mutating func addUnusual(
        _ trade: borrowing Trade,
        _ stamp: EventStamp,
        on connection: Int32,
        books: inout some BookSource,
        into consumer: inout some SnapshotConsumer
    ) {
        let (index, time) = (trade.instrument.position, stamp.time)
        if !isKnown(index, .trades, on: connection) { hear(trade.instrument, .trades, on: connection) }
        if trade.isSnapshot {
            counters.snapshotTrades += 1
            join(index, on: connection)
            return
        }
        guard tracks[index].isNew(trade.id) else { return count(trade: .duplicate, index, time) }
        if !stamp.isGood { counters.badTime += 1 }
        if stamp.isGood, drivers.contains(.trades) {
            drive(index, to: time, books: &books, into: &consumer)
        }
        join(index, on: connection)
        if isFinished {
            count(trade: .late, index, time)
        } else if isOffGrid {
            addSampled(trade, time: time, drives: stamp.isGood, books: &books, into: &consumer)
        } else {
            count(trade: tracks[index].insert(trade, at: time), index, time)
        }
    }

    private mutating func count(trade placement: Placement, _ index: Int, _ time: Int64) {
        switch placement {
        case .placed, .moves, .crosses, .unusual: break  // None of them is left.
        case .duplicate: counters.duplicateTrades += 1
        case .late:
            counters.lateTrades += 1
            noteLate(index, time)
        case .unanchored: limitBacklog(index, at: time)
        }
    }

    /// Takes a liquidation: it may drive the clock, then it may be late.
    @inlinable
    public mutating func add(
        _ liquidation: Liquidation,
        on connection: Int32,
        books: inout some BookSource,
        into consumer: inout some SnapshotConsumer
    ) {
        let placement = take(liquidation, on: connection)
        if placement == .placed { return }
        complete(liquidation, placement, on: connection, books: &books, into: &consumer)
    }

    /// Does for a liquidation what is left to do.
    @usableFromInline
    mutating func complete(
        _ liquidation: Liquidation,
        _ placement: Placement,
        on connection: Int32,
        books: inout some BookSource,
        into consumer: inout some SnapshotConsumer
    ) {
        let index = liquidation.instrument.position
        let stamp = stamp(exchangeTime: liquidation.exchangeTime, receiveTime: liquidation.receiveTime)
        switch placement {
        case .unusual: addUnusual(liquidation, stamp, on: connection, books: &books, into: &consumer)
        case .moves:
            move(index, to: stamp.time, books: &books, into: &consumer)
            count(liquidation: tracks[index].insert(liquidation, at: stamp.time), index, stamp.time)
        case .placed, .late, .unanchored, .duplicate, .crosses:
            count(liquidation: placement, index, stamp.time)
        }
    }

    /// Takes a liquidation whatever it is.
    @inline(never)
    private mutating func addUnusual(
        _ liquidation: borrowing Liquidation,
        _ stamp: EventStamp,
        on connection: Int32,
        books: inout some BookSource,
        into consumer: inout some SnapshotConsumer
    ) {
        let (index, time) = (liquidation.instrument.position, stamp.time)
        if !isKnown(index, .liquidations, on: connection) {
            hear(liquidation.instrument, .liquidations, on: connection)
        }
        if !stamp.isGood { counters.badTime += 1 }
        if stamp.isGood, drivers.contains(.liquidations) {
            drive(index, to: time, books: &books, into: &consumer)
        }
        join(index, on: connection)
        if isFinished {
            count(liquidation: .late, index, time)
        } else if isOffGrid {
            addSampled(liquidation, time: time, drives: stamp.isGood, books: &books, into: &consumer)
        } else {
            count(liquidation: tracks[index].insert(liquidation, at: time), index, time)
        }
    }

    private mutating func count(liquidation placement: Placement, _ index: Int, _ time: Int64) {
        switch placement {
        case .placed, .moves, .crosses, .unusual, .duplicate: break
        case .late:
            counters.lateLiquidations += 1
            noteLate(index, time)
        case .unanchored: limitBacklog(index, at: time)
        }
    }

    /// Takes a funding rate.
    public mutating func update(_ fundingRate: FundingRate, on connection: Int32) {
        let index = fundingRate.instrument.position
        if !isKnown(index, .fundingRates, on: connection) {
            hear(fundingRate.instrument, .fundingRates, on: connection)
            join(index, on: connection)
        }
        let stamp = stamp(exchangeTime: fundingRate.exchangeTime, receiveTime: fundingRate.receiveTime)
        if !stamp.isGood { counters.badTime += 1 }
        let time = stamp.time
        judgeState(index, time)
        tracks[index].funding.insert(fundingRate, time: time, grid: grid)
        if tracks[index].funding.count >= tracks[index].pruneAt { prune(index, at: time) }
    }

    /// Takes an open interest.
    public mutating func update(_ openInterest: OpenInterest, on connection: Int32) {
        let index = openInterest.instrument.position
        if !isKnown(index, .openInterest, on: connection) {
            hear(openInterest.instrument, .openInterest, on: connection)
            join(index, on: connection)
        }
        let stamp = stamp(exchangeTime: openInterest.exchangeTime, receiveTime: openInterest.receiveTime)
        if !stamp.isGood { counters.badTime += 1 }
        let time = stamp.time
        judgeState(index, time)
        tracks[index].interest.insert(openInterest, time: time, grid: grid)
        if tracks[index].interest.count >= tracks[index].pruneAt { prune(index, at: time) }
    }

    /// Records how late an event is: the row that holds `time` was emitted or passed.
    private mutating func noteLate(_ index: Int, _ time: Int64) {
        let driven = lastDriving(index)
        let edge = grid.edge(of: grid.row(of: time))
        let (length, isTooLong) = driven.subtractingReportingOverflow(edge)
        lateness.record(driven == .min || driven < edge ? 0 : isTooLong ? .max : length)
    }

    /// Counts a state whose own stamp lies in a row already emitted; it is taken all the same.
    mutating func judgeState(_ index: Int, _ time: Int64) {
        if isFinished || time < tracks[index].rowsEnd { counters.lateStates += 1 }
    }
}
