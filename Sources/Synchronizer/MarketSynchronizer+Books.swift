public import MarketModel

extension MarketSynchronizer {
    /// Must precede the application of a book message, which may drive the clock.
    ///
    /// Do not announce messages that the book ignores (a shallower topic).
    @inlinable
    public mutating func willApply(
        _ update: BookUpdate,
        on connection: Int32,
        for host: inout some SynchronizerHost
    ) {
        let placement = addFast(update, on: connection)
        if placement == .placed { return }
        addSlowly(update, placement, on: connection, for: &host)
    }

    /// Records a book message of a topic that the book does not follow.
    ///
    /// Only marks its feed live. Constant time.
    public mutating func passOver(_ update: BookUpdate, on connection: Int32) {
        if !isKnown(update.instrument.position, .book, on: connection) {
            markLive(update.instrument, .book, on: connection)
        }
    }

    /// The slow path of ``willApply(_:on:for:)``, from where the fast one stopped.
    @usableFromInline
    mutating func addSlowly(
        _ update: BookUpdate,
        _ placement: EventOutcome,
        on connection: Int32,
        for host: inout some SynchronizerHost
    ) {
        let position = update.instrument.position
        let stamp = stamp(exchangeTime: update.exchangeTime, receiveTime: update.receiveTime)
        switch placement {
        case .crossesEdge:
            let (depth, content) = (options.depth, options.bookContent)
            states[position].cross(update, at: stamp.time, grid, depth, content, for: &host)
        case .advancesClock:
            if states[position].advanceDrivingTime(to: stamp.time) {
                move(position, to: stamp.time, for: &host)
            }
            stampBook(update, at: stamp.time, for: &host)
        case .needsSlowPath: addSlowly(update, stamp, on: connection, for: &host)
        case .placed, .late, .unanchored, .duplicate: break  // No book message comes to that.
        }
    }

    /// Handles any book message before it is applied.
    @inline(never)
    private mutating func addSlowly(
        _ update: borrowing BookUpdate,
        _ stamp: EventStamp,
        on connection: Int32,
        for host: inout some SynchronizerHost
    ) {
        let (position, time) = (update.instrument.position, stamp.time)
        if !stamp.isGood { counters.badTime += 1 }
        let isKnown = isKnown(position, .book, on: connection)
        if !isKnown { markLive(update.instrument, .book, on: connection) }
        if stamp.isGood, drivers.contains(.book) {
            if emitsPerEvent {
                states[position].pendingSample = time
            } else {
                drive(position, to: time, for: &host)
            }
        }
        if !isKnown { attach(position, on: connection) }
        judgeState(position, time)
        stampBook(update, at: time, for: &host)
    }

    /// Stamps a book with a message's times, after capturing it for the edges that they cross.
    private mutating func stampBook(
        _ update: borrowing BookUpdate,
        at time: Int64,
        for host: inout some SynchronizerHost
    ) {
        let position = update.instrument.position
        if states[position].stampBookWithinEdge(update, at: time) { return }
        let bookTime = max(states[position].bookTime, time)
        keepBook(position, until: bookTime, for: &host)
        states[position].stampBook(update, at: bookTime)
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
        let frames = connections[Int(connection)]
        let time =
            switch moment {
            case .frame: frames.current ?? lastFrame
            case .status(let receiveTime): receiveTime
            }
        let position = instrument.position
        states[position].resetTime = max(time, states[position].bookTime, states[position].resetTime)
        let shows = states[position].resetTime
        if shows >= states[position].nextCapture { keepBook(position, until: shows, for: &host) }
        states[position].bookVersion &+= 1
    }

    /// Completes an announced change of a book.
    @inlinable
    public mutating func didApply(
        _ instrument: InstrumentIndex,
        isGapped: Bool,
        for host: inout some SynchronizerHost
    ) {
        if isComplete(instrument, isGapped: isGapped) { return }
        completeChange(of: instrument, isGapped: isGapped, for: &host)
    }

    /// The slow path after a book message.
    @usableFromInline
    mutating func completeChange(
        of instrument: InstrumentIndex,
        isGapped: Bool,
        for host: inout some SynchronizerHost
    ) {
        let position = instrument.position
        if isGapped != states[position].isBookGapped { setGapped(position, isGapped) }
        guard emitsPerEvent, let time = states[position].pendingSample else { return }
        states[position].pendingSample = nil
        if !isFinished { sample(position, at: time, for: &host) }
    }

    private mutating func setGapped(_ position: Int, _ isGapped: Bool) {
        states[position].isBookGapped = isGapped
        let time = max(states[position].bookTime, states[position].resetTime)
        if isGapped {
            states[position].bookGaps.open(at: time, continuing: false)
        } else {
            states[position].bookGaps.close(at: time)
        }
    }

    /// Captures the book for the edges that a message at `time` crosses ahead of the clock.
    private mutating func keepBook(_ position: Int, until time: Int64, for host: inout some SynchronizerHost)
    {
        if emitsPerEvent {
            holdFrameBook(position, for: &host)
            return
        }
        let index = states[position].index ?? common.index
        // In the receive basis no anchor can lie before now, so no capture is needed; but an explicit tick
        // may lie before a status record and fire after it.
        if index == nil, options.timeBasis == .receive, ticksEveryPeriod { return }
        let isAhead = states[position].keepBook(
            until: time,
            emitted: index ?? .min,
            grid,
            options.depth,
            options.bookContent,
            for: &host
        )
        if isAhead, states[position].bookHistory.count >= states[position].pruneAt {
            prune(position, at: time)
        }
    }

    /// Reads the live book if it changed since the last read.
    mutating func refreshView(_ position: Int, for host: inout some SynchronizerHost) {
        states[position].refreshView(&host, options.depth, options.bookContent)
    }
}
