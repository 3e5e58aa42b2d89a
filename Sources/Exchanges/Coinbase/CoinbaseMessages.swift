import MarketModel

/// The members of a frame that say what it is.
struct CoinbaseEnvelope {
    var channel: JSONValue?
    var timestamp: JSONValue?
    var number: JSONValue?
    var events: JSONValue?
    var type: JSONValue?
    /// The envelope's time: nil if it has none or one that cannot be read.
    var time: Int64?

    init(_ text: RawSpan) {
        var members = JSONValue.root(of: text).members(in: text)
        while let (key, value) = members.next(in: text) {
            if key.isString("channel", in: text) {
                channel = value
            } else if key.isString("timestamp", in: text) {
                timestamp = value
            } else if key.isString("sequence_num", in: text) {
                number = value
            } else if key.isString("events", in: text) {
                events = value
            } else if key.isString("type", in: text) {
                type = value
            }
        }
        time = timestamp?.rfc3339(in: text)
    }

    /// Whether there is a timestamp that is none.
    var hasBadTime: Bool { timestamp != nil && time == nil }
}

/// The tolerant reading: any key order, white space, escapes and unknown keys.
extension CoinbaseDecoder {
    mutating func decodeTolerantly(
        _ text: RawSpan,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        guard JSONValidator.isValid(text) else { return batch.unreadable() }
        let envelope = CoinbaseEnvelope(text)
        batch.frameTime = envelope.time
        if let number = envelope.number?.number(in: text) { judge(number, receiveTime, &batch) }
        guard let channel = envelope.channel else {
            return envelope.type?.isString("error", in: text) == true ? .ignored : .unknown
        }
        if channel.isString("l2_data", in: text) {
            return decodeBooks(envelope, text, receiveTime, &batch)
        }
        if channel.isString("market_trades", in: text) {
            return decodeTrades(envelope, text, receiveTime, &batch)
        }
        if channel.isString("subscriptions", in: text) {
            subscriptions.confirm(envelope, text, venue, subscribed, receiveTime, &batch)
            return .ignored
        }
        return CoinbaseDecoder.isIgnored(channel, text) ? .ignored : .unknown
    }

    private static func isIgnored(_ channel: JSONValue, _ text: RawSpan) -> Bool {
        channel.isString("heartbeats", in: text) || channel.isString("ticker", in: text)
            || channel.isString("ticker_batch", in: text) || channel.isString("candles", in: text)
            || channel.isString("status", in: text)
    }

    // MARK: - Books

    private mutating func decodeBooks(
        _ envelope: CoinbaseEnvelope,
        _ text: RawSpan,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        guard let events = envelope.events, events.kind(in: text) == .array else {
            batch.bookFault(nil, depth: nil, since: batch.mark(), at: receiveTime)
            return .error
        }
        var tally = Tally()
        var elements = events.elements(in: text)
        while let element = elements.next(in: text) {
            tally.count(appendBook(element, envelope, text, receiveTime, &batch))
        }
        batch.unsubscribedCount += tally.unsubscribed
        return tally.outcome
    }

    private mutating func appendBook(
        _ event: JSONValue,
        _ envelope: CoinbaseEnvelope,
        _ text: RawSpan,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) -> Tally.Entry {
        let mark = batch.mark()
        let firstLevel = batch.levels.count
        let fields = CoinbaseBookFields(event, text)
        let named = instrument(fields.product, text, &batch)
        if named.isUnsubscribed { return .unsubscribed }
        let instrument = named.index
        guard let instrument, !envelope.hasBadTime, let isSnapshot = fields.isSnapshot,
            fields.updates != nil || !isSnapshot, appendLevels(fields.updates, text, &batch)
        else {
            batch.bookFault(instrument, depth: nil, since: mark, at: receiveTime)
            return .lost
        }
        let bidCount = batch.levels.count - firstLevel
        batch.levels.append(contentsOf: asks)
        batch.append(
            BookUpdate(
                instrument: instrument,
                isSnapshot: isSnapshot,
                depth: 0,
                firstLevel: firstLevel,
                bidCount: bidCount,
                askCount: asks.count,
                exchangeTime: envelope.time,
                receiveTime: receiveTime
            )
        )
        return .read
    }

    private func instrument(
        _ product: JSONValue?,
        _ text: RawSpan,
        _ batch: inout EventBatch
    ) -> NamedInstrument {
        guard let product else { return .unreadable }
        return batch.name(product, in: text, venue: venue, within: subscribed)
    }

    private mutating func appendLevels(
        _ updates: JSONValue?,
        _ text: RawSpan,
        _ batch: inout EventBatch
    ) -> Bool {
        asks.removeAll(keepingCapacity: true)
        guard let updates else { return true }
        guard updates.kind(in: text) == .array else { return false }
        var elements = updates.elements(in: text)
        while let element = elements.next(in: text) {
            let fields = CoinbaseLevelFields(element, text)
            guard let price = fields.price?.positive(in: text),
                let size = fields.size?.magnitude(in: text), let isBid = fields.isBid(text)
            else { return false }
            let level = PriceLevel(price: price, size: size)
            if isBid { batch.levels.append(level) } else { asks.append(level) }
        }
        return true
    }

    // MARK: - Trades

    private func decodeTrades(
        _ envelope: CoinbaseEnvelope,
        _ text: RawSpan,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        guard let events = envelope.events, events.kind(in: text) == .array else {
            return batch.unreadable()
        }
        var tally = Tally()
        var elements = events.elements(in: text)
        while let element = elements.next(in: text) {
            appendTrades(element, text, receiveTime, &batch, &tally)
        }
        batch.errorCount += tally.lost
        batch.unsubscribedCount += tally.unsubscribed
        return tally.outcome
    }

    private func appendTrades(
        _ event: JSONValue,
        _ text: RawSpan,
        _ receiveTime: Int64,
        _ batch: inout EventBatch,
        _ tally: inout Tally
    ) {
        let isSnapshot = event.member("type", in: text)?.isString("snapshot", in: text) == true
        guard isSnapshot || event.member("type", in: text)?.isString("update", in: text) == true,
            let list = event.member("trades", in: text), list.kind(in: text) == .array
        else {
            tally.count(.lost)
            return
        }
        let first = batch.trades.count
        var elements = list.elements(in: text)
        while let element = elements.next(in: text) {
            let fields = CoinbaseTradeFields(element, text)
            tally.count(appendTrade(fields, isSnapshot, text, receiveTime, &batch))
        }
        // The venue lists the newest first.
        batch.reverseTrades(from: first)
    }

    private func appendTrade(
        _ fields: CoinbaseTradeFields,
        _ isSnapshot: Bool,
        _ text: RawSpan,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) -> Tally.Entry {
        let named = instrument(fields.product, text, &batch)
        if named.isUnsubscribed { return .unsubscribed }
        guard let price = fields.price?.positive(in: text), let size = fields.size?.positive(in: text),
            let time = fields.time?.rfc3339(in: text), let maker = fields.side(text),
            let id = JSONValue.tradeID(fields.id, in: text), let instrument = named.index
        else { return .lost }
        batch.append(
            Trade(
                instrument: instrument,
                side: maker.opposite,
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
    /// Turns round the trades from a place on, all of which are the batch's last events.
    ///
    /// In place: to reverse a slice of an array copies it.
    @inline(__always)
    mutating func reverseTrades(from first: Int) {
        var (low, high) = (first, trades.count - 1)
        while low < high {
            let trade = trades[low]
            trades[low] = trades[high]
            trades[high] = trade
            low += 1
            high -= 1
        }
    }
}
