public import MarketModel

// What an event does: it may begin a feed, move a clock, then waits for its row. Usual events do none but the
// last, in one call; the first lines of a function see to them.
extension MarketSynchronizer {
    /// Adds a trade: drops it if duplicate, then lets it drive the clock, then drops it if late.
    public mutating func add(
        _ trade: Trade,
        on connection: Int32,
        for host: inout some SynchronizerHost
    ) { insert(trade, on: connection, for: &host) }

    /// Adds a liquidation: lets it drive the clock, then drops it if late.
    public mutating func add(
        _ liquidation: Liquidation,
        on connection: Int32,
        for host: inout some SynchronizerHost
    ) { insert(liquidation, on: connection, for: &host) }

    /// Carries a funding rate forward from its time on.
    public mutating func update(_ rate: FundingRate, on connection: Int32) {
        let stamp = stamp(rate.exchangeTime, rate.receiveTime)
        beginState(of: rate.instrument, .fundingRates, stamp, on: connection)
        states[rate.instrument.position].rows.insert(rate, at: stamp.time, grid)
        limitStates(rate.instrument.position, stamp.time)
    }

    /// Carries an open interest forward from its time on.
    public mutating func update(_ interest: OpenInterest, on connection: Int32) {
        let stamp = stamp(interest.exchangeTime, interest.receiveTime)
        beginState(of: interest.instrument, .openInterest, stamp, on: connection)
        states[interest.instrument.position].rows.insert(interest, at: stamp.time, grid)
        limitStates(interest.instrument.position, stamp.time)
    }

    @inline(__always)
    private mutating func insert<Event: FlowEvent>(
        _ event: borrowing Event,
        on connection: Int32,
        for host: inout some SynchronizerHost
    ) {
        let (position, stamp) = (event.instrument.position, stamp(event.exchangeTime, event.receiveTime))
        let drives = stamp.isGood && drivers.contains(Event.kind)
        if !needsSlowPath, stamp.isGood, !event.isOfNoRow, position < states.count,
            let outcome = states[position].addUsual(event, at: stamp.time, on: connection, drives: drives)
        {
            if outcome != .placed { count(outcome, Event.lateCounter, position, stamp.time) }
            return
        }
        let isKnown = isKnown(position, Event.kind, on: connection)
        if !isKnown { markLive(event.instrument, Event.kind, on: connection) }
        if event.isOfNoRow {
            counters[keyPath: event.noRowCounter] += 1
            attach(position, on: connection)
            return
        }
        guard event.register(in: &states[position].rows) else {
            counters.duplicateTrades += 1
            return
        }
        if !stamp.isGood { counters.badTime += 1 }
        if drives { drive(position, to: stamp.time, for: &host) }
        if !isKnown { attach(position, on: connection) }
        if isFinished {
            count(.late, Event.lateCounter, position, stamp.time)
        } else if isOffGrid {
            insertOffGrid(event, at: stamp.time, drives: drives, for: &host)
        } else {
            count(states[position].insert(event, at: stamp.time), Event.lateCounter, position, stamp.time)
        }
    }

    /// Inserts an event off the grid; it may close its own row.
    @inline(__always)
    private mutating func insertOffGrid<Event: FlowEvent>(
        _ event: borrowing Event,
        at time: Int64,
        drives: Bool,
        for host: inout some SynchronizerHost
    ) {
        let position = event.instrument.position
        event.insert(into: &states[position].rows, at: time)
        guard drivers.contains(Event.kind) else { return }
        if drives { states[position].clock.record(time) }
        var closes = drives
        if case .bars(let bars) = rule {
            // A trade with a wrong stamp counts, but only a good one closes the bar.
            let isInverse = host.market(of: event.instrument) == .inverse
            closes = states[position].rows.advanceBar(
                bars,
                with: event,
                isInverse: isInverse,
                mayClose: drives
            )
        }
        if closes { close(position, at: time, for: &host) }
    }

    private mutating func count(
        _ outcome: FlowOutcome,
        _ lateCounter: WritableKeyPath<SynchronizerCounters, Int>,
        _ position: Int,
        _ time: Int64
    ) {
        switch outcome {
        case .placed: break
        case .duplicate: counters.duplicateTrades += 1
        case .late:
            counters[keyPath: lateCounter] += 1
            lateness.record(clock(of: position).lateness(of: time, grid))
        case .waiting:
            if states[position].rows.eventCount >= states[position].pruneAt { prune(position, at: time) }
        }
    }

    private mutating func beginState(
        of instrument: InstrumentIndex,
        _ kind: FeedKinds,
        _ stamp: EventStamp,
        on connection: Int32
    ) {
        if !isKnown(instrument.position, kind, on: connection) {
            markLive(instrument, kind, on: connection)
            attach(instrument.position, on: connection)
        }
        countState(instrument.position, stamp)
    }

