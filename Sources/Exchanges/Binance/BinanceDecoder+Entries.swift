import MarketModel

/// What comes alone or in lists, seldom enough to be read by names alone: mark prices and forced orders.
extension BinanceDecoder {
    /// Reads a message or an entry of a list.
    mutating func readEntry(
        _ entry: JSONValue,
        _ text: RawSpan,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) -> EntryCount.Entry {
        guard let kind = entry.member("e", in: text) else { return .lost }
        return kind.isString("forceOrder", in: text)
            ? readForcedOrder(entry, text, receiveTime, &batch)
            : readMarkPrice(entry, text, receiveTime, &batch)
    }

    /// `{"e":"markPriceUpdate","E":…,"s":"BTCUSDT","p":"…","i":"…","P":"…","r":"0.0001","T":…,"st":1}`: `T` is the next
    /// settlement; contracts with a date have `"r":""`.
    private mutating func readMarkPrice(
        _ entry: JSONValue,
        _ text: RawSpan,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) -> EntryCount.Entry {
        guard isOfMarket(entry, text) else { return .unsubscribed }
        guard let symbol = entry.member("s", in: text) else { return .lost }
        let named = names.instrument(of: symbol, in: text, &batch.instruments)
        if named.isUnsubscribed { return .unsubscribed }
        guard let instrument = named.index, let time = entry.member("E", in: text)?.unixTime(in: text),
            let mark = entry.member("p", in: text)?.magnitude(in: text)
        else { return .lost }
        guard let rate = entry.member("r", in: text), !rate.isNothing(in: text) else {
            funding.note(mark: mark, of: instrument)
            return .read
        }
        guard let rate = rate.decimal(in: text), let next = next(entry.member("T", in: text), text) else {
            return .lost
        }
        funding.note(mark: mark, of: instrument)
        batch.append(
            FundingRate(
                instrument: instrument,
                rate: rate,
                nextFundingTime: next == 0 ? nil : next,
                intervalHours: funding.interval(of: symbol, in: text),
                exchangeTime: time,
                receiveTime: receiveTime
            )
        )
        return .read
    }

    /// The next settlement, 0 if there is none; nil if it cannot be read.
    private func next(_ value: JSONValue?, _ text: RawSpan) -> Int64? {
        guard let value, !value.isNothing(in: text) else { return 0 }
        return value.unixTime(in: text)
    }

    /// `{"e":"forceOrder","E":…,"o":{"s":"BTCUSDT","S":"SELL","o":"LIMIT","f":"IOC","q":"…","p":"…","ap":"…",
    /// "X":"FILLED","l":"…","z":"…","T":…,"ps":"BTCUSDT","st":1}}`: `z` was filled at `ap` in the mean.
    private func readForcedOrder(
        _ entry: JSONValue,
        _ text: RawSpan,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) -> EntryCount.Entry {
        guard let order = entry.member("o", in: text), let symbol = order.member("s", in: text) else {
            return .lost
        }
        guard isOfMarket(order, text) else { return .unsubscribed }
        let named = names.instrument(of: symbol, in: text, &batch.instruments)
        if named.isUnsubscribed { return .unsubscribed }
        guard let instrument = named.index, let side = order.member("S", in: text),
            side.isString("SELL", in: text) || side.isString("BUY", in: text),
            let size = order.member("z", in: text)?.positive(in: text),
            let price = order.member("ap", in: text)?.positive(in: text),
            let time = (order.member("T", in: text) ?? entry.member("E", in: text))?.unixTime(in: text)
        else { return .lost }
        batch.append(
            Liquidation(
                instrument: instrument,
                side: side.isString("SELL", in: text) ? .sell : .buy,
                price: price,
                size: size,
                exchangeTime: time,
                receiveTime: receiveTime
            )
        )
        return .read
    }

    /// Whether it is of the connection's market: lists of all symbols hold those of both kinds of futures.
    private func isOfMarket(_ entry: JSONValue, _ text: RawSpan) -> Bool {
        guard let family = entry.member("st", in: text)?.integer(in: text) else { return true }
        return family == (market == .inverse ? 2 : 1)
    }
}
