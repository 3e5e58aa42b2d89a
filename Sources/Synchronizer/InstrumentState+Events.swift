import MarketModel

// One call per event: each access through the array of tracks costs a uniqueness check.
extension InstrumentState {
    /// Whether the instrument has joined and its feed is known to be live on a connection: the common case.
    @inline(__always)
    func isKnown(_ kind: FeedKinds, on connection: Int32) -> Bool {
        isJoined && feeds.isLive(kind, on: connection)
    }

    /// Advances the driving time; true if the clock moves.
    @inline(__always)
    mutating func advanceDrivingTime(to time: Int64) -> Bool {
        if time > lastDriving { lastDriving = time }
        return time >= nextMove
    }

    /// Adds a trade: checks its id, the clock if it `drives` that of the instrument, and its row.
    @inline(__always)
    mutating func add(
        _ trade: borrowing Trade,
        at time: Int64,
        on connection: Int32,
        drives: Bool
    ) -> EventOutcome {
        guard isKnown(.trades, on: connection) else { return .needsSlowPath }
        guard register(trade.id) else { return .duplicate }
        if drives, advanceDrivingTime(to: time) { return .advancesClock }
        return insert(trade, at: time)
    }

    /// Remembers a trade's id and counts the trade; false if the id was seen before.
    @inline(__always)
    mutating func register(_ id: TradeID) -> Bool {
        guard duplicates.insert(id) else { return false }
        tradeCount += 1
        return true
    }

    /// Adds a liquidation: checks the clock if it `drives` that of the instrument, and its row.
    @inline(__always)
    mutating func add(
        _ liquidation: borrowing Liquidation,
        at time: Int64,
        on connection: Int32,
        drives: Bool
    ) -> EventOutcome {
        guard isKnown(.liquidations, on: connection) else { return .needsSlowPath }
        if drives, advanceDrivingTime(to: time) { return .advancesClock }
        return insert(liquidation, at: time)
    }

    /// Inserts a trade into the row of its time.
    @inline(__always)
    mutating func insert(_ trade: borrowing Trade, at time: Int64) -> EventOutcome {
        if time < edge { return .late }
        trades.insert(trade, time: time)
        return index == nil ? .unanchored : .placed
    }

    /// Inserts a liquidation into the row of its time.
    @inline(__always)
    mutating func insert(_ liquidation: borrowing Liquidation, at time: Int64) -> EventOutcome {
        if time < edge { return .late }
        liquidations.insert(liquidation, time: time)
        return index == nil ? .unanchored : .placed
    }

    /// Adds a book message: checks the clock if it `drives` that of the instrument, and whether the book must be kept
    /// first for the edges that its time crosses.
    @inline(__always)
    mutating func add(
        _ update: borrowing BookUpdate,
        at time: Int64,
        on connection: Int32,
        drives: Bool
    ) -> EventOutcome {
        guard isKnown(.book, on: connection), time >= rowsEnd else { return .needsSlowPath }
        if drives, time >= nextMove { return .advancesClock }
        let bookTime = max(bookTime, time)
        if bookTime >= nextCapture {
            return !drives && index != nil && bookHistory.count &+ 1 < pruneAt ? .crossesEdge : .needsSlowPath
        }
        if drives, time > lastDriving { lastDriving = time }
        stampBook(update, at: bookTime)
        return .placed
    }

    /// Adds a book message that crosses edges ahead of the clock: the book is kept for them first.
    mutating func cross(
        _ update: borrowing BookUpdate,
        at time: Int64,
        _ grid: Grid,
        _ depth: Int,
        _ content: BookContent,
        for host: inout some SynchronizerHost
    ) {
        let bookTime = max(bookTime, time)
        _ = keepBook(until: bookTime, emitted: index ?? .min, grid, depth, content, for: &host)
        stampBook(update, at: bookTime)
    }

    /// Stamps the book with a message; false if the book must be kept first for edges that its time crosses.
    @inline(__always)
    mutating func stampBookWithinEdge(_ update: borrowing BookUpdate, at time: Int64) -> Bool {
        let bookTime = max(bookTime, time)
        if bookTime >= nextCapture { return false }
        stampBook(update, at: bookTime)
        return true
    }

    /// Stamps the book with a message that changes it now.
    @inline(__always)
    mutating func stampBook(_ update: borrowing BookUpdate, at bookTime: Int64) {
        bookDates = BookDates(
            time: bookTime,
            exchangeTime: update.exchangeTime,
            receiveTime: update.receiveTime
        )
        bookVersion &+= 1
    }
}
