import MarketModel

/// What all decoders do with the batch they append to.
extension EventBatch {
    /// Adds what a message's entries came to.
    @inline(__always)
    mutating func add(_ count: EntryCount) {
        errorCount += count.lost
        unsubscribedCount += count.unsubscribed
    }

    /// Moves the frame's time on to an entry's, where it is the greatest of them.
    @inline(__always)
    mutating func advanceFrameTime(to time: Int64?) {
        guard let time else { return }
        frameTime = max(frameTime ?? time, time)
    }

    /// Counts a frame whose one entry is of a symbol that was not subscribed.
    mutating func countUnsubscribedFrame() -> FrameOutcome {
        unsubscribedCount += 1
        return .unknown
    }

    /// Counts a frame of which nothing can be read.
    mutating func countUnreadableFrame() -> FrameOutcome {
        errorCount += 1
        return .error
    }

    /// Appends a book whose levels are in the batch from one on: bids, then asks.
    @inline(never)
    mutating func appendBook(
        _ instrument: InstrumentIndex,
        isSnapshot: Bool,
        depth: UInt32,
        from firstLevel: Int,
        _ counts: (bids: Int, asks: Int),
        updateID: Int64? = nil,
        checksum: UInt32? = nil,
        link: BookLink = .none,
        time: Int64?,
        at receiveTime: Int64
    ) {
        var book = BookUpdate(
            instrument: instrument,
            isSnapshot: isSnapshot,
            depth: depth,
            firstLevel: firstLevel,
            bidCount: counts.bids,
            askCount: counts.asks,
            updateID: updateID,
            checksum: checksum,
            exchangeTime: time,
            receiveTime: receiveTime
        )
        book.link = link
        // Made in its place: a call would copy it.
        order.append(EventReference(.book, books.count))
        books.append(book)
    }

    /// Counts a book message that cannot be read: what was read of it goes, its book is wrong.
    mutating func appendBookFault(
        _ instrument: InstrumentIndex?,
        depth: UInt32?,
        since mark: Mark,
        at receiveTime: Int64
    ) {
        rewind(to: mark)
        errorCount += 1
        append(.bookFault, .book, instrument, depth: depth, at: receiveTime)
    }

    /// Appends a change of feeds that is as old as its frame; a live feed's message held no event.
    @inline(never)
    mutating func append(
        _ change: FeedStatus.Change,
        _ kinds: FeedKinds,
        _ instrument: InstrumentIndex?,
        depth: UInt32? = nil,
        at receiveTime: Int64
    ) {
        append(
            FeedStatus(
                change,
                kinds: kinds,
                instrument: instrument,
                depth: depth,
                exchangeTime: frameTime,
                receiveTime: receiveTime
            )
        )
    }
}

extension EventBatch {
    /// What the batch held before a frame was read.
    struct ReadingStart {
        var mark: Mark
        var errorCount: Int
        var unsubscribedCount: Int
        var topCount: Int
    }

    @inline(__always)
    func readingStart() -> ReadingStart {
        ReadingStart(
            mark: mark(),
            errorCount: errorCount,
            unsubscribedCount: unsubscribedCount,
            topCount: tops.count
        )
    }

    /// Whether a message was read to its end without an error; what was read of another is removed.
    @inline(__always)
    mutating func keeps(_ isComplete: Bool, since start: ReadingStart) -> Bool {
        if isComplete, errorCount == start.errorCount { return true }
        withdraw(to: start)
        return false
    }

    /// Removes all that was read since.
    mutating func withdraw(to start: ReadingStart) {
        rewind(to: start.mark)
        tops.removeAll(from: start.topCount)
        frameTime = nil
        errorCount = start.errorCount
        unsubscribedCount = start.unsubscribedCount
    }
}
