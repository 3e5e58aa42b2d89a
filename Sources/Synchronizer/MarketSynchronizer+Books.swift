public import MarketModel

extension MarketSynchronizer {
    /// Announces a book message that is about to be applied; it may drive the clock.
    ///
    /// Messages that the book ignores (a shallower topic) are not announced.
    @inlinable
    public mutating func willApply(
        _ update: BookUpdate,
        on connection: Int32,
        books: inout some BookSource,
        into consumer: inout some SnapshotConsumer
    ) {
        let placement = addFast(update, on: connection)
        if placement == .placed { return }
        addSlowly(update, placement, on: connection, books: &books, into: &consumer)
    }

    /// Notes a book message that is not for the book at hand.
    ///
    /// Its feed is live, nothing else changes. Constant time.
    public mutating func passOver(_ update: BookUpdate, on connection: Int32) {
        if !isKnown(update.instrument.position, .book, on: connection) {
            markLive(update.instrument, .book, on: connection)
        }
    }

    /// Does before a book message what is left to do.
    @usableFromInline
    mutating func addSlowly(
        _ update: BookUpdate,
        _ placement: EventOutcome,
        on connection: Int32,
        books: inout some BookSource,
        into consumer: inout some SnapshotConsumer
    ) {
        let position = update.instrument.position
        let stamp = stamp(exchangeTime: update.exchangeTime, receiveTime: update.receiveTime)
        switch placement {
        case .crossesEdge:
            let (depth, content) = (options.depth, options.bookContent)
            states[position].cross(update, at: stamp.time, grid, depth, content, books: &books)
        case .advancesClock:
            if states[position].advanceDrivingTime(to: stamp.time) {
                move(position, to: stamp.time, books: &books, into: &consumer)
            }
            stampBook(update, at: stamp.time, books: &books)
        case .needsSlowPath: addSlowly(update, stamp, on: connection, books: &books, into: &consumer)
        case .placed, .late, .unanchored, .duplicate: break  // No book message comes to that.
        }
    }

    /// Takes a book message whatever it is.
    @inline(never)
    private mutating func addSlowly(
        _ update: borrowing BookUpdate,
        _ stamp: EventStamp,
        on connection: Int32,
        books: inout some BookSource,
        into consumer: inout some SnapshotConsumer
    ) {
        let (position, time) = (update.instrument.position, stamp.time)
        if !stamp.isGood { counters.badTime += 1 }
        let isKnown = isKnown(position, .book, on: connection)
        if !isKnown { markLive(update.instrument, .book, on: connection) }
        if stamp.isGood, drivers.contains(.book) {
            if emitsPerEvent {
                states[position].pendingSample = time
            } else {
                drive(position, to: time, books: &books, into: &consumer)
            }
        }
        if !isKnown { attach(position, on: connection) }
        judgeState(position, time)
        stampBook(update, at: time, books: &books)
    }

    /// Dates a book by a message; before that the book is kept for the edges that the message's time crosses.
    private mutating func stampBook(
        _ update: borrowing BookUpdate,
        at time: Int64,
        books: inout some BookSource
    ) {
        let position = update.instrument.position
        if states[position].stampBookWithinEdge(update, at: time) { return }
        let bookTime = max(states[position].bookTime, time)
        keepBook(position, until: bookTime, books: &books)
        states[position].stampBook(update, at: bookTime)
    }

    /// Announces that a book is about to become gapped or awaiting by something that is no message of it:
    /// a fault, a break, an unsubscription.
    ///
    /// Neither drives the clock nor dates the book.
    public mutating func willReset(
        bookOf instrument: InstrumentIndex,
        at moment: ResetMoment,
        on connection: Int32,
        books: inout some BookSource
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
        if shows >= states[position].nextCapture { keepBook(position, until: shows, books: &books) }
        states[position].bookVersion &+= 1
    }

    /// Notes that the announced change of a book is done.
    @inlinable
    public mutating func didApply(
        _ instrument: InstrumentIndex,
        isGapped: Bool,
        books: inout some BookSource,
        into consumer: inout some SnapshotConsumer
    ) {
        if isComplete(instrument, isGapped: isGapped) { return }
        completeChange(of: instrument, isGapped: isGapped, books: &books, into: &consumer)
    }

    /// Does after a book message what is left to do.
    @usableFromInline
    mutating func completeChange(
        of instrument: InstrumentIndex,
        isGapped: Bool,
        books: inout some BookSource,
        into consumer: inout some SnapshotConsumer
    ) {
        let position = instrument.position
        if isGapped != states[position].isBookGapped { setGapped(position, isGapped) }
        guard emitsPerEvent, let time = states[position].pendingSample else { return }
        states[position].pendingSample = nil
        if !isFinished { sample(position, at: time, books: &books, into: &consumer) }
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
    private mutating func keepBook(_ position: Int, until time: Int64, books: inout some BookSource) {
        if emitsPerEvent {
            holdFrameBook(position, books: &books)
            return
        }
        let index = states[position].index ?? common.index
        // In the receive basis the first anchor cannot lie before now, so nothing earlier will be asked for;
        // but a tick given may lie before a status record and be fired after it.
        if index == nil, options.timeBasis == .receive, ticksEveryPeriod { return }
        let isAhead = states[position].keepBook(
            until: time,
            emitted: index ?? .min,
            grid,
            options.depth,
            options.bookContent,
            books: &books
        )
        if isAhead, states[position].bookHistory.count >= states[position].pruneAt {
            prune(position, at: time)
        }
    }

    /// Reads the book as it is, if it changed since it was read last.
    mutating func refreshView(_ position: Int, books: inout some BookSource) {
        states[position].refreshView(&books, options.depth, options.bookContent)
    }
}
