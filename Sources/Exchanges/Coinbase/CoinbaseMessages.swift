import MarketModel

/// The messages, each read in the venue's usual order.
extension CoinbaseDecoder {
    // MARK: - Books

    /// Reads a message of books.
    ///
    /// `{"channel":"l2_data","timestamp":"…","sequence_num":14,"events":[{"type":"update","product_id":"BTC-USD",
    /// "updates":[{"side":"bid","event_time":"…","price_level":"65062.5","new_quantity":"0.00583"},…]}]}`
    @inline(never)
    mutating func readBooks<Reader>(
        _ message: inout CoinbaseMessage<Reader>,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        guard var events = message.reader.elements(of: #","events":["#, .array) else {
            batch.appendBookFault(nil, depth: nil, since: batch.mark(), at: message.receiveTime)
            return .error
        }
        var count = EntryCount()
        while message.reader.next(&events) { count.add(readBook(&message, &batch)) }
        message.reader.end("}")
        batch.unsubscribedCount += count.unsubscribed
        return count.outcome
    }

    @inline(__always)
    private mutating func readBook<Reader>(
        _ message: inout CoinbaseMessage<Reader>,
        _ batch: inout EventBatch
    ) -> EntryCount.Entry {
        let (mark, firstLevel) = (batch.mark(), batch.levels.count)
        let isSnapshot = message.readType()
        let named = message.reader.instrument(#","product_id":""#, &names, &batch.instruments)
        if named.isUnsubscribed { return .unsubscribed }
        let areRead = readLevels(&message.reader, isSnapshot == true ? .array : .arrayOrNothing, &batch)
        message.reader.end("}")
        guard let instrument = named.index, let isSnapshot, areRead, !message.time.isMalformed else {
            batch.appendBookFault(named.index, depth: nil, since: mark, at: message.receiveTime)
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
                exchangeTime: message.time.value,
                receiveTime: message.receiveTime
            )
        )
        return .read
    }

    /// Reads bids into the batch, asks into ``asks``.
    @inline(__always)
    private mutating func readLevels<Reader: MemberReader>(
        _ reader: inout Reader,
        _ form: ListForm,
        _ batch: inout EventBatch
    ) -> Bool {
        asks.removeAll()
        guard let updates = reader.elements(of: #","updates":["#, form) else { return false }
        var areRead = false
        // A level takes at least forty-eight bytes without its time.
        let room = reader.bytesLeft / 48 + 1
        batch.levels.append(addingCapacity: room) { bids in
            asks.append(addingCapacity: room) { asks in
                areRead = CoinbaseDecoder.readLevels(&reader, updates, &bids, &asks)
            }
        }
        return areRead
    }

    @inline(__always)
    private static func readLevels<Reader: MemberReader>(
        _ reader: inout Reader,
        _ updates: Reader.Elements,
        _ bids: inout OutputSpan<PriceLevel>,
        _ asks: inout OutputSpan<PriceLevel>
    ) -> Bool {
        var updates = updates
        while reader.next(&updates) {
            let isBid = reader.choice(#"{"side":""#, #"bid""#, #"offer""#)
            reader.skipRepeated(#","event_time":""#)
            guard let isBid, let price = reader.positive(#","price_level":""#),
                let size = reader.magnitude(#","new_quantity":""#)
            else {
                reader.abandon(updates)
                return false
            }
            reader.end("}")
            let level = PriceLevel(price: price, size: size)
            if isBid { bids.append(level) } else { asks.append(level) }
        }
        return true
    }

    // MARK: - Trades

    /// Reads a message of trades.
    ///
    /// `{"channel":"market_trades","timestamp":"…","sequence_num":15,"events":[{"type":"update","trades":[
    /// {"product_id":"BTC-USD","trade_id":"7","price":"65062.5","size":"0.01","time":"…","side":"BUY"},…]}]}`
    @inline(never)
    mutating func readTrades<Reader>(
        _ message: inout CoinbaseMessage<Reader>,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        guard var events = message.reader.elements(of: #","events":["#, .array) else {
            return batch.countUnreadableFrame()
        }
        var count = EntryCount()
        while message.reader.next(&events) { readTrades(&message, &count, &batch) }
        message.reader.end("}")
        batch.add(count)
        return count.outcome
    }

    @inline(__always)
    private mutating func readTrades<Reader>(
        _ message: inout CoinbaseMessage<Reader>,
        _ count: inout EntryCount,
        _ batch: inout EventBatch
    ) {
        guard let isSnapshot = message.readType(),
            var trades = message.reader.elements(of: #","trades":["#, .array)
        else {
            count.add(.lost)
            return
        }
        let first = batch.trades.count
        // A trade takes at least eighty bytes.
        batch.trades.append(addingCapacity: message.reader.bytesLeft / 80 + 1) { read in
            while message.reader.next(&trades) {
                count.add(readTrade(&message, isSnapshot: isSnapshot, &batch.instruments, &read))
            }
        }
        // The venue lists the newest first.
        var index = batch.trades.count
        while index > first {
            index -= 1
            batch.order.append(EventReference(.trade, index))
        }
        message.reader.end("}")
    }

    @inline(__always)
    private mutating func readTrade<Reader>(
        _ message: inout CoinbaseMessage<Reader>,
        isSnapshot: Bool,
        _ instruments: inout InstrumentTable,
        _ trades: inout OutputSpan<Trade>
    ) -> EntryCount.Entry {
        let named = message.reader.instrument(#"{"product_id":""#, &names, &instruments)
        if named.isUnsubscribed { return .unsubscribed }
        guard let instrument = named.index, let id = message.reader.tradeID(#","trade_id":""#),
            let price = message.reader.positive(#","price":""#),
            let size = message.reader.positive(#","size":""#),
            let time = message.reader.time(#","time":""#, &clock).value,
            let makerBuys = message.reader.choice(#","side":""#, #"BUY""#, #"SELL""#)
        else { return .lost }
        message.reader.end("}")
        trades.append(
            Trade(
                instrument: instrument,
                side: makerBuys ? .sell : .buy,
                price: price,
                size: size,
                id: id,
                exchangeTime: time,
                receiveTime: message.receiveTime,
                isSnapshot: isSnapshot
            )
        )
        return .read
    }
}
