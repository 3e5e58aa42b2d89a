import MarketModel

/// Messages as the venue writes them, without white space and with keys in its order:
///
///     {"channel":"l2_data","timestamp":"…","sequence_num":14,"events":[{"type":"update",
///     "product_id":"BTC-USD","updates":[{"side":"bid","event_time":"…","price_level":"65062.5",
///     "new_quantity":"0.00583"},…]}]}
///
/// A message that breaks the sequence is left to the tolerant reading.
extension CoinbaseDecoder {
    @inline(__always)
    mutating func decodeFast(
        _ frame: RawSpan,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) -> Bool {
        frame.withUnsafeBytes { bytes in
            var cursor = FastCursor(bytes)
            guard cursor.take(#"{"channel":""#) else { return false }
            let isBook = cursor.take(#"l2_data""#)
            guard isBook || cursor.take(#"market_trades""#), let head = head(&cursor) else { return false }
            let isDecoded =
                isBook
                ? decodeBookFast(&cursor, head, receiveTime, &batch)
                : decodeTradesFast(&cursor, head, bytes.bytes, receiveTime, &batch)
            return isDecoded
        }
    }

    struct Head {
        var time: Int64
        var number: Int64
        var isSnapshot: Bool
    }

    /// From the timestamp to the event's type; `client_id` is in older captures.
    @inline(__always)
    private mutating func head(_ cursor: inout FastCursor) -> Head? {
        if cursor.take(#","client_id":""#), !cursor.skipPlain() { return nil }
        guard cursor.take(#","timestamp":""#), let time = time.read(&cursor),
            cursor.take(#","sequence_num":"#), let number = cursor.whole(), follows(number),
            cursor.take(#","events":[{"type":""#)
        else { return nil }
        return CoinbaseDecoder.isSnapshot(&cursor).map { Head(time: time, number: number, isSnapshot: $0) }
    }

    /// An event's type and the comma behind it.
    @inline(__always)
    private static func isSnapshot(_ cursor: inout FastCursor) -> Bool? {
        if cursor.take(#"update","#) { return false }
        return cursor.take(#"snapshot","#) ? true : nil
    }

    // MARK: - Books

    private mutating func decodeBookFast(
        _ cursor: inout FastCursor,
        _ head: Head,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) -> Bool {
        let mark = batch.mark()
        var kind: Bool? = head.isSnapshot
        while let isSnapshot = kind, event(&cursor, isSnapshot, head.time, receiveTime, &batch) {
            if cursor.take("]}"), cursor.left == 0 {
                batch.frameTime = head.time
                count(head.number)
                return true
            }
            kind = cursor.take(#",{"type":""#) ? CoinbaseDecoder.isSnapshot(&cursor) : nil
        }
        batch.rewind(to: mark)
        return false
    }

    /// One event of a book message, from the product to the closing brace.
    @inline(__always)
    private mutating func event(
        _ cursor: inout FastCursor,
        _ isSnapshot: Bool,
        _ time: Int64,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) -> Bool {
        guard cursor.take(#""product_id":""#), let name = cursor.name(),
            let instrument = product(name, batch), cursor.take(#","updates":["#)
        else { return false }
        let firstLevel = batch.levels.count
        asks.removeAll(keepingCapacity: true)
        var isRead = false
        // A level takes at least eighty bytes.
        let room = cursor.left / 80 + 1
        batch.levels.append(addingCapacity: room) { bids in
            asks.append(addingCapacity: room) { asks in
                isRead = CoinbaseDecoder.takeLevels(&cursor, &bids, &asks)
            }
        }
        guard isRead, cursor.take(0x7d) else { return false }
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
                exchangeTime: time,
                receiveTime: receiveTime
            )
        )
        return true
    }

    /// Levels up to and with the closing bracket.
    @inline(__always)
    private static func takeLevels(
        _ cursor: inout FastCursor,
        _ bids: inout OutputSpan<PriceLevel>,
        _ asks: inout OutputSpan<PriceLevel>
    ) -> Bool {
        if cursor.take(0x5d) { return true }
        var times = RepeatedText()
        while true {
            guard cursor.take(#"{"side":""#) else { return false }
            let isBid = cursor.take(#"bid","event_time":""#)
            guard isBid || cursor.take(#"offer","event_time":""#), times.skip(&cursor),
                cursor.take(#","price_level":""#), let price = cursor.decimal(0x22),
                cursor.take(#","new_quantity":""#), let size = cursor.decimal(0x22), price.mantissa > 0,
                cursor.take(0x7d), cursor.left > 0
            else { return false }
            let level = PriceLevel(price: price, size: size)
            if isBid { bids.append(level) } else { asks.append(level) }
            let next = cursor.byte(cursor.offset)
            cursor.offset &+= 1
            if next == 0x2c { continue }
            return next == 0x5d
        }
    }

    // MARK: - Trades

    private mutating func decodeTradesFast(
        _ cursor: inout FastCursor,
        _ head: Head,
        _ frame: RawSpan,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) -> Bool {
        let mark = batch.mark()
        var kind: Bool? = head.isSnapshot
        while let isSnapshot = kind, event(&cursor, frame, isSnapshot, receiveTime, &batch) {
            if cursor.take("]}"), cursor.left == 0 {
                batch.frameTime = head.time
                count(head.number)
                return true
            }
            kind = cursor.take(#",{"type":""#) ? CoinbaseDecoder.isSnapshot(&cursor) : nil
        }
        batch.rewind(to: mark)
        return false
    }

    /// One event of a trade message, from its list to the closing brace; the newest trade stands first there.
    @inline(__always)
    private mutating func event(
        _ cursor: inout FastCursor,
        _ frame: RawSpan,
        _ isSnapshot: Bool,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) -> Bool {
        guard cursor.take(#""trades":["#) else { return false }
        let first = batch.trades.count
        repeat {
            guard let trade = trade(&cursor, frame, isSnapshot, receiveTime, batch) else { return false }
            batch.append(trade)
        } while cursor.take(0x2c)
        batch.reverseTrades(from: first)
        return cursor.take("]}")
    }

    @inline(__always)
    private mutating func trade(
        _ cursor: inout FastCursor,
        _ frame: RawSpan,
        _ isSnapshot: Bool,
        _ receiveTime: Int64,
        _ batch: borrowing EventBatch
    ) -> Trade? {
        guard cursor.take(#"{"product_id":""#), let name = cursor.name(),
            let instrument = product(name, batch), cursor.take(#","trade_id":""#),
            let id = cursor.tradeID(frame), cursor.take(#","price":""#),
            let price = cursor.decimal(0x22), cursor.take(#","size":""#),
            let size = cursor.decimal(0x22), price.mantissa > 0, size.mantissa > 0,
            cursor.take(#","time":""#),
            let time = time.read(&cursor), cursor.take(#","side":""#)
        else { return nil }
        let makerBuys = cursor.take(#"BUY"}"#)
        guard makerBuys || cursor.take(#"SELL"}"#) else { return nil }
        return Trade(
            instrument: instrument,
            side: makerBuys ? .sell : .buy,
            price: price,
            size: size,
            id: id,
            exchangeTime: time,
            receiveTime: receiveTime,
            isSnapshot: isSnapshot
        )
    }

    /// The instrument of a product; nil if it was never seen.
    @inline(__always)
    private mutating func product(_ name: FastName, _ batch: borrowing EventBatch) -> InstrumentIndex? {
        products[name] ?? learn(name, batch)
    }

    @inline(never)
    private mutating func learn(_ name: FastName, _ batch: borrowing EventBatch) -> InstrumentIndex? {
        guard name.isPlain, let instrument = batch.find(name, venue: venue, within: subscribed)
        else { return nil }
        products.remember(name, instrument)
        return instrument
    }
}

/// Texts that are mostly the one before again, like the times of a message's levels.
private struct RepeatedText {
    private var start = 0
    private var length = 0

    /// Moves over a plain string and its quote; false if it is not one.
    @inline(__always)
    mutating func skip(_ cursor: inout FastCursor) -> Bool {
        let offset = cursor.offset
        // Twenty-seven bytes with the quote for microseconds: four overlapping words.
        if length == 28, cursor.left >= 28 {
            let difference =
                (cursor.word(offset) ^ cursor.word(start))
                | (cursor.word(offset &+ 8) ^ cursor.word(start &+ 8))
                | (cursor.word(offset &+ 16) ^ cursor.word(start &+ 16))
                | (cursor.word(offset &+ 20) ^ cursor.word(start &+ 20))
            if difference == 0 {
                cursor.offset = offset &+ 28
                return true
            }
        }
        guard cursor.skipPlain() else { return false }
        start = offset
        length = cursor.offset &- offset
        return true
    }
}
