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
        var presence = BybitTicker.Presence()
        var ticker: BybitTicker?
        // Most deltas are of best prices alone: the state is copied once it changes.
        if isSnapshot { ticker = BybitTicker() }
        while cursor.take(#",""#) {
            guard let key = cursor.name(), cursor.take(#":""#) else { return false }
            if key.isOfTicker {
                var changed = ticker ?? tickers[symbol.instrument.position]
                guard changed.takeFast(key, &cursor, &presence) else { return false }
                ticker = changed
            } else if !key.isPlainFast || !cursor.skipPlain() {
                return false
            }
        }
        guard cursor.take(#"},"cs":"#), cursor.whole() != nil, cursor.take(#","ts":"#),
            let time = cursor.milliseconds(), cursor.take(0x7d), cursor.left == 0
        else { return false }
        batch.frameTime = time
        if let ticker {
            tickers[symbol.instrument.position] = ticker
            emit(ticker, presence, symbol.instrument, time, receiveTime, &batch)
        } else {
            batch.live([.fundingRates, .openInterest], symbol.instrument, at: receiveTime)
        }
        return true
    }
}

extension FastName {
    /// Whether it is the key of a field that is merged, or the symbol's; told by length first.
    @inline(__always)
    fileprivate var isOfTicker: Bool {
        switch count {
        case 6: isText("symbol")
        case 9: isText("markPrice")
        case 11: isText("fundingRate")
        case 12: isText("openInterest")
        case 15: isText("nextFundingTime")
        case 17: isText("openInterestValue")
        case 19: isText("fundingIntervalHour")
        default: false
        }
    }
}

extension BybitTicker {
    /// Takes a field that ``FastName/isOfTicker`` and whose value, a string, comes next; false if the value is not
    /// of a known shape.
    @inline(__always)
    fileprivate mutating func takeFast(
        _ key: FastName,
        _ cursor: inout FastCursor,
        _ presence: inout Presence
    ) -> Bool {
        switch key.count {
        case 9: return BybitTicker.value(&cursor) { markPrice = $0 }
        case 11:
            return BybitTicker.value(&cursor, signed: true) {
                rate = $0
                presence.funding = true
            }
        case 12:
            return BybitTicker.value(&cursor) {
                openInterest = $0
                presence.interest = true
            }
        case 15: return takeNextFundingTime(&cursor, &presence)
        case 17:
            return BybitTicker.value(&cursor) {
                openInterestValue = $0
                presence.interest = true
            }
        case 19:
            return BybitTicker.value(&cursor) {
                intervalHours = $0
                presence.funding = true
            }
        // The symbol: said twice, the last one holds, and it may be another.
        default: return false
        }
    }

    private mutating func takeNextFundingTime(_ cursor: inout FastCursor, _ presence: inout Presence) -> Bool
    {
        if cursor.take(0x22) { return true }
        guard let time = cursor.decimal(0x22)?.mantissa(atScale: 6) else { return false }
        nextFundingTime = time
        presence.funding = true
        return true
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
}
