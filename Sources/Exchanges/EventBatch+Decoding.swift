import MarketModel

/// What all decoders do with the batch they append to.
extension EventBatch {
    /// The longest symbol taken for one; no venue comes near it.
    static let longestSymbol = 64

    /// What a symbol's JSON string names.
    mutating func name(
        _ symbol: JSONValue,
        in text: RawSpan,
        venue: VenueIndex,
        within symbols: SubscribedSymbols
    ) -> NamedInstrument {
        JSONString.withBytes(of: symbol, in: text) { name($0, venue: venue, within: symbols) } ?? .unreadable
    }

    /// What a symbol names; one that is empty or too long is none.
    @inline(__always)
    mutating func name(
        _ symbol: RawSpan,
        venue: VenueIndex,
        within symbols: SubscribedSymbols
    ) -> NamedInstrument {
        guard 1...EventBatch.longestSymbol ~= symbol.byteCount else { return .unreadable }
        guard symbols.contains(symbol) else { return .unsubscribed }
        return .instrument(instruments.index(of: symbol, venue: venue))
    }

    /// Adds what a message's entries came to.
    @inline(__always)
    mutating func add(_ count: EntryCount) {
        errorCount += count.lost
        unsubscribedCount += count.unsubscribed
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

    /// Counts a book message that cannot be read: what was read of it goes, its book is wrong.
    mutating func appendBookFault(
        _ instrument: InstrumentIndex?,
        depth: UInt32?,
        since mark: Mark,
        at receiveTime: Int64
    ) {
        rewind(to: mark)
        errorCount += 1
        append(
            FeedStatus(
                .bookFault,
                kinds: .book,
                instrument: instrument,
                depth: depth,
                exchangeTime: frameTime,
                receiveTime: receiveTime
            )
        )
    }

    /// Says that a feed is alive though its message held no event.
    mutating func appendLive(_ kinds: FeedKinds, _ instrument: InstrumentIndex, at receiveTime: Int64) {
        append(
            FeedStatus(
                .live,
                kinds: kinds,
                instrument: instrument,
                exchangeTime: frameTime,
                receiveTime: receiveTime
            )
        )
    }
}

extension InstrumentTable {
    /// The instrument of a name that was seen before; nil for one that was not, or is not subscribed.
    func find(_ name: FastName, venue: VenueIndex, within symbols: SubscribedSymbols) -> InstrumentIndex? {
        name.withBytes { symbols.contains($0) ? find($0, venue: venue) : nil }
    }
}

extension EventBatch {
    /// What the batch held before a frame was read.
    struct ReadingStart {
        var mark: Mark
        var errorCount: Int
        var unsubscribedCount: Int
    }

    @inline(__always)
    func readingStart() -> ReadingStart {
        ReadingStart(mark: mark(), errorCount: errorCount, unsubscribedCount: unsubscribedCount)
    }

    /// Removes all that was read since.
    mutating func withdraw(to start: ReadingStart) {
        rewind(to: start.mark)
        frameTime = nil
        errorCount = start.errorCount
        unsubscribedCount = start.unsubscribedCount
    }
}
