import MarketModel

/// The messages that come often, each read in the venue's usual order behind its kind.
extension BinanceDecoder: SidesDecoder {
    // MARK: - Books

    /// Reads changes of a book, or its best levels.
    ///
    /// `{"e":"depthUpdate","E":…,"T":…,"s":"BTCUSDT","ps":"BTCUSDT","U":…,"u":…,"pu":…,"b":[["p","s"],…],"a":[…],
    /// "st":1}`; spot has no `T` and `pu`, `ps` and `st` are not everywhere.
    @inline(never)
    mutating func readBook<Reader>(
        _ message: inout BinanceMessage<Reader>,
        _ stream: BinanceStream,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        let mark = batch.mark()
        let isSpot = market == .spot
        let sent = message.reader.unixTime(#","E":"#)
        let matched = message.reader.unixTimeIfPresent(#","T":"#)
        let named = message.reader.instrument(#","s":""#, &names, &batch.instruments)
        if named.isUnsubscribed { return batch.countUnsubscribedFrame() }
        message.reader.skipIfPresent(#","ps":""#)
        let (first, last) = (message.reader.number(#","U":"#), message.reader.number(#","u":"#))
        let previous = isSpot ? first.map { $0 - 1 } : message.reader.number(#","pu":"#)
        let firstLevel = batch.levels.count
        var counts: (bids: Int, asks: Int)?
        // A level takes at least ten bytes: ["1","1"],
        batch.levels.append(addingCapacity: message.reader.bytesLeft / 10 + 1) { levels in
            counts = Self.readSides(&message.reader, bids: #","b":["#, asks: #","a":["#, .array, &levels)
        }
        message.reader.skipIfPresent(#","st":"#)
        message.end()
        let time = BinanceDecoder.time(of: matched, or: sent)
        batch.frameTime = time?.value
        let depth = stream.depth ?? 0
        guard let instrument = named.index, let first, let last, let previous, let counts, let time else {
            batch.appendBookFault(named.index, depth: depth, since: mark, at: message.receiveTime)
            return .error
        }
        var update = BookUpdate(
            instrument: instrument,
            isSnapshot: depth > 0,
            depth: depth,
            firstLevel: firstLevel,
            bidCount: counts.bids,
            askCount: counts.asks,
            updateID: last,
            exchangeTime: time.value,
            receiveTime: message.receiveTime
        )
        if depth == 0 { update.link = BookLink(first: first, previous: previous) }
        batch.append(update)
        return .decoded
    }

    @inline(__always)
    static func readLevel(
        _ reader: inout some MemberReader,
        into levels: inout OutputSpan<PriceLevel>
    ) -> Bool {
        reader.appendPairs(to: &levels, .pair)
    }

    /// When it happened, else when it was sent; nil if the one that holds is malformed.
    @inline(__always)
    static func time(of event: MemberValue<Int64>, or sent: MemberValue<Int64>) -> MemberValue<Int64>? {
        switch event {
        case .value: event
        case .malformed: nil
        case .absent: sent.isMalformed ? nil : .some(sent)
        }
    }

    // MARK: - Trades

    /// Reads a trade.
    ///
    /// Futures: `{"e":"trade","E":…,"T":…,"s":"BTCUSDT","t":…,"p":"…","q":"…","X":"MARKET","m":true,"st":1}`; spot:
    /// `{"e":"trade","E":…,"s":"BTCUSDT","t":…,"p":"…","q":"…","b":…,"a":…,"T":…,"m":true,"M":true}`, the ids of orders
    /// in older ones alone.
    @inline(never)
    mutating func readTrade<Reader>(
        _ message: inout BinanceMessage<Reader>,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        _ = message.reader.unixTime(#","E":"#)
        let isTimeFirst = message.reader.isNext(#","T":"#)
        var time = isTimeFirst ? message.reader.unixTime(#","T":"#) : .absent
        let named = message.reader.instrument(#","s":""#, &names, &batch.instruments)
        if named.isUnsubscribed { return batch.countUnsubscribedFrame() }
        let id = message.reader.tradeID(#","t":"#)
        let price = message.reader.magnitude(#","p":""#)
        let size = message.reader.magnitude(#","q":""#)
        message.reader.skipIfPresent(#","b":"#)
        message.reader.skipIfPresent(#","a":"#)
        if !isTimeFirst { time = message.reader.unixTime(#","T":"#) }
        let isOfMarket = message.reader.isWord(#","X":""#, #"MARKET""#)
        let buyerMakes = message.reader.flag(#","m":"#)
        message.reader.skipIfPresent(#","M":"#)
        message.reader.skipIfPresent(#","st":"#)
        message.end()
        batch.frameTime = time.value
        guard let instrument = named.index, let id, let price, let size, let time = time.value,
            let buyerMakes,
            !isOfMarket.isMalformed
        else { return batch.countUnreadableFrame() }
        // One with an insurance fund may have neither price nor size.
        let isExcluded = isOfMarket.value == false
        guard isExcluded || price.mantissa > 0 && size.mantissa > 0 else {
            return batch.countUnreadableFrame()
        }
        batch.append(
            Trade(
                instrument: instrument,
                side: buyerMakes ? .sell : .buy,
                price: price,
                size: size,
                id: id,
                exchangeTime: time,
                receiveTime: message.receiveTime,
                isExcluded: isExcluded
            )
        )
        return .decoded
    }

    /// Reads the sum of an order's fills at one price.
    ///
    /// `{"e":"aggTrade","E":…,"a":…,"s":"BTCUSDT","p":"…","q":"…","nq":"…","f":…,"l":…,"T":…,"m":true,"st":1}`; on spot
    /// the symbol comes before the id, and `M` ends it.
    @inline(never)
    mutating func readAggregate<Reader>(
        _ message: inout BinanceMessage<Reader>,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        _ = message.reader.unixTime(#","E":"#)
        let isIDFirst = message.reader.isNext(#","a":"#)
        var id = isIDFirst ? message.reader.tradeID(#","a":"#) : nil
        let named = message.reader.instrument(#","s":""#, &names, &batch.instruments)
        if named.isUnsubscribed { return batch.countUnsubscribedFrame() }
        if !isIDFirst { id = message.reader.tradeID(#","a":"#) }
        let price = message.reader.positive(#","p":""#)
        let size = message.reader.positive(#","q":""#)
        message.reader.skipIfPresent(#","nq":""#)
        message.reader.skip(#","f":"#)
        message.reader.skip(#","l":"#)
        let time = message.reader.unixTime(#","T":"#)
        let buyerMakes = message.reader.flag(#","m":"#)
        message.reader.skipIfPresent(#","M":"#)
        message.reader.skipIfPresent(#","st":"#)
        message.end()
        batch.frameTime = time.value
        guard let instrument = named.index, let id, let price, let size, let time = time.value, let buyerMakes
        else { return batch.countUnreadableFrame() }
        batch.append(
            Trade(
                instrument: instrument,
                side: buyerMakes ? .sell : .buy,
                price: price,
                size: size,
                id: id,
                exchangeTime: time,
                receiveTime: message.receiveTime,
                isAggregate: true
            )
        )
        return .decoded
    }

    // MARK: - Tickers

    /// Reads the best bid and ask.
    ///
    /// Futures: `{"e":"bookTicker","u":…,"s":"BTCUSDT","ps":"BTCUSDT","b":"…","B":"…","a":"…","A":"…","T":…,"E":…,
    /// "st":1}`, on COIN-M `u` before `e`; spot: `{"u":…,"s":"BTCUSDT","b":"…","B":"…","a":"…","A":"…"}`.
    @inline(never)
    mutating func readTicker<Reader>(
        _ message: inout BinanceMessage<Reader>,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        let number: Int64?
        if message.reader.isNext(#"{"u":"#) {
            number = message.reader.number(#"{"u":"#)
            if message.reader.isWord(#","e":""#, #"bookTicker""#).value == false { message.reader.giveUp() }
        } else {
            number = message.reader.number(#","u":"#)
        }
        let named = message.reader.instrument(#","s":""#, &names, &batch.instruments)
        if named.isUnsubscribed { return batch.countUnsubscribedFrame() }
        message.reader.skipIfPresent(#","ps":""#)
        let bid = (message.reader.magnitude(#","b":""#), message.reader.magnitude(#","B":""#))
        let ask = (message.reader.magnitude(#","a":""#), message.reader.magnitude(#","A":""#))
        let matched = message.reader.unixTimeIfPresent(#","T":"#)
        let sent = message.reader.unixTimeIfPresent(#","E":"#)
        message.reader.skipIfPresent(#","st":"#)
        message.end()
        batch.frameTime = BinanceDecoder.time(of: matched, or: sent)?.value
        guard let instrument = named.index, let number, let bidPrice = bid.0, let bidSize = bid.1,
            let askPrice = ask.0, let askSize = ask.1
        else { return batch.countUnreadableFrame() }
        batch.tops.append(
            BookTop(
                instrument: instrument,
                number: number,
                bid: PriceLevel(price: bidPrice, size: bidSize),
                ask: PriceLevel(price: askPrice, size: askSize)
            )
        )
        return .decoded
    }
}