    private mutating func limitStates(_ position: Int, _ time: Int64) {
        if states[position].rows.stateCount >= states[position].pruneAt { prune(position, at: time) }
    }

    /// Counts a state with a wrong stamp, or whose time is in a row already emitted; it is used all the same.
    @inline(__always)
    private mutating func countState(_ position: Int, _ stamp: EventStamp) {
        if !stamp.isGood { counters.badTime += 1 }
        if isFinished || stamp.time < states[position].clock.rowsEnd { counters.lateStates += 1 }
    }

    // MARK: - Books

    /// Must precede the application of a book message, which may drive the clock.
    ///
    /// Do not announce messages that the book ignores (a shallower topic).
    public mutating func willApply(
        _ update: BookUpdate,
        on connection: Int32,
        for host: inout some SynchronizerHost
    ) {
        let (position, stamp) = (update.instrument.position, stamp(update.exchangeTime, update.receiveTime))
        let drives = stamp.isGood && drivers.contains(.book)
        if !needsSlowPath, stamp.isGood, position < states.count,
            states[position]
                .stampUsual(update, at: stamp.time, on: connection, drives: drives, grid, for: &host)
        {
            return
        }
        let isKnown = isKnown(position, .book, on: connection)
        if !isKnown { markLive(update.instrument, .book, on: connection) }
        if drives, isOffGrid {
            states[position].pendingClose = stamp.time
        } else if drives {
            drive(position, to: stamp.time, for: &host)
        }
        if !isKnown { attach(position, on: connection) }
        countState(position, stamp)
        captureBook(position, until: stamp.time, for: &host)
        states[position].book.stamp(update, at: stamp.time)
    }

    /// Completes an announced change of a book.
    public mutating func didApply(
        _ instrument: InstrumentIndex,
        isGapped: Bool,
        for host: inout some SynchronizerHost
    ) {
        if !isOffGrid, isGapped == states[instrument.position].coverage.isBookGapped { return }
        complete(instrument.position, isGapped: isGapped, for: &host)
    }

    @inline(never)
    private mutating func complete(
        _ position: Int,
        isGapped: Bool,
        for host: inout some SynchronizerHost
    ) {
        if isGapped != states[position].coverage.isBookGapped {
            states[position].coverage.setBookGapped(isGapped, at: states[position].book.changeTime)
        }
        guard let time = states[position].pendingClose else { return }
        states[position].pendingClose = nil
        if !isFinished { close(position, at: time, for: &host) }
    }

    /// Records a book message of a topic that the book does not follow.
    ///
    /// As ``carry(_:of:on:)``. Constant time.
    public mutating func passOver(_ update: BookUpdate, on connection: Int32) {
        carry(.book, of: update.instrument, on: connection)
    }

    /// Records a message without effect: it only marks its feed live.
    public mutating func carry(_ kind: FeedKinds, of instrument: InstrumentIndex, on connection: Int32) {
        if !isKnown(instrument.position, kind, on: connection) { markLive(instrument, kind, on: connection) }
    }

    /// Announces that something other than its own message is about to make a book gapped or awaiting: a
    /// fault, a break, an unsubscription.
    ///
    /// Neither drives the clock nor changes the book's times.
    public mutating func willReset(
        bookOf instrument: InstrumentIndex,
        at moment: ResetMoment,
        on connection: Int32,
        for host: inout some SynchronizerHost
    ) {
        register(instrument)
        register(connection: connection)
        let time =
            switch moment {
            case .frame: connections[Int(connection)].current ?? lastFrame
            case .status(let receiveTime): receiveTime
            }
        let position = instrument.position
        captureBook(position, until: max(time, states[position].book.changeTime), for: &host)
        states[position].book.reset(at: time)
    }

    /// Captures a book that is about to change at `time`, for the edges that this crosses ahead of the clock.
    private mutating func captureBook(
        _ position: Int,
        until time: Int64,
        for host: inout some SynchronizerHost
    ) {
        guard states[position].book.crosses(time) else { return }
        if isOffGrid {
            // Rows that book messages close show the book behind them.
            if drivers.contains(.book) { return }
            states[position].book.capture(beforeFrame: frameNumber, for: &host)
            return
        }
        let index = states[position].clock.index ?? sharedPeriod
        // In the receive basis no anchor can lie before now, so no capture is needed; but an explicit tick
        // may lie before a status record and fire after it.
        if index == nil, options.timeBasis == .receive, ticks?.isPeriodic != false { return }
        let isCaptured = states[position].book.capture(
            until: time,
            emitted: index ?? .min,
            grid,
            for: &host
        )
        if isCaptured, states[position].book.captureCount >= states[position].pruneAt {
            prune(position, at: time)
        }
    }
}
