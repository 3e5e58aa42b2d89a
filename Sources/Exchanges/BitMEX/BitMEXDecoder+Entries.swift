import MarketModel

/// What is no book: trades, quotes, forced orders, and the rows of instruments.
extension BitMEXDecoder {
    // MARK: - Trades

    /// Reads trades; those of a partial are from before the subscription.
    ///
    /// `{"table":"trade","action":"insert","data":[{"timestamp":"…","symbol":"XBTUSD","side":"Sell","size":900,
    /// "price":56927,"tickDirection":"MinusTick","trdMatchID":"…","grossValue":…,"homeNotional":…,"foreignNotional":…},
    /// …]}`, from 2023 on with `trdType`, from 2026 on with `pool`.
    @inline(never)
    mutating func readTrades<Reader>(
        _ message: inout BitMEXMessage<Reader>,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        guard var entries = message.reader.elements(of: #","data":["#, .array) else {
            return batch.countUnreadableFrame()
        }
        var count = EntryCount()
        while message.reader.next(&entries) { count.add(readTrade(&message, &batch)) }
        message.reader.end("}")
        batch.add(count)
        return count.outcome
    }

    @inline(__always)
    private mutating func readTrade(
        _ message: inout BitMEXMessage<some MemberReader>,
        _ batch: inout EventBatch
    ) -> EntryCount.Entry {
        let time = message.reader.time(#"{"timestamp":""#, &clock).value
        let named = message.reader.instrument(#","symbol":""#, &names, &batch.instruments)
        if named.isUnsubscribed { return .unsubscribed }
        let buys = message.reader.choiceIfPresent(#","side":""#, #"Buy""#, #"Sell""#)
        let size = message.reader.magnitude(#","size":"#)
        let price = message.reader.positive(#","price":"#)
        message.reader.skipIfPresent(#","tickDirection":""#)
        let id = message.reader.tradeID(#","trdMatchID":""#)
        message.reader.skipIfPresent(#","grossValue":"#)
        message.reader.skipIfPresent(#","homeNotional":"#)
        message.reader.skipIfPresent(#","foreignNotional":"#)
        let isRegular = message.reader.isWord(#","trdType":""#, #"Regular""#)
        message.reader.skipIfPresent(#","pool":""#)
        message.reader.end("}")
        batch.advanceFrameTime(to: time)
        // A settlement has no taker.
        let isExcluded = isRegular.value == false || BitMEXDecoder.isAbsent(buys)
        guard let instrument = named.index, let id, let time, let size, let price, !buys.isMalformed,
            !isRegular.isMalformed || BitMEXDecoder.isNull(#","trdType":""#, message.reader),
            isExcluded || !size.isZero
        else { return .lost }
        batch.append(
            Trade(
                instrument: instrument,
                side: buys.value == false ? .sell : .buy,
                price: price,
                size: size,
                id: id == BitMEXDecoder.noID ? .none : id,
                exchangeTime: time,
                receiveTime: message.receiveTime,
                isSnapshot: message.action == .partial,
                isExcluded: isExcluded
            )
        )
        return .read
    }

    private static func isAbsent(_ value: MemberValue<Bool>) -> Bool {
        if case .absent = value { true } else { false }
    }

    private static func isNull(_ member: StaticString, _ reader: some MemberReader) -> Bool {
        var reader = reader
        if case .absent = reader.decimal(member) { return true }
        return false
    }

    /// What stands for no identifier.
    private static let noID = TradeID("00000000-0000-0000-0000-000000000000") ?? .none

    // MARK: - Quotes

    /// Reads best bids and asks, the last of which is that of the book as it is.
    ///
    /// `{"table":"quote","action":"insert","data":[{"timestamp":"…","symbol":"XBTUSD","bidSize":…,"bidPrice":…,
    /// "askPrice":…,"askSize":…},…]}`; a side without orders has no price.
    @inline(never)
    mutating func readQuotes<Reader>(
        _ message: inout BitMEXMessage<Reader>,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        guard var entries = message.reader.elements(of: #","data":["#, .array) else {
            return batch.countUnreadableFrame()
        }
        var (count, top): (EntryCount, BookTop?) = (EntryCount(), nil)
        while message.reader.next(&entries) {
            let (entry, next) = readQuote(&message, &batch)
            count.add(entry)
            // One that is lost leaves unknown what the book is; one of a pool says nothing of it.
            if case .lost = entry { top = nil }
            guard let next else { continue }
            if let top, top.instrument != next.instrument { batch.tops.append(top) }
            top = next
        }
        message.reader.end("}")
        if let top { batch.tops.append(top) }
        batch.add(count)
        return count.outcome
    }

    /// Reads a quote; nothing to compare where it is of one pool of orders, and not of all.
    @inline(__always)
    private mutating func readQuote(
        _ message: inout BitMEXMessage<some MemberReader>,
        _ batch: inout EventBatch
    ) -> (EntryCount.Entry, BookTop?) {
        let time = message.reader.timeIfPresent(#"{"timestamp":""#, &clock)
        let named = message.reader.instrument(#","symbol":""#, &names, &batch.instruments)
        if named.isUnsubscribed { return (.unsubscribed, nil) }
        let bidSize = message.reader.magnitudeIfPresent(#","bidSize":"#)
        let bid = message.reader.magnitudeIfPresent(#","bidPrice":"#)
        let ask = message.reader.magnitudeIfPresent(#","askPrice":"#)
        let askSize = message.reader.magnitudeIfPresent(#","askSize":"#)
        let isOfAll = message.reader.isWord(#","pool":""#, #"Aggregated""#)
        message.reader.end("}")
        batch.advanceFrameTime(to: time.value)
        guard let instrument = named.index, !bid.isMalformed, !ask.isMalformed, !bidSize.isMalformed,
            !askSize.isMalformed
        else { return (.lost, nil) }
        guard isOfAll.value != false, !isOfAll.isMalformed else { return (.read, nil) }
        let top = BookTop(
            instrument: instrument,
            bid: PriceLevel(price: bid.value ?? .zero, size: bidSize.value ?? .zero),
            ask: PriceLevel(price: ask.value ?? .zero, size: askSize.value ?? .zero)
        )
        return (.read, top)
    }

    // MARK: - Forced orders, funding, instruments

    /// Reads rows that say what they say in any order.
    @inline(never)
    mutating func readValues(
        _ message: inout BitMEXMessage<SearchingReader>,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        guard var entries = message.reader.elements(of: #","data":["#, .array) else {
            return batch.countUnreadableFrame()
        }
        var count = EntryCount()
        while message.reader.next(&entries) {
            let named = message.reader.instrument(#","symbol":""#, &names, &batch.instruments)
            let time = message.reader.timeIfPresent(#","timestamp":""#, &clock)
            batch.advanceFrameTime(to: time.value)
            guard let instrument = named.index, !time.isMalformed else {
                count.add(named.isUnsubscribed ? .unsubscribed : .lost)
                continue
            }
            let stamp = time.value ?? message.receiveTime
            let isRead =
                switch message.table {
                case .liquidations: readForcedOrder(of: instrument, stamp, &message, &batch)
                case .funding: readFunding(of: instrument, time.value, &message, &batch)
                default: readInstrument(instrument, stamp, &message, &batch)
                }
            count.add(isRead ? .read : .lost)
        }
        batch.add(count)
        return count.outcome
    }

    /// Reads an order that the venue has placed for a position to be liquidated; what becomes of it later is no other one.
    ///
    /// `{"table":"liquidation","action":"insert","data":[{"orderID":"…","symbol":"XBTUSD","side":"Sell","price":8544.5,
    /// "leavesQty":807}]}`: no time. Those of a partial were there before.
    private func readForcedOrder(
        of instrument: InstrumentIndex,
        _ time: Int64,
        _ message: inout BitMEXMessage<SearchingReader>,
        _ batch: inout EventBatch
    ) -> Bool {
        guard message.action == .insert || message.action == .partial else {
            batch.append(.live, .liquidations, instrument, at: message.receiveTime)
            return true
        }
        guard let buys = message.reader.choice(#","side":""#, #"Buy""#, #"Sell""#),
            let price = message.reader.positive(#","price":"#),
            let size = message.reader.positive(#","leavesQty":"#)
        else { return false }
        batch.append(
            Liquidation(
                instrument: instrument,
                side: buys ? .buy : .sell,
                price: price,
                size: size,
                exchangeTime: time,
                receiveTime: message.receiveTime,
                isSnapshot: message.action == .partial
            )
        )
        return true
    }

    /// Reads a rate that was settled, where no row of the instrument says which is in force.
    ///
    /// `{"table":"funding","action":"insert","data":[{"timestamp":"…","symbol":"XBTUSD","fundingInterval":
    /// "2000-01-01T08:00:00.000Z","fundingRate":0.000817,"fundingRateDaily":0.002451}]}`
    private func readFunding(
        of instrument: InstrumentIndex,
        _ time: Int64?,
        _ message: inout BitMEXMessage<SearchingReader>,
        _ batch: inout EventBatch
    ) -> Bool {
        let (row, text) = (message.reader.object, message.reader.text)
        guard let time, let rate = row.member("fundingRate", in: text)?.decimal(in: text) else {
            return false
        }
        if instrument.position < tickers.count, tickers[instrument.position].rate != nil {
            batch.append(.live, .fundingRates, instrument, at: message.receiveTime)
            return true
        }
        batch.append(
            FundingRate(
                instrument: instrument,
                rate: rate,
                nextFundingTime: nil,
                intervalHours: BitMEXTicker.hours(row.member("fundingInterval", in: text), in: text),
                exchangeTime: time,
                receiveTime: message.receiveTime
            )
        )
        return true
    }

    /// Merges a row of an instrument, and tells what it says of funding and of open interest, once all of it is known.
    private mutating func readInstrument(
        _ instrument: InstrumentIndex,
        _ time: Int64,
        _ message: inout BitMEXMessage<SearchingReader>,
        _ batch: inout EventBatch
    ) -> Bool {
        let text = message.reader.text
        while tickers.count <= instrument.position { tickers.append(BitMEXTicker()) }
        let isWhole = message.action == .partial
        var reading = BitMEXTicker.Reading(of: isWhole ? BitMEXTicker() : tickers[instrument.position])
        var members = message.reader.object.members(in: text)
        while let (key, value) = members.next(in: text) { reading.merge(key, value, in: text) }
        guard !reading.isMalformed else {
            // A row of both feeds all the same.
            batch.append(.live, message.table.kinds, instrument, at: message.receiveTime)
            return false
        }
        let ticker = reading.ticker
        tickers[instrument.position] = ticker
        var silent = message.table.kinds
        if reading.kinds.contains(.fundingRates), let rate = ticker.rate {
            silent.remove(.fundingRates)
            batch.append(
                FundingRate(
                    instrument: instrument,
                    rate: rate,
                    nextFundingTime: ticker.nextFundingTime,
                    intervalHours: ticker.intervalHours,
                    exchangeTime: time,
                    receiveTime: message.receiveTime
                )
            )
        }
        if reading.kinds.contains(.openInterest), let interest = ticker.openInterest {
            silent.remove(.openInterest)
            batch.append(
                OpenInterest(
                    instrument: instrument,
                    openInterest: interest,
                    value: nil,
                    markPrice: ticker.markPrice,
                    exchangeTime: time,
                    receiveTime: message.receiveTime
                )
            )
        }
        if !silent.isEmpty { batch.append(.live, silent, instrument, at: message.receiveTime) }
        return true
    }
}
