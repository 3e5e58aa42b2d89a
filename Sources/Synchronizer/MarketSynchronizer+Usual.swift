public import MarketModel

/// What became of an event on its way to its row.
@usableFromInline
enum Placement {
    case placed
    /// Its row was emitted or passed.
    case late
    /// The clock has no anchor yet: it waits for one.
    case unanchored
    /// Its id was seen before.
    case duplicate
    /// Nothing yet: the clock moves first.
    case moves
    /// Nothing yet: the book is kept first for edges that the event crosses ahead of the clock.
    case crosses
    /// Nothing yet: there is more to it than usual.
    case unusual
}

// What frames and events mostly come to: no row is due, no feed begins, no stamp is wrong. Nothing here is generic, so
// that a call hands on nothing but the event; whoever calls does what is left.
extension MarketSynchronizer {
    /// Notes a frame; whether ticks are due before its events.
    @usableFromInline
    mutating func arrives(_ frame: FrameStamp) -> Bool {
        if Int(frame.connection) >= connections.count { admit(connection: frame.connection) }
        connections[Int(frame.connection)].arrive(at: time(of: frame))
        lastFrame = frame.receiveTime
        frameNumber &+= 1
        return isTicked && frame.receiveTime >= common.nextTick
    }

    /// Takes a trade that is not unusual.
    @usableFromInline
    mutating func take(_ trade: borrowing Trade, on connection: Int32) -> Placement {
        let index = trade.instrument.position
        let stamp = stamp(exchangeTime: trade.exchangeTime, receiveTime: trade.receiveTime)
        guard !isUnusual, !trade.isSnapshot, stamp.isGood, index < tracks.count else { return .unusual }
        return tracks[index].take(trade, at: stamp.time, on: connection, drives: drivers.contains(.trades))
    }

    /// Takes a liquidation that is not unusual.
    @usableFromInline
    mutating func take(_ liquidation: borrowing Liquidation, on connection: Int32) -> Placement {
        let index = liquidation.instrument.position
        let stamp = stamp(exchangeTime: liquidation.exchangeTime, receiveTime: liquidation.receiveTime)
        guard !isUnusual, stamp.isGood, index < tracks.count else { return .unusual }
        let drives = drivers.contains(.liquidations)
        return tracks[index].take(liquidation, at: stamp.time, on: connection, drives: drives)
    }

    /// Takes a book message that is not unusual, before the book changes.
    @usableFromInline
    mutating func take(_ update: borrowing BookUpdate, on connection: Int32) -> Placement {
        let index = update.instrument.position
        let stamp = stamp(exchangeTime: update.exchangeTime, receiveTime: update.receiveTime)
        guard !isUnusual, stamp.isGood, index < tracks.count else { return .unusual }
        return tracks[index].take(update, at: stamp.time, on: connection, drives: drivers.contains(.book))
    }

    /// Whether nothing is left to do after a change of a book.
    ///
    /// Mutating, though nothing changes: else all of the synchronizer would be copied for the call.
    @usableFromInline
    mutating func isComplete(_ instrument: InstrumentIndex, isGapped: Bool) -> Bool {
        !isOffGrid && tracks[instrument.position].isBookGapped == isGapped
    }
}
