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
        let place = update.instrument.position
        let stamp = stamp(exchangeTime: update.exchangeTime, receiveTime: update.receiveTime)
        switch placement {
        case .crosses:
            let (depth, content) = (options.depth, options.bookContent)
            tracks[place].cross(update, at: stamp.time, grid, depth, content, books: &books)
        case .moves:
            if tracks[place].reaches(stamp.time) {
                move(place, to: stamp.time, books: &books, into: &consumer)
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
        let (place, time) = (update.instrument.position, stamp.time)
        if !stamp.isGood { counters.badTime += 1 }
        let isKnown = isKnown(place, .book, on: connection)
        if !isKnown { hear(update.instrument, .book, on: connection) }
        if stamp.isGood, drivers.contains(.book) {
            if isOffGrid {
                tracks[place].pendingSample = time
            } else {
                drive(place, to: time, books: &books, into: &consumer)
            }
        }
        if !isKnown { join(place, on: connection) }
        judgeState(place, time)
        date(update, at: time, books: &books)
    }

    /// Dates a book by a message; before that the book is kept for the edges that the message's time crosses.
    private mutating func date(_ update: borrowing BookUpdate, at time: Int64, books: inout some BookSource) {
        let place = update.instrument.position
        if tracks[place].dates(update, at: time) { return }
        let bookTime = max(tracks[place].bookTime, time)
        keepBook(place, until: bookTime, books: &books)
        tracks[place].date(update, at: bookTime)
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
        let place = instrument.position
        tracks[place].resetTime = max(time, tracks[place].bookTime, tracks[place].resetTime)
        let shows = tracks[place].resetTime
        if shows >= tracks[place].nextCapture { keepBook(place, until: shows, books: &books) }
        tracks[place].bookVersion &+= 1
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
        let place = instrument.position
        if isGapped != tracks[place].isBookGapped { noteGap(place, isGapped) }
        guard isOffGrid, let time = tracks[place].pendingSample else { return }
        tracks[place].pendingSample = nil
        if !isFinished { sample(place, at: time, books: &books, into: &consumer) }
    }

    private mutating func noteGap(_ place: Int, _ isGapped: Bool) {
        tracks[place].isBookGapped = isGapped
        let time = max(tracks[place].bookTime, tracks[place].resetTime)
        if isGapped {
            tracks[place].bookGaps.open(at: time, continuing: false)
        } else {
            tracks[place].bookGaps.close(at: time)
        }
    }

    /// Captures the book for the edges that a message at `time` crosses ahead of the clock.
    private mutating func keepBook(_ place: Int, until time: Int64, books: inout some BookSource) {
        if isOffGrid {
            holdFrameBook(place, books: &books)
            return
        }
        let index = tracks[place].index ?? common.index
        // In the receive basis the first anchor cannot lie before now, so nothing earlier will be asked for;
        // but a tick given may lie before a status record and be fired after it.
        if index == nil, options.timeBasis == .receive, ticksEveryPeriod { return }
        let isAhead = tracks[place].keepBook(
            until: time,
            emitted: index ?? .min,
            grid,
            options.depth,
            options.bookContent,
            books: &books
        )
        if isAhead, tracks[place].bookHistory.count >= tracks[place].pruneAt { prune(place, at: time) }
    }

    /// Reads the book as it is, if it changed since it was read last.
    mutating func refreshView(_ place: Int, books: inout some BookSource) {
        tracks[place].refreshView(&books, options.depth, options.bookContent)
    }
}

/// When a book is reset by something that is no message of it.
public enum ResetMoment: Sendable {
    /// At the frame at hand, in the basis.
    case frame
    /// At a status record, which has a receive time only: nanoseconds since the Unix epoch.
    case status(Int64)
}
