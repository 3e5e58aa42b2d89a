import MarketModel

/// The members of a frame that say what it is.
struct KrakenEnvelope {
    var channel: JSONValue?
    var type: JSONValue?
    var data: JSONValue?
    var method: JSONValue?
    var success: JSONValue?
    var result: JSONValue?
    var timeOut: JSONValue?
    var requestID: JSONValue?
    var symbol: JSONValue?

    init(_ text: RawSpan) {
        var members = JSONValue.root(of: text).members(in: text)
        while let (key, value) = members.next(in: text) {
            if key.isString("channel", in: text) {
                channel = value
            } else if key.isString("type", in: text) {
                type = value
            } else if key.isString("data", in: text) {
                data = value
            } else if key.isString("method", in: text) {
                method = value
            } else if key.isString("success", in: text) {
                success = value
            } else if key.isString("result", in: text) {
                result = value
            } else if key.isString("time_out", in: text) {
                timeOut = value
            } else if key.isString("req_id", in: text) {
                requestID = value
            } else if key.isString("symbol", in: text) {
                symbol = value
            }
        }
    }

    /// nil if the type is neither `snapshot` nor `update`.
    func isSnapshot(_ text: RawSpan) -> Bool? {
        if type?.isString("snapshot", in: text) == true { return true }
        return type?.isString("update", in: text) == true ? false : nil
    }
}

/// The tolerant reading: any key order, white space, escapes and unknown keys.
extension KrakenDecoder {
    mutating func decodeTolerantly(
        _ text: RawSpan,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        guard JSONValidator.isValid(text) else { return batch.unreadable() }
        let envelope = KrakenEnvelope(text)
        guard let channel = envelope.channel else {
            return decodeMethod(envelope, text, receiveTime, &batch)
        }
        if channel.isString("book", in: text) {
            return decodeBooks(envelope, text, receiveTime, &batch)
        }
        if channel.isString("trade", in: text) {
            return decodeTrades(envelope, text, receiveTime, &batch)
        }
        if channel.isString("instrument", in: text) {
            // Not events: they make no instrument and no row.
            batch.definitions = KrakenDefinitions.list(envelope, text)
            return .ignored
        }
        let isIgnored =
            channel.isString("heartbeat", in: text) || channel.isString("status", in: text)
            || channel.isString("ticker", in: text) || channel.isString("ohlc", in: text)
        return isIgnored ? .ignored : .unknown
    }

    /// Acks and pongs.
    private mutating func decodeMethod(
        _ envelope: KrakenEnvelope,
        _ text: RawSpan,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        guard let method = envelope.method else { return .unknown }
        batch.frameTime = envelope.timeOut?.rfc3339(in: text)
        if method.isString("pong", in: text) || method.isString("ping", in: text) { return .ignored }
        let subscribes = method.isString("subscribe", in: text)
        guard subscribes || method.isString("unsubscribe", in: text) else { return .unknown }
        let id = envelope.requestID?.integer(in: text)
        guard envelope.success?.isTrue(in: text) == true else {
            if subscribes { subscriptions.refused(id, envelope.symbol?.bytes(in: text)) }
            return .ignored
        }
        confirm(subscribes ? .live : .unsubscribed, envelope, id, text, receiveTime, &batch)
        return .ignored
    }

    /// An ack names channel and symbol; one that does not answers the request that has its id.
    private mutating func confirm(
        _ change: FeedStatus.Change,
        _ envelope: KrakenEnvelope,
        _ id: Int64?,
        _ text: RawSpan,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) {
        let result = envelope.result
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
        guard let instrument = batch.name(symbol.span.bytes, venue: venue, within: subscribed).index else {
            return
        }
        var depth = isBook ? stated : nil
        if isBook, change == .live, let depth { depths.acknowledge(instrument, depth) }
        if isBook, change == .unsubscribed {
            guard depths.concerns(instrument, stated) else { return }
            depths.forget(instrument)
            // A connection carries a book once, at whatever depth.
            depth = nil
        }
        batch.append(
            FeedStatus(
                change,
                kinds: isBook ? .book : .trades,
                instrument: instrument,
                depth: depth,
                exchangeTime: batch.frameTime,
                receiveTime: receiveTime
            )
        )
    }

    // MARK: - Books

    private mutating func decodeBooks(
        _ envelope: KrakenEnvelope,
        _ text: RawSpan,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        guard let data = envelope.data, data.kind(in: text) == .array else {
            batch.bookFault(nil, depth: nil, since: batch.mark(), at: receiveTime)
            return .error
        }
        var tally = Tally()
        var elements = data.elements(in: text)
        while let element = elements.next(in: text) {
            let fields = KrakenBookFields(element, text)
            tally.count(appendBook(fields, envelope.isSnapshot(text), text, receiveTime, &batch))
        }
        batch.unsubscribedCount += tally.unsubscribed
        return tally.outcome
    }

