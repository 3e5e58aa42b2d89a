import MarketModel

// What an event changes is changed in one call: each access to a track of an array checks that the array is
// its only owner.
extension InstrumentTrack {
    /// Whether the instrument has joined and a feed of it is known to be live on a connection: as a rule.
    @inline(__always)
    func isKnown(_ kind: FeedKinds, on connection: Int32) -> Bool {
        isJoined && feeds.isLive(kind, on: connection)
    }

    /// Takes a driving time; whether the clock moves.
    @inline(__always)
    mutating func reaches(_ time: Int64) -> Bool {
        if time > lastDriving { lastDriving = time }
        return time >= nextMove
    }

    /// Takes a trade: judges its id, the clock if it `drives` that of the instrument, and its row.
    @inline(__always)
    mutating func take(
        _ trade: borrowing Trade,
        at time: Int64,
        on connection: Int32,
        drives: Bool
    ) -> Placement {
        guard isKnown(.trades, on: connection) else { return .unusual }
        guard isNew(trade.id) else { return .duplicate }
        if drives, reaches(time) { return .moves }
        return insert(trade, at: time)
    }

    /// Whether a trade's id is new; it then counts.
    @inline(__always)
    mutating func isNew(_ id: TradeID) -> Bool {
        if duplicates.isDuplicate(id) { return false }
        tradeCount += 1
        return true
    }

    /// Takes a liquidation: judges the clock if it `drives` that of the instrument, and its row.
    @inline(__always)
    mutating func take(
        _ liquidation: borrowing Liquidation,
        at time: Int64,
        on connection: Int32,
        drives: Bool
    ) -> Placement {
        guard isKnown(.liquidations, on: connection) else { return .unusual }
        if drives, reaches(time) { return .moves }
        return insert(liquidation, at: time)
    }

    /// Puts a trade into the row that its time says.
    @inline(__always)
    mutating func insert(_ trade: borrowing Trade, at time: Int64) -> Placement {
        if time < edge { return .late }
        trades.insert(trade, time: time)
        return index == nil ? .unanchored : .placed
    }

    /// Puts a liquidation into the row that its time says.
    @inline(__always)
    mutating func insert(_ liquidation: borrowing Liquidation, at time: Int64) -> Placement {
        if time < edge { return .late }
        liquidations.insert(liquidation, time: time)
        return index == nil ? .unanchored : .placed
    }

    /// Takes a book message: judges the clock if it `drives` that of the instrument, and whether the book must be kept
    /// first for the edges that its time crosses.
    @inline(__always)
    mutating func take(
        _ update: borrowing BookUpdate,
        at time: Int64,
        on connection: Int32,
        drives: Bool
    ) -> Placement {
        guard isKnown(.book, on: connection), time >= rowsEnd else { return .unusual }
        if drives, time >= nextMove { return .moves }
        let bookTime = max(bookTime, time)
        if bookTime >= nextCapture {
            return !drives && index != nil && bookHistory.count &+ 1 < pruneAt ? .crosses : .unusual
        }
        if drives, time > lastDriving { lastDriving = time }
        date(update, at: bookTime)
        return .placed
    }

    /// Takes a book message that crosses edges ahead of the clock: the book is kept for them first.
    mutating func cross(
        _ update: borrowing BookUpdate,
        at time: Int64,
        _ grid: Grid,
        _ depth: Int,
        _ content: BookContent,
        books: inout some BookSource
    ) {
        let bookTime = max(bookTime, time)
        _ = keepBook(until: bookTime, emitted: index ?? .min, grid, depth, content, books: &books)
        date(update, at: bookTime)
    }

    /// Dates the book by a message, unless the book must be kept first for the edges that its time crosses.
    @inline(__always)
    mutating func dates(_ update: borrowing BookUpdate, at time: Int64) -> Bool {
        let bookTime = max(bookTime, time)
        if bookTime >= nextCapture { return false }
        date(update, at: bookTime)
        return true
    }

    /// Dates the book by a message, which changes it now.
    @inline(__always)
    mutating func date(_ update: borrowing BookUpdate, at bookTime: Int64) {
        bookDates = BookDates(
            time: bookTime,
            exchangeTime: update.exchangeTime,
            receiveTime: update.receiveTime
        )
        bookVersion &+= 1
    }
}
