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
        let placement = take(update, on: connection)
        if placement == .placed { return }
        complete(update, placement, on: connection, books: &books, into: &consumer)
    }

    /// Notes a book message that is not for the book at hand.
    ///
    /// Its feed is live, nothing else changes. Constant time.
    public mutating func passOver(_ update: BookUpdate, on connection: Int32) {
        if !isKnown(update.instrument.position, .book, on: connection) {
            hear(update.instrument, .book, on: connection)
        }
    }

    /// Does before a book message what is left to do.
    @usableFromInline
    mutating func complete(
        _ update: BookUpdate,
        _ placement: Placement,
        on connection: Int32,
        books: inout some BookSource,
        into consumer: inout some SnapshotConsumer
    ) {
        let position = update.instrument.position
        let stamp = stamp(exchangeTime: update.exchangeTime, receiveTime: update.receiveTime)
        switch placement {
        case .crosses:
            let (depth, content) = (options.depth, options.bookContent)
            tracks[position].cross(update, at: stamp.time, grid, depth, content, books: &books)
        case .moves:
            if tracks[position].reaches(stamp.time) {
                move(position, to: stamp.time, books: &books, into: &consumer)
            }
            date(update, at: stamp.time, books: &books)
        case .unusual: takeUnusual(update, stamp, on: connection, books: &books, into: &consumer)
        case .placed, .late, .unanchored, .duplicate: break  // No book message comes to that.
        }
    }

    /// Takes a book message whatever it is.
    @inline(never)
    private mutating func takeUnusual(
        _ update: borrowing BookUpdate,
        _ stamp: EventStamp,
        on connection: Int32,
        books: inout some BookSource,
        into consumer: inout some SnapshotConsumer
    ) {
        let (position, time) = (update.instrument.position, stamp.time)
        if !stamp.isGood { counters.badTime += 1 }
        let isKnown = isKnown(position, .book, on: connection)
        if !isKnown { hear(update.instrument, .book, on: connection) }
        if stamp.isGood, drivers.contains(.book) {
            if isOffGrid {
                tracks[position].pendingSample = time
            } else {
                drive(position, to: time, books: &books, into: &consumer)
            }
        }
        if !isKnown { join(position, on: connection) }
        judgeState(position, time)
        date(update, at: time, books: &books)
    }

    /// Dates a book by a message; before that the book is kept for the edges that the message's time crosses.
    private mutating func date(_ update: borrowing BookUpdate, at time: Int64, books: inout some BookSource) {
        let position = update.instrument.position
        if tracks[position].dates(update, at: time) { return }
        let bookTime = max(tracks[position].bookTime, time)
        keepBook(position, until: bookTime, books: &books)
        tracks[position].date(update, at: bookTime)
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
        admit(instrument)
        admit(connection: connection)
        let frames = connections[Int(connection)]
        let time =
            switch moment {
            case .frame: frames.current ?? lastFrame
            case .status(let receiveTime): receiveTime
            }
        let position = instrument.position
        tracks[position].resetTime = max(time, tracks[position].bookTime, tracks[position].resetTime)
        let shows = tracks[position].resetTime
        if shows >= tracks[position].nextCapture { keepBook(position, until: shows, books: &books) }
        tracks[position].bookVersion &+= 1
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
        if isGapped != tracks[position].isBookGapped { noteGap(position, isGapped) }
        guard isOffGrid, let time = tracks[position].pendingSample else { return }
        tracks[position].pendingSample = nil
        if !isFinished { sample(position, at: time, books: &books, into: &consumer) }
    }

    private mutating func noteGap(_ position: Int, _ isGapped: Bool) {
        tracks[position].isBookGapped = isGapped
        let time = max(tracks[position].bookTime, tracks[position].resetTime)
        if isGapped {
            tracks[position].bookGaps.open(at: time, continuing: false)
        } else {
            tracks[position].bookGaps.close(at: time)
        }
    }

    /// Captures the book for the edges that a message at `time` crosses ahead of the clock.
    private mutating func keepBook(_ position: Int, until time: Int64, books: inout some BookSource) {
        if isOffGrid {
            holdFrameBook(position, books: &books)
            return
        }
        let index = tracks[position].index ?? common.index
        // In the receive basis the first anchor cannot lie before now, so nothing earlier will be asked for;
        // but a tick given may lie before a status record and be fired after it.
        if index == nil, options.timeBasis == .receive, ticksEveryPeriod { return }
        let isAhead = tracks[position].keepBook(
            until: time,
            emitted: index ?? .min,
            grid,
            options.depth,
            options.bookContent,
            books: &books
        )
        if isAhead, tracks[position].bookHistory.count >= tracks[position].pruneAt {
            prune(position, at: time)
        }
    }

    /// Reads the book as it is, if it changed since it was read last.
    mutating func refreshView(_ position: Int, books: inout some BookSource) {
        tracks[position].refreshView(&books, options.depth, options.bookContent)
    }
}

/// When a book is reset by something that is no message of it.
public enum ResetMoment: Sendable {
    /// At the frame at hand, in the basis.
    case frame
    /// At a status record, which has a receive time only: nanoseconds since the Unix epoch.
    case status(Int64)
}
