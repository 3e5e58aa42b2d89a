import MarketModel

/// The members of a frame that say what it is.
struct BybitEnvelope {
    var topic: JSONValue?
    var type: JSONValue?
    var timestamp: JSONValue?
    var matchTimestamp: JSONValue?
    var data: JSONValue?
    var operation: JSONValue?
    var success: JSONValue?
    var returnMessage: JSONValue?
    var requestID: JSONValue?

    init(_ text: RawSpan) {
        var members = JSONValue.root(of: text).members(in: text)
        while let (key, value) = members.next(in: text) {
            if key.isString("topic", in: text) {
                topic = value
            } else if key.isString("type", in: text) {
                type = value
            } else if key.isString("ts", in: text) {
                timestamp = value
            } else if key.isString("cts", in: text) {
                matchTimestamp = value
            } else if key.isString("data", in: text) {
                data = value
            } else if key.isString("op", in: text) {
                operation = value
            } else if key.isString("success", in: text) {
                success = value
            } else if key.isString("ret_msg", in: text) {
                returnMessage = value
            } else if key.isString("req_id", in: text) {
                requestID = value
            }
        }
    }
}

/// The tolerant reading: any key order, white space, escapes and unknown keys.
extension BybitDecoder {
    mutating func decodeTolerantly(
        _ text: RawSpan,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        guard JSONValidator.isValid(text) else { return batch.unreadable() }
        let envelope = BybitEnvelope(text)
        guard let topicText = envelope.topic else {
            return decodeOperation(envelope, text, receiveTime, &batch)
        }
        guard let topic = JSONString.withBytes(of: topicText, in: text, { BybitTopic($0) }) ?? nil else {
            return .unknown
        }
        batch.frameTime = envelope.timestamp?.milliseconds(in: text)
        switch topic.kind {
        case .book: return decodeBook(envelope, topic, text, receiveTime, &batch)
        case .trades: return decodeTrades(envelope, topic, text, receiveTime, &batch)
        case .liquidations, .retiredLiquidations:
            return decodeLiquidations(envelope, topic, text, receiveTime, &batch)
        case .tickers:
            guard market != .spot else { return .ignored }
            return decodeTicker(envelope, topic, text, receiveTime, &batch)
        case .ignored: return .ignored
        }
    }

