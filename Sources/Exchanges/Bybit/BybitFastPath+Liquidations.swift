import MarketModel

/// Liquidation messages as the venue writes them:
///
///     {"topic":"allLiquidation.SOLUSDT","type":"snapshot","ts":…,"data":[{"T":…,"s":"SOLUSDT","S":"Sell",
///     "v":"5.1","p":"77.300"},…]}
extension BybitDecoder {
    mutating func decodeLiquidationsFast(
        _ cursor: inout FastCursor,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) -> Bool {
        guard let name = cursor.name(), let symbol = symbol(of: name, batch),
            let head = BybitDecoder.head(&cursor), cursor.take(#","data":[{"T":"#)
        else { return false }
        let mark = batch.mark()
        var isRead = true
        repeat {
            guard let liquidation = BybitDecoder.liquidation(&cursor, symbol, receiveTime) else {
                isRead = false
                break
            }
            batch.append(liquidation)
        } while cursor.take(#",{"T":"#)
        guard isRead, cursor.take("]}"), cursor.left == 0 else {
            batch.rewind(to: mark)
            return false
        }
        batch.frameTime = head.time
        return true
    }

    @inline(__always)
    private static func liquidation(
        _ cursor: inout FastCursor,
        _ symbol: BybitSymbol,
        _ receiveTime: Int64
    ) -> Liquidation? {
        guard let time = cursor.milliseconds(), cursor.take(#","s":""#), let name = cursor.name(),
            name == symbol.name, cursor.take(#","S":""#), let position = side(&cursor),
            cursor.take(#","v":""#), let size = cursor.decimal(0x22), cursor.take(#","p":""#),
            let price = cursor.decimal(0x22), cursor.take(0x7d), price.mantissa > 0, size.mantissa > 0
        else { return nil }
        return Liquidation(
            instrument: symbol.instrument,
            // The venue names the position: a long, `Buy`, is closed by selling.
            side: position.opposite,
            price: price,
            size: size,
            exchangeTime: time,
            receiveTime: receiveTime
        )
    }
}
