import MarketModel

/// The messages, each read in the venue's usual order.
extension KrakenDecoder: SidesDecoder {
    // MARK: - Books

    /// Reads a message of books.
    ///
    /// `{"channel":"book","type":"update","data":[{"symbol":"BTC/USD","bids":[{"price":29430.2,"qty":0.18967538},…],
    /// "asks":[…],"checksum":3547452596,"timestamp":"…"}]}`; snapshots of 2023 have no timestamp.
    @inline(never)
    mutating func readBooks<Reader>(
        _ message: inout KrakenMessage<Reader>,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        let isSnapshot = message.readType()
        guard var books = message.reader.elements(of: #","data":["#, .array) else {
            batch.appendBookFault(nil, depth: nil, since: batch.mark(), at: message.receiveTime)
            return .error
        }
        let first = batch.books.count
        var count = EntryCount()
        while message.reader.next(&books) { count.add(readBook(&message, isSnapshot, &batch)) }
        message.reader.end("}")
        // A depth is kept only of a message that was read to its end.
        if message.reader.isComplete { setDepths(from: first, &batch) }
        batch.unsubscribedCount += count.unsubscribed
        return count.outcome
    }

    @inline(__always)
    private mutating func readBook<Reader>(
        _ message: inout KrakenMessage<Reader>,
        _ isSnapshot: Bool?,
        _ batch: inout EventBatch
    ) -> EntryCount.Entry {
        let (mark, firstLevel) = (batch.mark(), batch.levels.count)
        let named = message.reader.instrument(#"{"symbol":""#, &names, &batch.instruments)
        let form: ListForm = isSnapshot == true ? .array : .arrayOrNothing
        var counts: (bids: Int, asks: Int)?
        // A level takes at least twenty bytes.
        batch.levels.append(addingCapacity: message.reader.bytesLeft / 20 + 1) { levels in
            counts = Self.readSides(&message.reader, bids: #","bids":["#, asks: #","asks":["#, form, &levels)
        }
        let checksum = message.reader.numberIfPresent(#","checksum":"#)
        let time = message.reader.timeIfPresent(#","timestamp":""#, &clock)
        message.reader.end("}")
        batch.advanceFrameTime(to: time.value)
        if named.isUnsubscribed {
            batch.rewind(to: mark)
            return .unsubscribed
        }
        guard let instrument = named.index, let isSnapshot, let counts, !time.isMalformed,
            let value = KrakenDecoder.value(of: checksum)
        else {
            batch.appendBookFault(named.index, depth: nil, since: mark, at: message.receiveTime)
            return .lost
        }
        batch.append(
            BookUpdate(
                instrument: instrument,
                isSnapshot: isSnapshot,
                depth: 0,
                firstLevel: firstLevel,
                bidCount: counts.bids,
                askCount: counts.asks,
                checksum: value.checksum,
                exchangeTime: time.value,
                receiveTime: message.receiveTime
            )
        )
        return .read
    }

    /// Nil if there is a checksum that is no unsigned 32-bit number.
    @inline(__always)
    private static func value(of checksum: MemberValue<Int64>) -> (checksum: UInt32?, Void)? {
        switch checksum {
        case .absent: (nil, ())
        case .value(let number): UInt32(exactly: number).map { ($0, ()) }
        case .malformed: nil
        }
    }

    @inline(__always)
    static func readLevel(
        _ reader: inout some MemberReader,
        into levels: inout OutputSpan<PriceLevel>
    ) -> Bool {
        guard let price = reader.positive(#"{"price":"#), let size = reader.magnitude(#","qty":"#)
        else { return false }
        reader.end("}")
        levels.append(PriceLevel(price: price, size: size))
        return true
    }

    /// Sets the depths of a message's books, which follow from how they were asked for and from snapshots.
    @inline(__always)
    private mutating func setDepths(from first: Int, _ batch: inout EventBatch) {
        for index in first..<batch.books.count {
            let (instrument, isSnapshot) = (batch.books[index].instrument, batch.books[index].isSnapshot)
            let count = max(batch.books[index].bidCount, batch.books[index].askCount)
            if isSnapshot, !subscriptions.isEmpty { recordRequest(instrument, batch.instruments) }
            batch.books[index].depth = depths.depth(of: instrument, isSnapshot: isSnapshot, count: count)
        }
    }

    @inline(never)
    private mutating func recordRequest(
        _ instrument: InstrumentIndex,
        _ instruments: borrowing InstrumentTable
    ) {
        let symbol = Array(instruments[instrument].symbol.utf8)
        let asksWithoutDepth = subscriptions.asksWithoutDepth(bookOf: symbol)
        depths.recordRequest(instrument, asksWithoutDepth: asksWithoutDepth)
    }

    // MARK: - Trades

    /// Reads a message of trades.
    ///
    /// `{"channel":"trade","type":"update","data":[{"symbol":"BTC/USD","side":"buy","price":29430.2,"qty":0.02,
    /// "ord_type":"limit","trade_id":4665846,"timestamp":"…"},…]}`
    @inline(never)
    mutating func readTrades<Reader>(
        _ message: inout KrakenMessage<Reader>,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        guard let isSnapshot = message.readType(),
            var trades = message.reader.elements(of: #","data":["#, .array)
        else { return batch.countUnreadableFrame() }
        var count = EntryCount()
        while message.reader.next(&trades) { count.add(readTrade(&message, isSnapshot, &batch)) }
        message.reader.end("}")
        batch.add(count)
        return count.outcome
    }

    @inline(__always)
    private mutating func readTrade<Reader>(
        _ message: inout KrakenMessage<Reader>,
        _ isSnapshot: Bool,
        _ batch: inout EventBatch
    ) -> EntryCount.Entry {
        let named = message.reader.instrument(#"{"symbol":""#, &names, &batch.instruments)
        if named.isUnsubscribed { return .unsubscribed }
        guard let instrument = named.index,
            let buys = message.reader.choice(#","side":""#, #"buy""#, #"sell""#),
            let price = message.reader.positive(#","price":"#),
            let size = message.reader.positive(#","qty":"#)
        else { return .lost }
        message.reader.skip(#","ord_type":""#)
        guard let id = message.reader.tradeID(#","trade_id":"#),
            let time = message.reader.time(#","timestamp":""#, &clock).value
        else { return .lost }
        message.reader.end("}")
        batch.advanceFrameTime(to: time)
        batch.append(
            Trade(
                instrument: instrument,
                side: buys ? .buy : .sell,
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