    /// Acks and pongs.
    private mutating func decodeOperation(
        _ envelope: BybitEnvelope,
        _ text: RawSpan,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        if envelope.returnMessage?.isString("pong", in: text) == true { return .ignored }
        guard let operation = envelope.operation else { return .unknown }
        if operation.isString("subscribe", in: text) || operation.isString("unsubscribe", in: text) {
            let change: FeedStatus.Change = operation.isString("subscribe", in: text) ? .live : .unsubscribed
            guard let topics = subscriptions.acknowledge(change, envelope, text) else { return .ignored }
            // The venue stamps no acks so far; a fake exchange does, and rows in exchange basis need it.
            let time = envelope.timestamp?.milliseconds(in: text)
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
        guard let instrument = batch.name(symbol, venue: venue, within: subscribed).index else { return }
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

    // MARK: - Books

    private func decodeBook(
        _ envelope: BybitEnvelope,
        _ topic: BybitTopic,
        _ text: RawSpan,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        let mark = batch.mark()
        let fields = BybitBookFields(envelope.data, text)
        let named = instrument(fields.symbol, envelope, topic, text, &batch)
        if named.isUnsubscribed { return batch.unsubscribed() }
        let instrument = named.index
        guard let instrument,
            let update = book(envelope, fields, instrument, topic.depth, text, receiveTime, &batch)
        else {
            batch.bookFault(instrument, depth: topic.depth, since: mark, at: receiveTime)
            return .error
        }
        batch.append(update)
        return .decoded
    }

    private func book(
        _ envelope: BybitEnvelope,
        _ fields: BybitBookFields,
        _ instrument: InstrumentIndex,
        _ depth: UInt32,
        _ text: RawSpan,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) -> BookUpdate? {
        let isSnapshot = envelope.type?.isString("snapshot", in: text) == true
        guard isSnapshot || envelope.type?.isString("delta", in: text) == true else { return nil }
        guard let number = fields.number?.number(in: text) else { return nil }
        var time = batch.frameTime
        if let matchTimestamp = envelope.matchTimestamp {
            guard let matched = matchTimestamp.milliseconds(in: text) else { return nil }
            // Zero says that there is none.
            if matched != 0 { time = matched }
        } else if envelope.timestamp != nil, time == nil {
            return nil
        }
        let firstLevel = batch.levels.count
        guard !isSnapshot || fields.bids != nil && fields.asks != nil else { return nil }
        guard appendLevels(fields.bids, text, &batch) else { return nil }
        let bidCount = batch.levels.count - firstLevel
        guard appendLevels(fields.asks, text, &batch) else { return nil }
        return BookUpdate(
            instrument: instrument,
            isSnapshot: isSnapshot,
            depth: depth,
            firstLevel: firstLevel,
            bidCount: bidCount,
            askCount: batch.levels.count - firstLevel - bidCount,
            updateID: number,
            exchangeTime: time,
            receiveTime: receiveTime
        )
    }

    /// Levels as `[price, size]`; a side that a delta lacks has not changed.
    private func appendLevels(_ side: JSONValue?, _ text: RawSpan, _ batch: inout EventBatch) -> Bool {
        guard let side else { return true }
        guard side.kind(in: text) == .array else { return false }
        var elements = side.elements(in: text)
        while let element = elements.next(in: text) {
            var parts = element.elements(in: text)
            guard let price = parts.next(in: text)?.positive(in: text),
                let size = parts.next(in: text)?.magnitude(in: text),
                parts.next(in: text) == nil
            else { return false }
            batch.levels.append(PriceLevel(price: price, size: size))
        }
        return true
    }

    // MARK: - Trades

    private func decodeTrades(
        _ envelope: BybitEnvelope,
        _ topic: BybitTopic,
        _ text: RawSpan,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        guard let data = envelope.data, data.kind(in: text) == .array else { return batch.unreadable() }
        var tally = Tally()
        var elements = data.elements(in: text)
        while let element = elements.next(in: text) {
            let fields = BybitTradeFields(element, text)
            tally.count(appendTrade(fields, envelope, topic, text, receiveTime, &batch))
        }
        return finish(tally, .trades, envelope, topic, text, receiveTime, &batch)
    }

    private func appendTrade(
        _ fields: BybitTradeFields,
        _ envelope: BybitEnvelope,
        _ topic: BybitTopic,
        _ text: RawSpan,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) -> Tally.Entry {
        let named = instrument(fields.symbol, envelope, topic, text, &batch)
        if named.isUnsubscribed { return .unsubscribed }
        guard let price = fields.price?.positive(in: text), let size = fields.size?.positive(in: text),
            let time = fields.time?.milliseconds(in: text), let side = fields.side(text),
            let id = JSONValue.tradeID(fields.id, in: text), let instrument = named.index
        else { return .lost }
        batch.append(
            Trade(
                instrument: instrument,
                side: side,
                price: price,
                size: size,
                id: id,
                exchangeTime: time,
                receiveTime: receiveTime
            )
        )
        return .read
    }

    // MARK: - Liquidations

    private func decodeLiquidations(
        _ envelope: BybitEnvelope,
        _ topic: BybitTopic,
        _ text: RawSpan,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        guard let data = envelope.data else { return batch.unreadable() }
        let retired = topic.kind == .retiredLiquidations
        var tally = Tally()
        switch data.kind(in: text) {
        case .object:
            let fields = BybitTradeFields(data, text, retired: retired)
            tally.count(appendLiquidation(fields, envelope, topic, text, receiveTime, &batch))
        case .array:
            var elements = data.elements(in: text)
            while let element = elements.next(in: text) {
                let fields = BybitTradeFields(element, text, retired: retired)
                tally.count(appendLiquidation(fields, envelope, topic, text, receiveTime, &batch))
            }
        default: return batch.unreadable()
        }
        return finish(tally, .liquidations, envelope, topic, text, receiveTime, &batch)
    }

    private func appendLiquidation(
        _ fields: BybitTradeFields,
        _ envelope: BybitEnvelope,
        _ topic: BybitTopic,
        _ text: RawSpan,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) -> Tally.Entry {
        let named = instrument(fields.symbol, envelope, topic, text, &batch)
        if named.isUnsubscribed { return .unsubscribed }
        guard let price = fields.price?.positive(in: text), let size = fields.size?.positive(in: text),
            let time = fields.time?.milliseconds(in: text), let position = fields.side(text),
            let instrument = named.index
        else { return .lost }
        batch.append(
            Liquidation(
                instrument: instrument,
                // The venue names the position: a long, `Buy`, is closed by selling.
                side: position.opposite,
                price: price,
                size: size,
                exchangeTime: time,
                receiveTime: receiveTime
            )
        )
        return .read
    }

    // MARK: - What messages share

    /// The instrument by the entry's own symbol, else by the topic's.
    func instrument(
        _ symbol: JSONValue?,
        _ envelope: BybitEnvelope,
        _ topic: BybitTopic,
        _ text: RawSpan,
        _ batch: inout EventBatch
    ) -> NamedInstrument {
        if let symbol, symbol.kind(in: text) == .string {
            return batch.name(symbol, in: text, venue: venue, within: subscribed)
        }
        guard let name = envelope.topic else { return .unreadable }
        let (venue, subscribed) = (self.venue, self.subscribed)
        return JSONString.withBytes(of: name, in: text) { bytes in
            let symbol = bytes.extracting(topic.symbolStart..<bytes.byteCount)
            return batch.name(symbol, venue: venue, within: subscribed)
        } ?? .unreadable
    }

    /// Counts what was lost; an empty list says only that the feed is alive.
    private func finish(
        _ tally: Tally,
        _ kinds: FeedKinds,
        _ envelope: BybitEnvelope,
        _ topic: BybitTopic,
        _ text: RawSpan,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        batch.errorCount += tally.lost
        batch.unsubscribedCount += tally.unsubscribed
        if tally.read + tally.lost + tally.unsubscribed == 0 {
            switch instrument(nil, envelope, topic, text, &batch) {
            case .instrument(let instrument): batch.live(kinds, instrument, at: receiveTime)
            case .unsubscribed: return .unknown
            case .unreadable: break
            }
        }
        return tally.outcome
    }
}
