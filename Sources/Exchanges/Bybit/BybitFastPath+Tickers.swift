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
        var ticker = BybitTicker()
        // Most deltas are of best prices alone: the state is copied once it changes.
        var isChanged = isSnapshot
        while cursor.take(#",""#) {
            guard let key = cursor.name(), cursor.take(#":""#) else { return false }
            if key.isOfTicker {
                if !isChanged { ticker = tickers[symbol.instrument.position] }
                isChanged = true
                guard ticker.takeFast(key, &cursor, &presence) else { return false }
            } else if !key.isPlainFast || !cursor.skipPlain() {
                return false
            }
        }
        guard cursor.take(#"},"cs":"#), cursor.whole() != nil, cursor.take(#","ts":"#),
            let time = cursor.milliseconds(), cursor.take(0x7d), cursor.left == 0
        else { return false }
        batch.frameTime = time
        if isChanged {
            tickers[symbol.instrument.position] = ticker
            emit(ticker, presence, symbol.instrument, time, receiveTime, &batch)
        } else {
            batch.live(FeedKinds.fundingRates.union(.openInterest), symbol.instrument, at: receiveTime)
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
    /// of a known shape, or the key was there before.
    @inline(__always)
    fileprivate mutating func takeFast(
        _ key: FastName,
        _ cursor: inout FastCursor,
        _ presence: inout Presence
    ) -> Bool {
        // The keys' lengths differ. Said twice, the last one holds, and the symbol may then be another.
        let bit = 1 &<< UInt32(truncatingIfNeeded: key.count) as UInt32
        guard presence.lengths & bit == 0, key.count != 6 else { return false }
        presence.lengths |= bit
        // An empty text says nothing, but for these two: there is none.
        if cursor.take(0x22) {
            if key.count == 15 { nextFundingTime = nil }
            if key.count == 19 { intervalHours = nil }
            presence.funding = presence.funding || key.count == 15 || key.count == 19
            return true
        }
        let isNegative = key.count == 11 && cursor.take(0x2d)
        guard var number = cursor.decimal(0x22) else { return false }
        if isNegative { number.mantissa = 0 &- number.mantissa }
        let interest = 1 &<< 12 | 1 &<< 17 as UInt32
        let funding = 1 &<< 11 | 1 &<< 15 | 1 &<< 19 as UInt32
        presence.interest = presence.interest || bit & interest != 0
        presence.funding = presence.funding || bit & funding != 0
        switch key.count {
        case 9: markPrice = number.isZero ? nil : number
        case 11: rate = number
        case 12: openInterest = number
        case 17: openInterestValue = number
        case 19: intervalHours = number.isZero ? nil : number
        default:
            guard let time = number.mantissa(atScale: 6) else { return false }
            nextFundingTime = time == 0 ? nil : time
        }
        return true
    }
}
