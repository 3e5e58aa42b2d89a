package import MarketModel

/// Decodes one connection to Binance's public streams; the facts are in `WIRE.md` beside this file.
package struct BinanceDecoder: OrderingDecoder {
    let market: Market
    package let readsInOrder: Bool
    package var names: InstrumentNames
    var subscriptions = BinanceSubscriptions()
    var funding = BinanceFunding()
    /// The instrument of all book messages so far: a seed that names no symbol is its.
    private(set) var loneBook: InstrumentIndex?
    private var hasSeveralBooks = false

    package init(market: Market, venue: VenueIndex, readsInOrder: Bool = true) {
        self.market = market
        self.readsInOrder = readsInOrder
        names = InstrumentNames(venue: venue)
    }

    package mutating func sent(_ frame: RawSpan, receiveTime: Int64) { subscriptions.sent(frame) }

    package mutating func described(_ subscriptions: String) { self.subscriptions.describe(subscriptions) }

    package mutating func learn(from other: any FrameDecoder) {
        if let other = other as? BinanceDecoder { funding.learn(from: other.funding) }
    }

    package mutating func connectionReset() {
        subscriptions.reset()
        (loneBook, hasSeveralBooks) = (nil, false)
    }

    // MARK: - Frames in the usual order

    /// Decodes changes of a book, a trade or a ticker whose members come in the usual order; false, and nothing
    /// changed, if it is another message.
    @inline(__always)
    package mutating func decodeInOrder(
        _ frame: UnsafeRawBufferPointer,
        receiveTime: Int64,
        into batch: inout EventBatch
    ) -> Bool {
        var cursor = FastCursor(frame)
        var stream: Range<Int>?
        if cursor.consume(#"{"stream":""#) {
            stream = cursor.plainEnd(64)
            guard stream != nil, cursor.consume(#","data":"#) else { return false }
        }
        let payload = cursor.offset
        let kind = BinanceMessageKind(&cursor)
        // A ticker that begins with its number has not named its kind before.
        guard kind != .other, cursor.offset == payload || !cursor.isNext(#"{"u":"#) else { return false }
        let start = batch.readingStart()
        let reader = OrderedReader(frame, at: cursor.offset)
        var message = BinanceMessage(reader: reader, isWrapped: stream != nil, receiveTime: receiveTime)
        switch kind {
        case .book:
            guard let book = book(stream, frame) else { return false }
            _ = readBook(&message, book, &batch)
        case .trade: _ = readTrade(&message, &batch)
        case .aggregate: _ = readAggregate(&message, &batch)
        case .ticker: _ = readTicker(&message, &batch)
        case .other: return false
        }
        guard batch.keeps(message.reader.isComplete, since: start) else { return false }
        noteBook(of: batch)
        return true
    }

    /// The stream of a book message: by its name, else by what was subscribed; nil if that does not tell at once.
    @inline(__always)
    private func book(_ stream: Range<Int>?, _ frame: UnsafeRawBufferPointer) -> BinanceStream? {
        guard let stream else { return subscriptions.areBooksDiffs ? .diff : nil }
        let found = BinanceStream(frame.bytes.extracting(stream))
        return found.depth == nil ? nil : found
    }

    // MARK: - All frames

    package mutating func decodeSearching(
        _ frame: UnsafeRawBufferPointer,
        receiveTime: Int64,
        into batch: inout EventBatch
    ) -> FrameOutcome {
        let text = frame.bytes
        let (payload, stream) = BinancePayload.open(.root(of: text), in: text)
        if payload.kind(in: text) == .array { return readList(payload, frame, receiveTime, &batch) }
        guard payload.kind(in: text) == .object else { return .unknown }
        let reader = SearchingReader(frame, at: payload)
        var message = BinanceMessage(reader: reader, isWrapped: stream != nil, receiveTime: receiveTime)
        let outcome =
            switch BinanceMessageKind(payload, in: text) {
            case .book: readBook(&message, stream, &batch)
            case .trade: readTrade(&message, &batch)
            case .aggregate: readAggregate(&message, &batch)
            case .ticker: readTicker(&message, &batch)
            case .other: readOther(payload, stream, frame, receiveTime, &batch)
            }
        if outcome == .decoded { noteBook(of: batch) }
        return outcome
    }

    /// Reads a book message of whatever stream.
    private mutating func readBook(
        _ message: inout BinanceMessage<SearchingReader>,
        _ stream: JSONValue?,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        let (text, object) = (message.reader.text, message.reader.object)
        let book: BinanceStream?
        if let stream {
            book = JSONString.withBytes(of: stream, in: text) { BinanceStream($0) } ?? .other
        } else {
            book = object.member("s", in: text).flatMap { symbol in
                JSONString.withBytes(of: symbol, in: text) { subscriptions.book(of: $0) } ?? .diff
            }
        }
        // Two streams of equal messages: which one this is of is not to be known.
        guard let book else {
            return object.member("s", in: text) == nil ? fault(&message, &batch) : .unknown
        }
        if book.depth != nil { return readBook(&message, book, &batch) }
        return book == .retailBook ? .ignored : .unknown
    }

    private func fault(
        _ message: inout BinanceMessage<SearchingReader>,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        batch.appendBookFault(nil, depth: nil, since: batch.mark(), at: message.receiveTime)
        return .error
    }

    /// Reads what comes seldom: books without a kind, prices of futures, forced orders, answers.
    private mutating func readOther(
        _ payload: JSONValue,
        _ stream: JSONValue?,
        _ frame: UnsafeRawBufferPointer,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        let text = frame.bytes
        guard let kind = payload.member("e", in: text) else {
            if payload.member("lastUpdateId", in: text) != nil {
                return readWhole(payload, stream, frame, receiveTime, &batch)
            }
            return readAnswer(payload, text, receiveTime, &batch)
        }
        if kind.isString("markPriceUpdate", in: text) || kind.isString("forceOrder", in: text) {
            var count = EntryCount()
            count.add(readEntry(payload, text, receiveTime, &batch))
            return finish(count, frame, &batch)
        }
        return BinanceDecoder.isIgnored(kind, text) ? .ignored : .unknown
    }

    private static func isIgnored(_ kind: JSONValue, _ text: RawSpan) -> Bool {
        ignored.contains { kind.isString($0, in: text) }
    }

    private static let ignored: [StaticString] = [
        "kline", "continuous_kline", "indexPrice_kline", "markPrice_kline", "24hrTicker", "24hrMiniTicker",
        "1hTicker", "4hTicker", "1dTicker", "avgPrice", "indexPriceUpdate", "compositeIndex", "contractInfo",
        "assetIndexUpdate", "serverShutdown",
    ]

    /// Reads a list of messages, as streams of all symbols send them.
    private mutating func readList(
        _ list: JSONValue,
        _ frame: UnsafeRawBufferPointer,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        let text = frame.bytes
        var (count, isIgnored) = (EntryCount(), false)
        var entries = list.elements(in: text)
        while let entry = entries.next(in: text) {
            guard let kind = entry.member("e", in: text) else { return .unknown }
            if kind.isString("markPriceUpdate", in: text) || kind.isString("forceOrder", in: text) {
                count.add(readEntry(entry, text, receiveTime, &batch))
            } else if BinanceDecoder.isIgnored(kind, text) {
                isIgnored = true
            } else {
                return .unknown
            }
        }
        if count.isEmpty { return isIgnored ? .ignored : .unknown }
        return finish(count, frame, &batch)
    }

    private func finish(
        _ count: EntryCount,
        _ frame: UnsafeRawBufferPointer,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        batch.add(count)
        if count.read > 0 {
            batch.frameTime = BinancePayload.time(of: .root(of: frame.bytes), in: frame.bytes)
        }
        return count.outcome
    }

    // MARK: - Answers

    /// Reads the answer to a request.
    private mutating func readAnswer(
        _ answer: JSONValue,
        _ text: RawSpan,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        let isAnswer = answer.member("result", in: text) != nil || answer.member("error", in: text) != nil
        let isRefusal = answer.member("code", in: text) != nil && answer.member("msg", in: text) != nil
        guard isAnswer || isRefusal else { return .unknown }
        guard let (change, streams) = subscriptions.acknowledge(answer, text) else { return .ignored }
        for stream in streams { confirm(change, stream, receiveTime, &batch) }
        return .ignored
    }

    private func confirm(
        _ change: FeedStatus.Change,
        _ stream: [UInt8],
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) {
        let kind = BinanceStream(stream.span.bytes)
        guard !kind.feeds.isEmpty else { return }
        guard stream.first != 0x21 else { return batch.append(change, kind.feeds, nil, at: receiveTime) }
        let symbol = stream[..<BinanceStream.symbolEnd(stream.span.bytes)].map(BinanceStream.upper)
        guard let instrument = names.instrument(of: symbol.span.bytes, &batch.instruments).index else {
            return
        }
        batch.append(change, kind.feeds, instrument, depth: kind.depth, at: receiveTime)
    }

    // MARK: - Seeds without a symbol

    /// Notes whether all book messages are of one instrument.
    @inline(__always)
    private mutating func noteBook(of batch: borrowing EventBatch) {
        guard batch.books.count > 0 else { return }
        let instrument = batch.books[batch.books.count - 1].instrument
        if instrument != loneBook, !hasSeveralBooks { note(instrument) }
    }

    @inline(never)
    private mutating func note(_ instrument: InstrumentIndex) {
        hasSeveralBooks = loneBook != nil
        loneBook = hasSeveralBooks ? nil : instrument
    }
}

extension BinanceDecoder {
    package mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.field("subscriptions", &subscriptions)
        try coder.field("funding", &funding)
        try coder.field("loneBook", &loneBook)
        try coder.field("hasSeveralBooks", &hasSeveralBooks)
    }
}
