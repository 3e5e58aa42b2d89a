import MarketModel

/// Tickers of linear and inverse markets as the venue writes them, all values of `data` being strings:
///
///     {"topic":"tickers.SOLUSDT","type":"delta","data":{"symbol":"SOLUSDT","ask1Price":"77.310",…},
///     "cs":…,"ts":…}
extension BybitDecoder {
    mutating func decodeTickerFast(
        _ cursor: inout FastCursor,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) -> Bool {
        guard market != .spot, let name = cursor.name(), let symbol = symbol(of: name, batch),
            cursor.take(#","type":""#), let isSnapshot = BybitDecoder.type(&cursor),
            cursor.take(#","data":{"symbol":""#), let own = cursor.name(), own == symbol.name
        else { return false }
        while tickers.count <= symbol.instrument.position { tickers.append(BybitTicker()) }
        var ticker = isSnapshot ? BybitTicker() : tickers[symbol.instrument.position]
        var presence = BybitTicker.Presence()
        while cursor.take(#",""#) {
            guard let key = cursor.name(), cursor.take(#":""#),
                ticker.takeFast(key, &cursor, &presence)
            else { return false }
        }
        guard cursor.take(#"},"cs":"#), cursor.whole() != nil, cursor.take(#","ts":"#),
            let time = cursor.milliseconds(), cursor.take(0x7d), cursor.left == 0
        else { return false }
        tickers[symbol.instrument.position] = ticker
        batch.frameTime = time
        emit(ticker, presence, symbol.instrument, time, receiveTime, &batch)
        return true
    }
}

extension BybitTicker {
    /// Takes a field whose value, a string, comes next; false if it is not of a known shape.
    @inline(__always)
    fileprivate mutating func takeFast(
        _ key: FastName,
        _ cursor: inout FastCursor,
        _ presence: inout Presence
    ) -> Bool {
        // What is merged is told by length first: most fields are of none of these.
        switch key.count {
        case 9 where key == BybitTicker.markPriceKey:
            return BybitTicker.value(&cursor) { markPrice = $0 }
        case 11 where key == BybitTicker.fundingRateKey:
            return BybitTicker.value(&cursor, signed: true) {
                rate = $0
                presence.funding = true
            }
        case 12 where key == BybitTicker.openInterestKey:
            return BybitTicker.value(&cursor) {
                openInterest = $0
                presence.interest = true
            }
        case 15 where key == BybitTicker.nextFundingTimeKey:
            var time: Int64?
            var isEmpty = true
            guard
                BybitTicker.value(
                    &cursor,
                    {
                        time = $0.mantissa(atScale: 6)
                        isEmpty = false
                    }
                )
            else { return false }
            if isEmpty { return true }
            guard let time else { return false }
            nextFundingTime = time
            presence.funding = true
            return true
        case 17 where key == BybitTicker.openInterestValueKey:
            return BybitTicker.value(&cursor) {
                openInterestValue = $0
                presence.interest = true
            }
        case 19 where key == BybitTicker.fundingIntervalHourKey:
            return BybitTicker.value(&cursor) {
                intervalHours = $0
                presence.funding = true
            }
        // Said twice, the last one holds, and it may be another.
        case 6 where key == BybitTicker.symbolKey: return false
        default: return key.isPlainFast && cursor.skipPlain()
        }
    }

    /// Reads a number up to its quote and hands it on; an empty text hands on nothing.
    @inline(__always)
    private static func value(
        _ cursor: inout FastCursor,
        signed: Bool = false,
        _ take: (FixedDecimal) -> Void
    ) -> Bool {
        if cursor.take(0x22) { return true }
        let negative = signed && cursor.take(0x2d)
        guard let magnitude = cursor.decimal(0x22) else { return false }
        take(
            negative ? FixedDecimal(mantissa: 0 &- magnitude.mantissa, scale: magnitude.scale) : magnitude
        )
        return true
    }

    private static let symbolKey = FastName("symbol")
    private static let markPriceKey = FastName("markPrice")
    private static let fundingRateKey = FastName("fundingRate")
    private static let openInterestKey = FastName("openInterest")
    private static let nextFundingTimeKey = FastName("nextFundingTime")
    private static let openInterestValueKey = FastName("openInterestValue")
    private static let fundingIntervalHourKey = FastName("fundingIntervalHour")
}