    private mutating func appendBook(
        _ fields: KrakenBookFields,
        _ isSnapshot: Bool?,
        _ text: RawSpan,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) -> Tally.Entry {
        let mark = batch.mark()
        let firstLevel = batch.levels.count
        let named = instrument(fields.symbol, text, &batch)
        let time = fields.timestamp?.rfc3339(in: text)
        // Before anything can be malformed: a fault is placed at the frame's time.
        batch.takeFrameTime(time)
        if named.isUnsubscribed { return .unsubscribed }
        let instrument = named.index
        guard let instrument, let isSnapshot, time != nil || fields.timestamp == nil,
            fields.areWhole || !isSnapshot,
            let counts = appendSides(fields, text, &batch), let checksum = fields.checksum(text)
        else {
            batch.bookFault(instrument, depth: nil, since: mark, at: receiveTime)
            return .lost
        }
        let longer = max(counts.bids, counts.asks)
        batch.append(
            BookUpdate(
                instrument: instrument,
                isSnapshot: isSnapshot,
                depth: depth(of: instrument, isSnapshot: isSnapshot, count: longer, in: batch),
                firstLevel: firstLevel,
                bidCount: counts.bids,
                askCount: counts.asks,
                checksum: checksum.value,
                exchangeTime: time,
                receiveTime: receiveTime
            )
        )
        return .read
    }

    private func instrument(
        _ symbol: JSONValue?,
        _ text: RawSpan,
        _ batch: inout EventBatch
    ) -> NamedInstrument {
        guard let symbol else { return .unreadable }
        return batch.name(symbol, in: text, venue: venue, within: subscribed)
    }

    private func appendSides(
        _ fields: KrakenBookFields,
        _ text: RawSpan,
        _ batch: inout EventBatch
    ) -> (bids: Int, asks: Int)? {
        let firstLevel = batch.levels.count
        guard appendLevels(fields.bids, text, &batch) else { return nil }
        let bidCount = batch.levels.count - firstLevel
        guard appendLevels(fields.asks, text, &batch) else { return nil }
        return (bidCount, batch.levels.count - firstLevel - bidCount)
    }

    /// Levels as `{price, qty}`; a side that an update lacks has not changed.
    private func appendLevels(_ side: JSONValue?, _ text: RawSpan, _ batch: inout EventBatch) -> Bool {
        guard let side else { return true }
        guard side.kind(in: text) == .array else { return false }
        var elements = side.elements(in: text)
        while let element = elements.next(in: text) {
            var price: JSONValue?
            var size: JSONValue?
            var members = element.members(in: text)
            while let (key, value) = members.next(in: text) {
                if key.isString("price", in: text) { price = value }
                if key.isString("qty", in: text) { size = value }
            }
            guard let price = price?.positive(in: text), let size = size?.magnitude(in: text) else {
                return false
            }
            batch.levels.append(PriceLevel(price: price, size: size))
        }
        return true
    }

    // MARK: - Trades

    private func decodeTrades(
        _ envelope: KrakenEnvelope,
        _ text: RawSpan,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        guard let data = envelope.data, data.kind(in: text) == .array,
            let isSnapshot = envelope.isSnapshot(text)
        else { return batch.unreadable() }
        var tally = Tally()
        var elements = data.elements(in: text)
        while let element = elements.next(in: text) {
            let fields = KrakenTradeFields(element, text)
            tally.count(appendTrade(fields, isSnapshot, text, receiveTime, &batch))
        }
        batch.errorCount += tally.lost
        batch.unsubscribedCount += tally.unsubscribed
        return tally.outcome
    }

    private func appendTrade(
        _ fields: KrakenTradeFields,
        _ isSnapshot: Bool,
        _ text: RawSpan,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) -> Tally.Entry {
        let named = instrument(fields.symbol, text, &batch)
        if named.isUnsubscribed { return .unsubscribed }
        guard let price = fields.price?.positive(in: text), let size = fields.size?.positive(in: text),
            let time = fields.timestamp?.rfc3339(in: text), let side = fields.side(text),
            let id = JSONValue.tradeID(fields.id, in: text), let instrument = named.index
        else { return .lost }
        batch.takeFrameTime(time)
        batch.append(
            Trade(
                instrument: instrument,
                side: side,
                price: price,
                size: size,
                id: id,
                exchangeTime: time,
                receiveTime: receiveTime,
                isSnapshot: isSnapshot
            )
        )
        return .read
    }
}

extension EventBatch {
    /// A Kraken frame's time is the greatest of its entries' times.
    @inline(__always)
    mutating func takeFrameTime(_ time: Int64?) {
        guard let time else { return }
        frameTime = max(frameTime ?? time, time)
    }
}
