package import MarketModel

/// Decodes one connection of Bybit v5's public WebSocket; the facts are in `WIRE.md` beside this file.
package struct BybitDecoder: OrderingDecoder {
    let market: Market
    package let readsInOrder: Bool
    var tickers: [BybitTicker] = []
    package var names: InstrumentNames
    private var bookTopics = FastNames<BybitBookTopic>()
    var subscriptions = BybitSubscriptions()

    package init(market: Market, venue: VenueIndex, readsInOrder: Bool = true) {
        self.readsInOrder = readsInOrder
        self.market = market
        names = InstrumentNames(venue: venue)
    }

    package mutating func sent(_ frame: RawSpan, receiveTime: Int64) {
        subscriptions.sent(frame)
    }

    package mutating func restrict(to symbols: SubscribedSymbols) {
        names.restrict(to: symbols)
        bookTopics = FastNames()
    }

    package mutating func connectionReset() {
        tickers.removeAll(keepingCapacity: true)
        subscriptions = BybitSubscriptions()
    }

    // MARK: - Frames in the usual order

    /// Decodes a message that begins with its topic and has its members in the usual order; false, and nothing
    /// changed, if it is another.
    @inline(__always)
    package mutating func decodeInOrder(
        _ frame: UnsafeRawBufferPointer,
        receiveTime: Int64,
        into batch: inout EventBatch
    ) -> Bool {
        var cursor = FastCursor(frame)
        guard cursor.consume(#"{"topic":""#), let (topic, symbol) = topic(&cursor, batch.instruments)
        else { return false }
        let start = batch.readingStart()
        let reader = OrderedReader(frame, at: cursor.offset)
        var message = BybitMessage(reader: reader, topic: topic, symbol: symbol, receiveTime: receiveTime)
        _ = read(&message, &batch)
        return batch.keeps(message.reader.isComplete, since: start)
    }

    /// What a topic names whose symbol was read before.
    @inline(__always)
    private mutating func topic(
        _ cursor: inout FastCursor,
        _ instruments: borrowing InstrumentTable
    ) -> (BybitTopic, OrderedReader.Symbol)? {
        if cursor.consume("orderbook.") {
            guard let name = cursor.name(), let topic = bookTopics[name] ?? learn(name, instruments)
            else { return nil }
            return (BybitTopic(.book, depth: topic.depth), topic.symbol)
        }
        let kind: BybitTopic.Kind
        if cursor.consume("tickers.") {
            guard market != .spot else { return nil }
            kind = .tickers
        } else if cursor.consume("publicTrade.") {
            kind = .trades
        } else if cursor.consume("allLiquidation.") {
            kind = .liquidations
        } else {
            return nil
        }
        guard let name = cursor.name(), let instrument = names.known(name, in: instruments)
        else { return nil }
        return (BybitTopic(kind), OrderedReader.Symbol(name: name, instrument: instrument))
    }

    @inline(never)
    private mutating func learn(_ name: FastName, _ instruments: borrowing InstrumentTable) -> BybitBookTopic?
    {
        guard name.isPlain, let (depth, symbol) = name.withBytes(BybitTopic.depthAndSymbol),
            let instrument = names.find(symbol, in: instruments)
        else { return nil }
        let topic = BybitBookTopic(depth: depth, symbol: .init(name: symbol, instrument: instrument))
        bookTopics.remember(name, topic)
        return topic
    }

    // MARK: - All frames

    package mutating func decodeSearching(
        _ frame: UnsafeRawBufferPointer,
        receiveTime: Int64,
        into batch: inout EventBatch
    ) -> FrameOutcome {
        let text = frame.bytes
        var reader = SearchingReader(frame)
        guard let topicText = reader.object.member("topic", in: text) else {
            return decodeOperation(reader.object, text, receiveTime, &batch)
        }
        guard let topic = JSONString.withBytes(of: topicText, in: text, { BybitTopic($0) }) ?? nil else {
            return .unknown
        }
        batch.frameTime = reader.milliseconds(#","ts":"#).value
        let symbol = SearchingReader.Symbol(text: topicText, start: topic.symbolStart)
        var message = BybitMessage(reader: reader, topic: topic, symbol: symbol, receiveTime: receiveTime)
        return read(&message, &batch)
    }

    // MARK: - Acks

    /// Acks and pongs.
    private mutating func decodeOperation(
        _ message: JSONValue,
        _ text: RawSpan,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        if message.member("ret_msg", in: text)?.isString("pong", in: text) == true { return .ignored }
        guard let operation = message.member("op", in: text) else { return .unknown }
        if operation.isString("subscribe", in: text) || operation.isString("unsubscribe", in: text) {
            let change: FeedStatus.Change = operation.isString("subscribe", in: text) ? .live : .unsubscribed
            guard let topics = subscriptions.acknowledge(change, message, text) else { return .ignored }
            // The venue stamps no acks so far; a fake exchange does, and rows in exchange basis need it.
            let time = message.member("ts", in: text)?.milliseconds(in: text)
            for topic in topics { confirm(change, topic, time, receiveTime, &batch) }
            return .ignored
        }
        let isKnown =
            operation.isString("pong", in: text) || operation.isString("ping", in: text)
            || operation.isString("auth", in: text)
        return isKnown ? .ignored : .unknown
    }

    private func confirm(
        _ change: FeedStatus.Change,
        _ topic: [UInt8],
        _ exchangeTime: Int64?,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) {
        guard let parsed = BybitTopic(topic.span.bytes) else { return }
        let kinds = parsed.feeds(on: market)
        guard !kinds.isEmpty else { return }
        let symbol = topic.span.bytes.extracting(parsed.symbolStart..<topic.count)
        guard let instrument = names.instrument(of: symbol, &batch.instruments).index else { return }
        batch.append(
            FeedStatus(
                change,
                kinds: kinds,
                instrument: instrument,
                depth: parsed.kind == .book ? parsed.depth : nil,
                exchangeTime: exchangeTime,
                receiveTime: receiveTime
            )
        )
    }
}

extension BybitDecoder {
    package mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.field("tickers", &tickers)
        try coder.field("subscriptions", &subscriptions)
    }
}
