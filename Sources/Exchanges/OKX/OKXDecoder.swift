package import MarketModel

/// Decodes one connection of OKX v5's public WebSocket; the facts are in `WIRE.md` beside this file.
package struct OKXDecoder: OrderingDecoder {
    package let readsInOrder: Bool
    package var names: InstrumentNames
    var types = OKXTypeFeeds()
    /// The symbols that the connection's requests name: of a whole type it carries the forced orders of these alone.
    var requested = SubscribedSymbols()

    package static let plainTexts: [StaticString] = ["pong", "ping"]

    package init(venue: VenueIndex, readsInOrder: Bool = true) {
        self.readsInOrder = readsInOrder
        names = InstrumentNames(venue: venue)
    }

    /// Acks name what they confirm; what was asked for says whose forced orders are the connection's own.
    package mutating func sent(_ frame: RawSpan, receiveTime: Int64) {
        _ = requested.add(OKX().symbols(inRequest: frame).map { Array($0.utf8) })
    }

    package mutating func connectionReset() {
        types.removeAll()
        requested = SubscribedSymbols()
    }

    // MARK: - Frames in the usual order

    /// Decodes books and trades whose members come in the usual order; false, and nothing changed, if it is another
    /// message.
    @inline(__always)
    package mutating func decodeInOrder(
        _ frame: UnsafeRawBufferPointer,
        receiveTime: Int64,
        into batch: inout EventBatch
    ) -> Bool {
        var cursor = FastCursor(frame)
        guard cursor.consume(#"{"arg":{"channel":""#), let channel = OKXChannel(&cursor),
            cursor.consume(#","instId":""#), let name = cursor.name(), cursor.consume("}"),
            let instrument = names.known(name, in: batch.instruments)
        else { return false }
        let (start, first) = (batch.readingStart(), batch.order.count)
        let reader = OrderedReader(frame, at: cursor.offset)
        let symbol = OrderedReader.Symbol(name: name, instrument: instrument)
        var message = OKXMessage(reader: reader, channel: channel, symbol: symbol, receiveTime: receiveTime)
        _ = read(&message, &batch)
        guard batch.keeps(message.reader.isComplete, since: start) else { return false }
        if !types.knows(instrument) { meet(from: first, receiveTime, &batch) }
        return true
    }

    /// Decodes a confirmed subscription of a known symbol, and tickers.
    package mutating func decodeRestInOrder(
        _ frame: UnsafeRawBufferPointer,
        receiveTime: Int64,
        into batch: inout EventBatch
    ) -> FrameOutcome? {
        var cursor = FastCursor(frame)
        if cursor.consume(#"{"arg":{"channel":"tickers","instId":""#) {
            let isRead = cursor.skipPlain() && cursor.consume(#"},"data":[{"#) && cursor.skipNamedTexts()
            return isRead && cursor.consume("]}") && cursor.left == 0 ? .ignored : nil
        }
        guard cursor.consume(#"{"event":"subscribe","arg":{"channel":""#) else { return nil }
        let isIgnored = cursor.consume(#"tickers""#)
        guard let channel = isIgnored ? .ignored : OKXChannel(&cursor), cursor.consume(#","instId":""#),
            let name = cursor.name(), let instrument = names.known(name, in: batch.instruments),
            cursor.consume("}"), !cursor.consume(#","connId":""#) || cursor.skipPlain(),
            cursor.consume("}"), cursor.left == 0
        else { return nil }
        if !isIgnored { confirm(channel, instrument, .live, receiveTime, &batch) }
        return .ignored
    }

    // MARK: - All frames

    package mutating func decodeSearching(
        _ frame: UnsafeRawBufferPointer,
        receiveTime: Int64,
        into batch: inout EventBatch
    ) -> FrameOutcome {
        let text = frame.bytes
        let reader = SearchingReader(frame)
        if let event = reader.object.member("event", in: text) {
            return decodeEvent(event, reader.object, text, receiveTime, &batch)
        }
        guard let argument = reader.object.member("arg", in: text),
            let name = argument.member("channel", in: text), let channel = OKXChannel(name, in: text)
        else { return .unknown }
        let first = batch.order.count
        let named = argument.member("instId", in: text) ?? .none
        let symbol = SearchingReader.Symbol(text: named, start: 0)
        var message = OKXMessage(reader: reader, channel: channel, symbol: symbol, receiveTime: receiveTime)
        let outcome: FrameOutcome
        switch channel {
        case .ignored: return .ignored
        case .book, .best, .trades: outcome = read(&message, &batch)
        case .liquidations: outcome = readForcedOrders(argument, &message, &batch)
        case .fundingRates, .openInterest: outcome = readValues(&message, &batch)
        }
        meet(from: first, receiveTime, &batch)
        return outcome
    }

    // MARK: - Acks

    /// Acks, refusals and notices.
    private mutating func decodeEvent(
        _ event: JSONValue,
        _ message: JSONValue,
        _ text: RawSpan,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        let subscribes = event.isString("subscribe", in: text)
        guard subscribes || event.isString("unsubscribe", in: text) else {
            return Self.events.contains { event.isString($0, in: text) } ? .ignored : .unknown
        }
        guard let argument = message.member("arg", in: text),
            let name = argument.member("channel", in: text), let channel = OKXChannel(name, in: text)
        else { return .ignored }
        // The venue stamps no acks so far; a fake exchange does, and rows in exchange basis need it.
        batch.frameTime = message.member("ts", in: text)?.milliseconds(in: text)
        let change: FeedStatus.Change = subscribes ? .live : .unsubscribed
        if channel == .liquidations {
            confirm(change, argument, text, receiveTime, &batch)
            return .ignored
        }
        let symbol = argument.member("instId", in: text) ?? .none
        guard !channel.feeds.isEmpty,
            let instrument = names.instrument(of: symbol, in: text, &batch.instruments).index
        else { return .ignored }
        confirm(channel, instrument, change, receiveTime, &batch)
        return .ignored
    }

    private mutating func confirm(
        _ channel: OKXChannel,
        _ instrument: InstrumentIndex,
        _ change: FeedStatus.Change,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) {
        let first = batch.order.count
        batch.append(change, channel.feeds, instrument, depth: channel.depth, at: receiveTime)
        meet(from: first, receiveTime, &batch)
    }

    private static let events: [StaticString] = [
        "error", "notice", "login", "channel-conn-count", "channel-conn-count-error",
    ]

    /// Begins or ends the liquidations of a whole type, for the instruments named so far.
    private mutating func confirm(
        _ change: FeedStatus.Change,
        _ argument: JSONValue,
        _ text: RawSpan,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) {
        guard let word = argument.member("instType", in: text), let type = OKXInstrumentType(word, in: text)
        else { return }
        for instrument in types.set(type, isLive: change == .live) {
            batch.append(change, .liquidations, instrument, at: receiveTime)
        }
    }

    /// Makes liquidations live for instruments that no event before the first of these named, where their type's are.
    @inline(never)
    private mutating func meet(from first: Int, _ receiveTime: Int64, _ batch: inout EventBatch) {
        guard types.count < batch.instruments.count else { return }
        for index in first..<batch.order.count {
            let event = batch.order.span[index]
            guard let instrument = batch.instrument(of: event), !types.knows(instrument) else { continue }
            let type = OKXInstrumentType(ofSymbol: batch.instruments[instrument].symbol)
            if types.meet(instrument, type) {
                batch.append(.live, .liquidations, instrument, at: receiveTime)
            }
        }
    }
}

extension OKXDecoder {
    package mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.field("types", &types)
        try coder.field("requested", &requested)
    }
}
