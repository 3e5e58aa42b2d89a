package import MarketModel

/// Decodes one connection of Kraken's WebSocket v2; the facts are in `WIRE.md` beside this file.
package struct KrakenDecoder: OrderingDecoder {
    package let readsInOrder: Bool
    var depths = KrakenDepths()
    var subscriptions = KrakenSubscriptions()
    package var names: InstrumentNames
    var clock = FastTime()

    package init(venue: VenueIndex, readsInOrder: Bool = true) {
        self.readsInOrder = readsInOrder
        names = InstrumentNames(venue: venue)
    }

    package mutating func sent(_ frame: RawSpan, receiveTime: Int64) { subscriptions.sent(frame) }

    package mutating func connectionReset() {
        depths.forgetAll()
        subscriptions = KrakenSubscriptions()
    }

    /// Decodes a message of books or trades whose members come in the usual order; false, and nothing changed, if it
    /// is another.
    @inline(__always)
    package mutating func decodeInOrder(
        _ frame: UnsafeRawBufferPointer,
        receiveTime: Int64,
        into batch: inout EventBatch
    ) -> Bool {
        var reader = OrderedReader(frame)
        guard reader.cursor.consume(#"{"channel":""#) else { return false }
        let isBook = reader.cursor.consume(#"book""#)
        guard isBook || reader.cursor.consume(#"trade""#) else { return false }
        let start = batch.readingStart()
        var message = KrakenMessage(reader: reader, receiveTime: receiveTime)
        _ = isBook ? readBooks(&message, &batch) : readTrades(&message, &batch)
        return batch.keeps(message.reader.isComplete, since: start)
    }

    package mutating func decodeSearching(
        _ frame: UnsafeRawBufferPointer,
        receiveTime: Int64,
        into batch: inout EventBatch
    ) -> FrameOutcome {
        let text = frame.bytes
        var message = KrakenMessage(reader: SearchingReader(frame), receiveTime: receiveTime)
        let root = message.reader.object
        guard let channel = root.member("channel", in: text) else {
            return decodeMethod(root, text, receiveTime, &batch)
        }
        if channel.isString("book", in: text) { return readBooks(&message, &batch) }
        if channel.isString("trade", in: text) { return readTrades(&message, &batch) }
        if channel.isString("instrument", in: text) {
            // Not events: they make no instrument and no row.
            batch.definitions = KrakenDefinitions.list(root, isSnapshot: message.readType(), text)
            return .ignored
        }
        let isIgnored =
            channel.isString("heartbeat", in: text) || channel.isString("status", in: text)
            || channel.isString("ticker", in: text) || channel.isString("ohlc", in: text)
        return isIgnored ? .ignored : .unknown
    }

    // MARK: - Acks

    /// Acks and pongs.
    private mutating func decodeMethod(
        _ message: JSONValue,
        _ text: RawSpan,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        guard let method = message.member("method", in: text) else { return .unknown }
        batch.frameTime = message.member("time_out", in: text)?.rfc3339(in: text)
        if method.isString("pong", in: text) || method.isString("ping", in: text) { return .ignored }
        let subscribes = method.isString("subscribe", in: text)
        guard subscribes || method.isString("unsubscribe", in: text) else { return .unknown }
        let id = message.member("req_id", in: text)?.integer(in: text)
        guard message.member("success", in: text)?.isTrue(in: text) == true else {
            if subscribes { subscriptions.refused(id, message.member("symbol", in: text)?.bytes(in: text)) }
            return .ignored
        }
        let result = message.member("result", in: text)
        confirm(subscribes ? .live : .unsubscribed, result, id, text, receiveTime, &batch)
        return .ignored
    }

    /// An ack names channel and symbol; one that does not answers the request that has its id.
    private mutating func confirm(
        _ change: FeedStatus.Change,
        _ result: JSONValue?,
        _ id: Int64?,
        _ text: RawSpan,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) {
        let symbol = result?.member("symbol", in: text)?.bytes(in: text)
        let request = subscriptions.request(id, bookOf: symbol)
        let channel = result?.member("channel", in: text)
        let isBook = channel?.isString("book", in: text) ?? request?.isBook ?? false
        guard isBook || channel?.isString("trade", in: text) ?? request?.isTrade ?? false else { return }
        let stated = result?.member("depth", in: text)?.integer(in: text) ?? 0
        let depth = 1...1_000_000 ~= stated ? UInt32(stated) : change == .live ? request?.depth : nil
        for symbol in symbol.map({ [$0] }) ?? request?.symbols ?? [] {
            confirm(change, symbol, isBook, depth, receiveTime, &batch)
        }
    }

    private mutating func confirm(
        _ change: FeedStatus.Change,
        _ symbol: [UInt8],
        _ isBook: Bool,
        _ stated: UInt32?,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) {
        let named = names.instrument(of: symbol.span.bytes, &batch.instruments)
        guard let instrument = named.index else { return }
        var depth = isBook ? stated : nil
        if isBook, change == .live, let depth { depths.acknowledge(instrument, depth) }
        if isBook, change == .unsubscribed {
            guard depths.concerns(instrument, stated) else { return }
            depths.forget(instrument)
            // A connection carries a book once, at whatever depth.
            depth = nil
        }
        batch.append(change, isBook ? .book : .trades, instrument, depth: depth, at: receiveTime)
    }
}

extension KrakenDecoder {
    package mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.field("depths", &depths)
        try coder.field("subscriptions", &subscriptions)
    }
}
