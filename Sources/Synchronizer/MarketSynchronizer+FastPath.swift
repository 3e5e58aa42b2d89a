public import MarketModel

// The non-generic fast path: no row is due, no feed begins, no stamp is wrong. Returns what the caller
// still has to do.
extension MarketSynchronizer {
    /// Begins a frame; returns whether ticks are due before its events.
    @usableFromInline
    mutating func beginFrame(_ frame: FrameStamp) -> Bool {
        if Int(frame.connection) >= connections.count { register(connection: frame.connection) }
        connections[Int(frame.connection)].beginFrame(at: time(of: frame))
        lastFrame = frame.receiveTime
        frameNumber &+= 1
        return isTicked && frame.receiveTime >= common.nextTick
    }

    /// Adds a trade that needs no slow path.
    @usableFromInline
    mutating func addFast(_ trade: borrowing Trade, on connection: Int32) -> EventOutcome {
        let index = trade.instrument.position
        let stamp = stamp(exchangeTime: trade.exchangeTime, receiveTime: trade.receiveTime)
        guard !needsSlowPath, !trade.isSnapshot, stamp.isGood, index < states.count else {
            return .needsSlowPath
        }
        return states[index].add(trade, at: stamp.time, on: connection, drives: drivers.contains(.trades))
    }

    /// Adds a liquidation that needs no slow path.
    @usableFromInline
    mutating func addFast(_ liquidation: borrowing Liquidation, on connection: Int32) -> EventOutcome {
        let index = liquidation.instrument.position
        let stamp = stamp(exchangeTime: liquidation.exchangeTime, receiveTime: liquidation.receiveTime)
        guard !needsSlowPath, stamp.isGood, index < states.count else { return .needsSlowPath }
        let drives = drivers.contains(.liquidations)
        return states[index].add(liquidation, at: stamp.time, on: connection, drives: drives)
    }

    /// Adds a book message that needs no slow path, before the book changes.
    @usableFromInline
    mutating func addFast(_ update: borrowing BookUpdate, on connection: Int32) -> EventOutcome {
        let index = update.instrument.position
        let stamp = stamp(exchangeTime: update.exchangeTime, receiveTime: update.receiveTime)
        guard !needsSlowPath, stamp.isGood, index < states.count else { return .needsSlowPath }
        return states[index].add(update, at: stamp.time, on: connection, drives: drivers.contains(.book))
    }

    /// Completes a change of a book; returns whether nothing is left to do.
    ///
    /// `mutating` avoids a copy of the synchronizer; nothing changes.
    @usableFromInline
    mutating func isComplete(_ instrument: InstrumentIndex, isGapped: Bool) -> Bool {
        !emitsPerEvent && states[instrument.position].isBookGapped == isGapped
    }
}
