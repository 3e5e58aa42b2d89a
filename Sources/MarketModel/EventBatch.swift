/// Decoded events of one or several frames in log order, in flat arrays that are reused: decoding allocates
/// nothing in the steady state.
///
/// It also holds the ``InstrumentTable`` that its events' indexes point into.
public struct EventBatch: Sendable {
    /// The instruments that events refer to.
    public var instruments = InstrumentTable()
    /// All events in log order: frame order, then order within the frame as decoded.
    public var order = ReusedArray<EventReference>()
    /// Levels of all books; ``BookUpdate`` holds ranges of it.
    public var levels = ReusedArray<PriceLevel>()
    /// Book messages.
    public var books = ReusedArray<BookUpdate>()
    /// Trades, as the venue lists them; in ``order`` they are in log order.
    public var trades = ReusedArray<Trade>()
    /// Liquidations.
    public var liquidations = ReusedArray<Liquidation>()
    /// Funding rates.
    public var fundingRates = ReusedArray<FundingRate>()
    /// Open interests.
    public var openInterests = ReusedArray<OpenInterest>()
    /// Changes of feeds.
    public var statuses = ReusedArray<FeedStatus>()
    /// Best bids and asks at a number of the book's, to check it.
    ///
    /// No events: they are not in ``order``.
    public var tops = ReusedArray<BookTop>()
    /// The instrument definitions in the frame, of instruments known to the batch or not; nil without any.
    ///
    /// Not an event: it is not in ``order``.
    public var definitions: DefinitionList?
    /// The venue's time in the frame's envelope: nanoseconds since the Unix epoch; nil if it has none.
    public var frameTime: Int64?
    /// Entries lost to errors in the frame: one per malformed trade or book message, or unreadable frame.
    public var errorCount = 0
    /// Entries of symbols that were not subscribed.
    public var unsubscribedCount = 0

    /// Makes an empty batch.
    public init() {}

    /// Empties it, keeping the memory and the instruments.
    @inlinable
    public mutating func removeAll() {
        order.removeAll()
        levels.removeAll()
        books.removeAll()
        trades.removeAll()
        liquidations.removeAll()
        fundingRates.removeAll()
        openInterests.removeAll()
        statuses.removeAll()
        tops.removeAll()
        if definitions != nil { definitions = nil }
        frameTime = nil
        errorCount = 0
        unsubscribedCount = 0
    }

    /// Appends a book message whose levels are in ``levels`` already.
    @inlinable
    public mutating func append(_ book: BookUpdate) {
        order.append(EventReference(.book, books.count))
        books.append(book)
    }

    // Called rather than inlined: decoders are short enough to be optimised whole then.

    /// Appends a trade.
    @inline(never)
    public mutating func append(_ trade: Trade) {
        order.append(EventReference(.trade, trades.count))
        trades.append(trade)
    }

    /// Appends a liquidation.
    @inline(never)
    public mutating func append(_ liquidation: Liquidation) {
        order.append(EventReference(.liquidation, liquidations.count))
        liquidations.append(liquidation)
    }

    /// Appends a funding rate.
    @inline(never)
    public mutating func append(_ fundingRate: FundingRate) {
        order.append(EventReference(.fundingRate, fundingRates.count))
        fundingRates.append(fundingRate)
    }

    /// Appends an open interest.
    @inline(never)
    public mutating func append(_ openInterest: OpenInterest) {
        order.append(EventReference(.openInterest, openInterests.count))
        openInterests.append(openInterest)
    }

    /// Appends a change of a feed.
    @inline(never)
    public mutating func append(_ status: FeedStatus) {
        order.append(EventReference(.status, statuses.count))
        statuses.append(status)
    }
}

extension EventBatch {
    /// A state of the batch to go back to if what follows cannot be decoded.
    @frozen
    public struct Mark: Sendable {
        @usableFromInline var eventCount: Int
        @usableFromInline var levelCount: Int

        @inlinable
        init(eventCount: Int, levelCount: Int) {
            self.eventCount = eventCount
            self.levelCount = levelCount
        }

        /// A mark before everything.
        @inlinable
        public static var start: Mark { Mark(eventCount: 0, levelCount: 0) }
    }

    /// A mark after everything in the batch now.
    @inlinable
    public func mark() -> Mark { Mark(eventCount: order.count, levelCount: levels.count) }

    /// Removes the events and levels appended since a mark.
    ///
    /// Precondition: the batch was not emptied meanwhile.
    ///
    /// Frame time, error count and instruments stay. Cost: O(what is removed).
    public mutating func rewind(to mark: Mark) {
        levels.removeAll(from: mark.levelCount)
        while order.count > mark.eventCount {
            let event = order[order.count - 1]
            order.removeAll(from: order.count - 1)
            switch event.kind {
            case .book: books.removeAll(from: event.index)
            // A venue may list the newest first: then their references are turned round.
            case .trade: trades.removeAll(from: min(event.index, trades.count))
            case .liquidation: liquidations.removeAll(from: event.index)
            case .fundingRate: fundingRates.removeAll(from: event.index)
            case .openInterest: openInterests.removeAll(from: event.index)
            case .status: statuses.removeAll(from: event.index)
            }
        }
    }
}

extension EventBatch {
    /// The instrument of an event; nil for a status of a whole connection.
    public func instrument(of event: EventReference) -> InstrumentIndex? {
        switch event.kind {
        case .book: books[event.index].instrument
        case .trade: trades[event.index].instrument
        case .liquidation: liquidations[event.index].instrument
        case .fundingRate: fundingRates[event.index].instrument
        case .openInterest: openInterests[event.index].instrument
        case .status: statuses[event.index].instrument
        }
    }

    /// The stamps of an event: nanoseconds since the Unix epoch, UTC; nil where the venue gave none.
    public func times(of event: EventReference) -> (exchange: Int64?, receive: Int64) {
        switch event.kind {
        case .book: (books[event.index].exchangeTime, books[event.index].receiveTime)
        case .trade: (trades[event.index].exchangeTime, trades[event.index].receiveTime)
        case .liquidation: (liquidations[event.index].exchangeTime, liquidations[event.index].receiveTime)
        case .fundingRate: (fundingRates[event.index].exchangeTime, fundingRates[event.index].receiveTime)
        case .openInterest: (openInterests[event.index].exchangeTime, openInterests[event.index].receiveTime)
        case .status: (statuses[event.index].exchangeTime, statuses[event.index].receiveTime)
        }
    }
}
