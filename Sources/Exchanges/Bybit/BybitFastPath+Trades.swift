import MarketModel

/// Trade messages as the venue writes them:
///
///     {"topic":"publicTrade.SOLUSDT","type":"snapshot","ts":…,"data":[{"T":…,"s":"SOLUSDT","S":"Sell",
///     "v":"5.1","p":"77.300","L":"MinusTick","i":"…","BT":false,"RPI":false,"seq":…},…]}
///
/// Spot has no `L`; `RPI` and `seq` are younger than the rest.
extension BybitDecoder {
    mutating func decodeTradesFast(
        _ cursor: inout FastCursor,
        _ frame: RawSpan,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) -> Bool {
        guard let name = cursor.name(), let symbol = symbol(of: name, batch),
            let head = BybitDecoder.head(&cursor), cursor.take(#","data":[{"T":"#)
        else { return false }
        let mark = batch.mark()
        var isRead = true
        repeat {
            guard let trade = BybitDecoder.trade(&cursor, frame, symbol, receiveTime) else {
                isRead = false
                break
            }
            batch.append(trade)
        } while cursor.take(#",{"T":"#)
        guard isRead, cursor.take("]}"), cursor.left == 0 else {
            batch.rewind(to: mark)
            return false
        }
        batch.frameTime = head.time
        return true
    }

    @inline(__always)
    private static func trade(
        _ cursor: inout FastCursor,
        _ frame: RawSpan,
        _ symbol: BybitSymbol,
        _ receiveTime: Int64
    ) -> Trade? {
        guard let time = cursor.milliseconds(), cursor.take(#","s":""#),
            let name = cursor.name(), name == symbol.name, cursor.take(#","S":""#),
            let side = side(&cursor), cursor.take(#","v":""#),
            let size = cursor.decimal(0x22), cursor.take(#","p":""#), let price = cursor.decimal(0x22),
            price.mantissa > 0, size.mantissa > 0
        else { return nil }
        if cursor.take(#","L":""#), !cursor.skipPlain() { return nil }
        guard cursor.take(#","i":""#), let id = cursor.tradeID(frame), skipFlags(&cursor) else { return nil }
        return Trade(
            instrument: symbol.instrument,
            side: side,
            price: price,
            size: size,
            id: id,
            exchangeTime: time,
            receiveTime: receiveTime
        )
    }

    @inline(__always)
    static func side(_ cursor: inout FastCursor) -> Side? {
        if cursor.take(#"Buy""#) { return .buy }
        return cursor.take(#"Sell""#) ? .sell : nil
    }

    /// `,"BT":false,"RPI":false,"seq":…}` of which any may be missing.
    @inline(__always)
    private static func skipFlags(_ cursor: inout FastCursor) -> Bool {
        if cursor.take(#","BT":"#), cursor.bool() == nil { return false }
        if cursor.take(#","RPI":"#), cursor.bool() == nil { return false }
        if cursor.take(#","seq":"#), cursor.whole() == nil { return false }
        return cursor.take(0x7d)
    }

    // MARK: - Symbols

    /// The instrument a topic's last part names; nil if it was never seen.
    @inline(__always)
    mutating func symbol(of name: FastName, _ batch: borrowing EventBatch) -> BybitSymbol? {
        symbols[name] ?? learnSymbol(name, batch)
    }

    @inline(never)
    private mutating func learnSymbol(_ name: FastName, _ batch: borrowing EventBatch) -> BybitSymbol? {
        guard name.isPlain, let instrument = batch.find(name, venue: venue, within: subscribed)
        else { return nil }
        let symbol = BybitSymbol(name: name, instrument: instrument)
        symbols.remember(name, symbol)
        return symbol
    }
}

/// A symbol and its instrument.
struct BybitSymbol: Sendable {
    var name: FastName
    var instrument: InstrumentIndex
}
