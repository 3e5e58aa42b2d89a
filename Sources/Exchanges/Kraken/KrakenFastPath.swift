import MarketModel

/// Messages of one book, or of trades, as the venue writes them, without white space and with keys in
/// its order:
///
///     {"channel":"book","type":"update","data":[{"symbol":"BTC/USD","bids":[{"price":29430.2,
///     "qty":0.18967538},…],"asks":[…],"checksum":3547452596,"timestamp":"…"}]}
///
/// Snapshots of 2023 have no timestamp.
extension KrakenDecoder {
    @inline(__always)
    mutating func decodeFast(
        _ frame: RawSpan,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) -> Bool {
        frame.withUnsafeBytes { bytes in
            var cursor = FastCursor(bytes)
            guard cursor.take(#"{"channel":""#) else { return false }
            let isBook = cursor.take(#"book","type":""#)
            guard isBook || cursor.take(#"trade","type":""#) else { return false }
            let isUpdate = cursor.take(#"update","data":["#)
            guard isUpdate || cursor.take(#"snapshot","data":["#) else { return false }
            return isBook
                ? decodeBookFast(&cursor, !isUpdate, receiveTime, &batch)
                : decodeTradesFast(&cursor, bytes.bytes, !isUpdate, receiveTime, &batch)
        }
    }

    // MARK: - Books

    private mutating func decodeBookFast(
        _ cursor: inout FastCursor,
        _ isSnapshot: Bool,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) -> Bool {
        guard cursor.take(#"{"symbol":""#), let name = cursor.name(),
            let instrument = symbol(name, batch), cursor.take(#","bids":["#)
        else { return false }
        let mark = batch.mark()
        let firstLevel = batch.levels.count
        var counts: (bids: Int, asks: Int)?
        // A level takes at least twenty bytes.
        batch.levels.append(addingCapacity: cursor.left / 20 + 1) { levels in
            counts = KrakenDecoder.takeSides(&cursor, &levels)
        }
        guard let counts, let tail = tail(&cursor) else {
            batch.rewind(to: mark)
            return false
        }
        batch.frameTime = tail.time
        let longer = max(counts.bids, counts.asks)
        batch.append(
            BookUpdate(
                instrument: instrument,
                isSnapshot: isSnapshot,
                depth: depth(of: instrument, isSnapshot: isSnapshot, count: longer, in: batch),
                firstLevel: firstLevel,
                bidCount: counts.bids,
                askCount: counts.asks,
                checksum: tail.checksum,
                exchangeTime: tail.time,
                receiveTime: receiveTime
            )
        )
        return true
    }

    private struct Tail {
        var checksum: UInt32
        var time: Int64?
    }

    /// `,"checksum":…,"timestamp":"…"}]}` or without the timestamp, to the end of the frame.
    @inline(__always)
    private mutating func tail(_ cursor: inout FastCursor) -> Tail? {
        guard cursor.take(#","checksum":"#), let number = cursor.whole(),
            let checksum = UInt32(exactly: number)
        else { return nil }
        var tail = Tail(checksum: checksum)
        if cursor.take(#","timestamp":""#) {
            guard let time = time.read(&cursor) else { return nil }
            tail.time = time
        }
        return cursor.take("}]}") && cursor.left == 0 ? tail : nil
    }

    @inline(__always)
    private static func takeSides(
        _ cursor: inout FastCursor,
        _ levels: inout OutputSpan<PriceLevel>
    ) -> (bids: Int, asks: Int)? {
        guard takeLevels(&cursor, &levels) else { return nil }
        let bids = levels.count
        guard cursor.take(#","asks":["#), takeLevels(&cursor, &levels) else { return nil }
        return (bids, levels.count - bids)
    }

    /// Levels up to and with the closing bracket.
    @inline(__always)
    private static func takeLevels(_ cursor: inout FastCursor, _ levels: inout OutputSpan<PriceLevel>) -> Bool
    {
        if cursor.take(0x5d) { return true }
        while true {
            guard cursor.take(#"{"price":"#), let price = cursor.bareDecimal(0x2c),
                cursor.take(#""qty":"#), let size = cursor.bareDecimal(0x7d), cursor.left > 0,
                price.mantissa > 0
            else { return false }
            levels.append(PriceLevel(price: price, size: size))
            let next = cursor.byte(cursor.offset)
            cursor.offset &+= 1
            if next == 0x2c { continue }
            return next == 0x5d
        }
    }

    // MARK: - Trades

    private mutating func decodeTradesFast(
        _ cursor: inout FastCursor,
        _ frame: RawSpan,
        _ isSnapshot: Bool,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) -> Bool {
        let mark = batch.mark()
        var greatest = Int64.min
        var isRead = true
        repeat {
            guard let trade = trade(&cursor, frame, isSnapshot, receiveTime, batch) else {
                isRead = false
                break
            }
            greatest = max(greatest, trade.exchangeTime)
            batch.append(trade)
        } while cursor.take(0x2c)
        guard isRead, cursor.take("]}"), cursor.left == 0 else {
            batch.rewind(to: mark)
            return false
        }
        batch.frameTime = greatest
        return true
    }

    @inline(__always)
    private mutating func trade(
        _ cursor: inout FastCursor,
        _ frame: RawSpan,
        _ isSnapshot: Bool,
        _ receiveTime: Int64,
        _ batch: borrowing EventBatch
    ) -> Trade? {
        guard cursor.take(#"{"symbol":""#), let name = cursor.name(), let instrument = symbol(name, batch),
            cursor.take(#","side":""#)
        else { return nil }
        let buys = cursor.take(#"buy","price":"#)
        guard buys || cursor.take(#"sell","price":"#), let price = cursor.bareDecimal(0x2c),
            cursor.take(#""qty":"#), let size = cursor.bareDecimal(0x2c), price.mantissa > 0,
            size.mantissa > 0,
            cursor.take(#""ord_type":""#), cursor.skipPlain(), cursor.take(#","trade_id":"#)
        else { return nil }
        let idStart = cursor.offset
        guard cursor.whole() != nil, let id = TradeID(frame.extracting(idStart..<cursor.offset)),
            cursor.take(#","timestamp":""#), let time = time.read(&cursor), cursor.take(0x7d)
        else { return nil }
        return Trade(
            instrument: instrument,
            side: buys ? .buy : .sell,
            price: price,
            size: size,
            id: id,
            exchangeTime: time,
            receiveTime: receiveTime,
            isSnapshot: isSnapshot
        )
    }

    /// The instrument of a symbol; nil if it was never seen.
    @inline(__always)
    private mutating func symbol(_ name: FastName, _ batch: borrowing EventBatch) -> InstrumentIndex? {
        symbols[name] ?? learn(name, batch)
    }

    @inline(never)
    private mutating func learn(_ name: FastName, _ batch: borrowing EventBatch) -> InstrumentIndex? {
        guard name.isPlain, let instrument = batch.find(name, venue: venue, within: subscribed)
        else { return nil }
        symbols.remember(name, instrument)
        return instrument
    }
}
