import MarketModel

// What an event changes is changed in one call: each access to a track of an array checks that the array is
// its only owner.
extension InstrumentTrack {
    /// Takes a driving time; whether the clock moves.
    @inline(__always)
    mutating func reaches(_ time: Int64) -> Bool {
        if time > lastDriving { lastDriving = time }
        return time >= nextMove
    }

    /// Whether a trade's id is new; it then counts.
    @inline(__always)
    mutating func takes(_ id: TradeID) -> Bool {
        if duplicates.isDuplicate(id) { return false }
        tradeCount += 1
        return true
    }

    /// What became of an event on its way to its row.
    enum Placement {
        case placed
        /// Its row was emitted or passed.
        case late
        /// The clock has no anchor yet: it waits for one.
        case unanchored
    }

    /// Puts a trade into the row that its time says.
    @inline(__always)
    mutating func place(_ trade: Trade, at time: Int64) -> Placement {
        if time < edge { return .late }
        trades.insert(trade, time: time)
        return index == nil ? .unanchored : .placed
    }

    /// Puts a liquidation into the row that its time says.
    @inline(__always)
    mutating func place(_ liquidation: Liquidation, at time: Int64) -> Placement {
        if time < edge { return .late }
        liquidations.insert(liquidation, time: time)
        return index == nil ? .unanchored : .placed
    }

    /// Dates the book by a message, unless the book must be kept first for the edges that its time crosses.
    @inline(__always)
    mutating func dates(_ update: BookUpdate, at time: Int64) -> Bool {
        let bookTime = max(bookTime, time)
        if bookTime >= nextCapture { return false }
        date(update, at: bookTime)
        return true
    }

    /// Dates the book by a message.
    @inline(__always)
    mutating func date(_ update: BookUpdate, at bookTime: Int64) {
        self.bookTime = bookTime
        bookExchangeTime = update.exchangeTime
        bookReceiveTime = update.receiveTime
    }

    /// Notes that the book changed; false if more is to be done than that.
    @inline(__always)
    mutating func changes(isGapped: Bool) -> Bool {
        bookVersion &+= 1
        return isGapped == isBookGapped && pendingSample == nil
    }
}
