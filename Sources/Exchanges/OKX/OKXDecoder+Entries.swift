import MarketModel

/// What comes seldom enough to be read by names alone: forced orders, funding rates and open interest.
extension OKXDecoder {
    // MARK: - Liquidations

    /// Reads forced orders of a whole type of instruments.
    ///
    /// `{"arg":{"channel":"liquidation-orders","instType":"SWAP"},"data":[{"details":[{"bkLoss":"0","bkPx":"…",
    /// "ccy":"","posSide":"short","side":"buy","sz":"…","ts":"…"},…],"instId":"BTC-USDT-SWAP",…},…]}`
    mutating func readForcedOrders(
        _ argument: JSONValue,
        _ message: inout OKXMessage<SearchingReader>,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        let (text, root) = (message.reader.text, message.reader.object)
        guard let data = root.member("data", in: text), data.kind(in: text) == .array else {
            return batch.countUnreadableFrame()
        }
        var isSnapshot = false
        if let word = argument.member("instType", in: text), let type = OKXInstrumentType(word, in: text) {
            isSnapshot = types.takesList(type)
        }
        var count = EntryCount()
        var entries = data.elements(in: text)
        while let entry = entries.next(in: text) {
            readForcedOrders(of: entry, isSnapshot, &message, &count, &batch)
        }
        batch.add(count)
        return count.outcome
    }

    private func readForcedOrders(
        of entry: JSONValue,
        _ isSnapshot: Bool,
        _ message: inout OKXMessage<SearchingReader>,
        _ count: inout EntryCount,
        _ batch: inout EventBatch
    ) {
        let text = message.reader.text
        guard let symbol = entry.member("instId", in: text), let details = entry.member("details", in: text),
            details.kind(in: text) == .array
        else { return count.add(.lost) }
        // Another connection that carries the type brings those of the symbols it asked for.
        let isOwn = JSONString.withBytes(of: symbol, in: text) { requested.contains($0) } ?? true
        let named = isOwn ? names.instrument(of: symbol, in: text, &batch.instruments) : .unsubscribed
        var orders = details.elements(in: text)
        while let order = orders.next(in: text) {
            if named.isUnsubscribed {
                count.add(.unsubscribed)
                continue
            }
            guard let instrument = named.index, let side = order.member("side", in: text),
                side.isString("sell", in: text) || side.isString("buy", in: text),
                let price = order.member("bkPx", in: text)?.positive(in: text),
                let size = order.member("sz", in: text)?.positive(in: text),
                let time = order.member("ts", in: text)?.milliseconds(in: text)
            else {
                count.add(.lost)
                continue
            }
            count.add(.read)
            batch.advanceFrameTime(to: time)
            batch.append(
                Liquidation(
                    instrument: instrument,
                    side: side.isString("sell", in: text) ? .sell : .buy,
                    price: price,
                    size: size,
                    exchangeTime: time,
                    receiveTime: message.receiveTime,
                    isSnapshot: isSnapshot
                )
            )
        }
    }

    // MARK: - Funding and open interest

    /// Reads funding rates or open interests, as a rule one.
    mutating func readValues(
        _ message: inout OKXMessage<SearchingReader>,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        let (text, root) = (message.reader.text, message.reader.object)
        guard let data = root.member("data", in: text), data.kind(in: text) == .array else {
            return batch.countUnreadableFrame()
        }
        var count = EntryCount()
        var entries = data.elements(in: text)
        while let entry = entries.next(in: text) {
            let symbol = entry.member("instId", in: text) ?? message.symbol.text
            let named = names.instrument(of: symbol, in: text, &batch.instruments)
            guard let instrument = named.index else {
                count.add(named.isUnsubscribed ? .unsubscribed : .lost)
                continue
            }
            let isRead =
                message.channel == .fundingRates
                ? readFunding(entry, of: instrument, &message, &batch)
                : readInterest(entry, of: instrument, &message, &batch)
            count.add(isRead ? .read : .lost)
        }
        batch.add(count)
        return count.outcome
    }

    /// `{"fundingRate":"…","fundingTime":"…","instId":"BTC-USDT-SWAP","instType":"SWAP","nextFundingRate":"",
    /// "nextFundingTime":"…","ts":"…",…}`: the rate is settled at `fundingTime`; messages of 2022 have neither `ts` nor
    /// `nextFundingTime`.
    private func readFunding(
        _ entry: JSONValue,
        of instrument: InstrumentIndex,
        _ message: inout OKXMessage<SearchingReader>,
        _ batch: inout EventBatch
    ) -> Bool {
        let text = message.reader.text
        let due = OKXDecoder.time(entry.member("fundingTime", in: text), text)
        let next = OKXDecoder.time(entry.member("nextFundingTime", in: text), text)
        let stamp = OKXDecoder.time(entry.member("ts", in: text), text)
        guard !due.isMalformed, !next.isMalformed, !stamp.isMalformed else { return false }
        if let time = stamp.value { batch.advanceFrameTime(to: time) }
        guard let value = entry.member("fundingRate", in: text), !value.isNothing(in: text) else {
            batch.append(.live, .fundingRates, instrument, at: message.receiveTime)
            return true
        }
        guard let rate = value.decimal(in: text) else { return false }
        batch.append(
            FundingRate(
                instrument: instrument,
                rate: rate,
                nextFundingTime: due.value,
                intervalHours: OKXDecoder.hours(from: due.value, to: next.value),
                exchangeTime: stamp.value ?? message.receiveTime,
                receiveTime: message.receiveTime
            )
        )
        return true
    }

    /// A time in milliseconds; absent where it is missing, empty or zero.
    private static func time(_ value: JSONValue?, _ text: RawSpan) -> MemberValue<Int64> {
        guard let value, !value.isNothing(in: text) else { return .absent }
        guard let time = value.milliseconds(in: text), time >= 0 else { return .malformed }
        return time == 0 ? .absent : .value(time)
    }

    /// The whole hours between two settlements; nil if they are none.
    private static func hours(from first: Int64?, to second: Int64?) -> FixedDecimal? {
        let hour = 3_600 * UnixTime.second
        guard let first, let second, second > first, (second - first) % hour == 0 else { return nil }
        return FixedDecimal(mantissa: (second - first) / hour, scale: 0)
    }

    /// `{"instId":"BTC-USDT-SWAP","instType":"SWAP","oi":"…","oiCcy":"…","oiUsd":"…","ts":"…"}`: contracts, and what they
    /// are worth; messages before 2024 have no `oiUsd`.
    private func readInterest(
        _ entry: JSONValue,
        of instrument: InstrumentIndex,
        _ message: inout OKXMessage<SearchingReader>,
        _ batch: inout EventBatch
    ) -> Bool {
        let text = message.reader.text
        guard let interest = entry.member("oi", in: text)?.magnitude(in: text),
            let time = entry.member("ts", in: text)?.milliseconds(in: text)
        else { return false }
        var worth: FixedDecimal?
        if let value = entry.member("oiUsd", in: text), !value.isNothing(in: text) {
            guard let found = value.magnitude(in: text) else { return false }
            worth = found
        }
        batch.advanceFrameTime(to: time)
        batch.append(
            OpenInterest(
                instrument: instrument,
                openInterest: interest,
                value: worth,
                markPrice: nil,
                exchangeTime: time,
                receiveTime: message.receiveTime
            )
        )
        return true
    }
}
