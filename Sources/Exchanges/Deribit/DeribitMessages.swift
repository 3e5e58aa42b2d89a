import MarketModel

/// The messages, each read in the venue's usual order of 2021; books also in that since 2025.
extension DeribitDecoder: SidesDecoder {
    // MARK: - Books

    /// Reads a book, or its changes.
    ///
    /// `{"type":"change","timestamp":…,"prev_change_id":…,"instrument_name":"BTC-PERPETUAL","change_id":…,
    /// "bids":[["new",36500.5,120.0],["delete",36500.0,0.0]],"asks":[]}`; since 2025 `{"timestamp":…,"type":"change",
    /// "change_id":…,"instrument_name":"BTC-PERPETUAL","bids":…,"asks":…,"prev_change_id":…}`. Before 2021 there was no
    /// `type`; windows of so many levels have none.
    @inline(never)
    mutating func readBook<Reader>(
        _ message: inout DeribitMessage<Reader>,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        let (mark, firstLevel) = (batch.mark(), batch.levels.count)
        let scope = message.reader.enter(#","data":"#)
        var isChange = message.reader.choiceIfPresent(#"{"type":""#, #"change""#, #"snapshot""#)
        let time = Self.readTime(&message.reader)
        if case .absent = isChange {
            isChange = message.reader.choiceIfPresent(#","type":""#, #"change""#, #"snapshot""#)
        }
        var number = message.reader.numberIfPresent(#","change_id":"#)
        var previous = message.reader.numberIfPresent(#","prev_change_id":"#)
        let named = message.reader.instrument(#","instrument_name":""#, &names, &batch.instruments)
        if named.isUnsubscribed { return batch.countUnsubscribedFrame() }
        if case .absent = number { number = message.reader.numberIfPresent(#","change_id":"#) }
        var counts: (bids: Int, asks: Int)?
        // A level takes at least six bytes: [1,1],
        batch.levels.append(addingCapacity: message.reader.bytesLeft / 6 + 1) { levels in
            let (bids, asks): (StaticString, StaticString) = (#","bids":["#, #","asks":["#)
            counts = Self.readSides(&message.reader, bids: bids, asks: asks, .array, &levels)
        }
        if case .absent = previous { previous = message.reader.numberIfPresent(#","prev_change_id":"#) }
        message.reader.leave(scope)
        message.reader.end("}}")
        batch.frameTime = time
        guard let instrument = named.index, let counts, let time, !isChange.isMalformed,
            let number = number.value, number >= 0, !previous.isMalformed, previous.value ?? 0 >= 0
        else {
            batch.appendBookFault(named.index, depth: message.depth, since: mark, at: message.receiveTime)
            return .error
        }
        // The first message of a book follows none, whatever it is called, and no window does.
        let follows = isChange.value == false || message.depth > 0 ? 0 : previous.value ?? 0
        var update = BookUpdate(
            instrument: instrument,
            isSnapshot: follows == 0,
            depth: message.depth,
            firstLevel: firstLevel,
            bidCount: counts.bids,
            askCount: counts.asks,
            updateID: number,
            exchangeTime: time,
            receiveTime: message.receiveTime
        )
        if follows > 0 { update.link = BookLink(first: number, previous: follows) }
        batch.append(update)
        return .decoded
    }

    @inline(__always)
    static func readLevel(
        _ reader: inout some MemberReader,
        into levels: inout OutputSpan<PriceLevel>
    ) -> Bool {
        reader.appendStep(to: &levels)
    }

    /// Reads the time of data that may begin with it.
    @inline(__always)
    private static func readTime(_ reader: inout some MemberReader) -> Int64? {
        let isFirst = reader.isNext(#"{"timestamp":"#)
        return (isFirst ? reader.milliseconds(#"{"timestamp":"#) : reader.milliseconds(#","timestamp":"#))
            .value
    }

    // MARK: - Trades

    /// Reads trades.
    ///
    /// `[{"trade_seq":…,"trade_id":"…","timestamp":…,"tick_direction":1,"price":56168.0,"mark_price":…,"liquidation":"T",
    /// "iv":…,"instrument_name":"BTC-PERPETUAL","index_price":…,"direction":"buy","block_trade_id":"…","amount":5580.0}]`
    @inline(never)
    mutating func readTrades<Reader>(
        _ message: inout DeribitMessage<Reader>,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        guard var trades = message.reader.elements(of: #","data":["#, .array) else {
            return batch.countUnreadableFrame()
        }
        var count = EntryCount()
        while message.reader.next(&trades) { count.add(readTrade(&message, &batch)) }
        message.reader.end("}}")
        batch.add(count)
        return count.outcome
    }

    /// Reads a trade, and the orders that it forced: `T` the taker's, `M` the maker's, `MT` both.
    @inline(__always)
    private mutating func readTrade<Reader>(
        _ message: inout DeribitMessage<Reader>,
        _ batch: inout EventBatch
    ) -> EntryCount.Entry {
        message.reader.skip(#"{"trade_seq":"#)
        let id = message.reader.tradeID(#","trade_id":""#)
        let time = message.reader.milliseconds(#","timestamp":"#).value
        message.reader.skip(#","tick_direction":"#)
        let price = message.reader.positive(#","price":"#)
        message.reader.skipIfPresent(#","mark_price":"#)
        let forced = message.reader.choiceIfPresent(#","liquidation":""#, #"T""#, #"M""#)
        let areBothForced =
            forced.isMalformed && message.reader.isWord(#","liquidation":""#, #"MT""#).value == true
        message.reader.skipIfPresent(#","iv":"#)
        let named = message.reader.instrument(#","instrument_name":""#, &names, &batch.instruments)
        if named.isUnsubscribed { return .unsubscribed }
        message.reader.skipIfPresent(#","index_price":"#)
        let buys = message.reader.choice(#","direction":""#, #"buy""#, #"sell""#)
        message.reader.skipIfPresent(#","contracts":"#)
        message.reader.skipIfPresent(#","combo_trade_id":"#)
        message.reader.skipIfPresent(#","combo_id":""#)
        message.reader.skipIfPresent(#","block_trade_leg_count":"#)
        let block = message.reader.tradeIDIfPresent(#","block_trade_id":""#)
        let size = message.reader.positive(#","amount":"#)
        message.reader.end("}")
        batch.advanceFrameTime(to: time)
        guard let instrument = named.index, let id, let price, let size, let buys, let time, let block,
            !forced.isMalformed || areBothForced
        else { return .lost }
        let side: Side = buys ? .buy : .sell
        batch.append(
            Trade(
                instrument: instrument,
                side: side,
                price: price,
                size: size,
                id: id,
                exchangeTime: time,
                receiveTime: message.receiveTime,
                isExcluded: block != .none
            )
        )
        var order = Liquidation(
            instrument: instrument,
            side: side,
            price: price,
            size: size,
            exchangeTime: time,
            receiveTime: message.receiveTime
        )
        if areBothForced || forced.value == true { batch.append(order) }
        order.side = buys ? .sell : .buy
        if areBothForced || forced.value == false { batch.append(order) }
        return .read
    }

    // MARK: - Tickers

    /// Reads a ticker, or a quote, which has less: the best bid and ask, funding, open interest.
    ///
    /// `{"underlying_price":…,"underlying_index":"…","timestamp":…,"stats":{…},"state":"open","settlement_price":…,
    /// "open_interest":…,"min_price":…,"max_price":…,"mark_price":…,"mark_iv":…,"last_price":…,"interest_rate":…,
    /// "instrument_name":"…","index_price":…,"greeks":{…},"funding_8h":…,"estimated_delivery_price":…,
    /// "current_funding":…,"bid_iv":…,"best_bid_price":…,"best_bid_amount":…,"best_ask_price":…,"best_ask_amount":…,
    /// "ask_iv":…}`
    @inline(never)
    mutating func readTicker<Reader>(
        _ message: inout DeribitMessage<Reader>,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        let scope = message.reader.enter(#","data":"#)
        message.reader.skipIfPresent(#"{"underlying_price":"#)
        message.reader.skipIfPresent(#","underlying_index":""#)
        let time = Self.readTime(&message.reader)
        message.reader.skipNumbersIfPresent(#","stats":{"#)
        message.reader.skipIfPresent(#","state":""#)
        message.reader.skipIfPresent(#","settlement_price":"#)
        let interest = message.reader.decimalIfPresent(#","open_interest":"#)
        message.reader.skipIfPresent(#","min_price":"#)
        message.reader.skipIfPresent(#","max_price":"#)
        let mark = message.reader.decimalIfPresent(#","mark_price":"#)
        message.reader.skipIfPresent(#","mark_iv":"#)
        message.reader.skipIfPresent(#","last_price":"#)
        message.reader.skipIfPresent(#","interest_rate":"#)
        let named = message.reader.instrument(#","instrument_name":""#, &names, &batch.instruments)
        if named.isUnsubscribed { return batch.countUnsubscribedFrame() }
        message.reader.skipIfPresent(#","index_price":"#)
        message.reader.skipNumbersIfPresent(#","greeks":{"#)
        message.reader.skipIfPresent(#","funding_8h":"#)
        message.reader.skipIfPresent(#","estimated_delivery_price":"#)
        let rate = message.reader.decimalIfPresent(#","current_funding":"#)
        message.reader.skipIfPresent(#","bid_iv":"#)
        let bid = Self.readBest(&message.reader, #","best_bid_price":"#, #","best_bid_amount":"#)
        let ask = Self.readBest(&message.reader, #","best_ask_price":"#, #","best_ask_amount":"#)
        message.reader.skipIfPresent(#","ask_iv":"#)
        message.reader.leave(scope)
        message.reader.end("}}")
        batch.frameTime = time
        guard let instrument = named.index, let time, interest.isMagnitude, mark.isMagnitude,
            !rate.isMalformed,
            let bid, let ask
        else { return batch.countUnreadableFrame() }
        batch.tops.append(BookTop(instrument: instrument, bid: bid, ask: ask))
        if let rate = rate.value {
            batch.append(funding(rate, of: instrument, at: time, message.receiveTime))
        }
        guard let interest = interest.value else { return .decoded }
        batch.append(
            OpenInterest(
                instrument: instrument,
                openInterest: interest,
                value: nil,
                markPrice: mark.value.flatMap { $0.isZero ? nil : $0 },
                exchangeTime: time,
                receiveTime: message.receiveTime
            )
        )
        return .decoded
    }

    /// Reads a best level: of price zero where there is none; nil if it cannot be read.
    @inline(__always)
    private static func readBest(
        _ reader: inout some MemberReader,
        _ price: StaticString,
        _ size: StaticString
    ) -> PriceLevel? {
        let (price, size) = (reader.decimalIfPresent(price), reader.decimalIfPresent(size))
        guard price.isMagnitude, size.isMagnitude else { return nil }
        return PriceLevel(price: price.value ?? .zero, size: size.value ?? .zero)
    }

    /// A rate that accrues without end, quoted for eight hours.
    @inline(__always)
    private func funding(
        _ rate: FixedDecimal,
        of instrument: InstrumentIndex,
        at time: Int64,
        _ receiveTime: Int64
    ) -> FundingRate {
        FundingRate(
            instrument: instrument,
            rate: rate,
            nextFundingTime: nil,
            intervalHours: FixedDecimal(mantissa: 8, scale: 0),
            exchangeTime: time,
            receiveTime: receiveTime
        )
    }

    /// Reads the funding rate of a perpetual, which the name of the channel alone names.
    ///
    /// `{"index_price":…,"interest":1.423032929843748e-4,"timestamp":…}`
    mutating func readPerpetual(
        _ name: JSONValue,
        _ channel: DeribitChannel,
        _ message: inout DeribitMessage<SearchingReader>,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        let named = JSONString.withBytes(of: name, in: message.reader.text) { bytes in
            names.instrument(of: bytes.extracting(channel.symbol), &batch.instruments)
        }
        if named?.isUnsubscribed == true { return batch.countUnsubscribedFrame() }
        let scope = message.reader.enter(#","data":"#)
        defer { message.reader.leave(scope) }
        batch.frameTime = message.reader.milliseconds(#","timestamp":"#).value
        guard let instrument = named?.index, let time = batch.frameTime,
            let rate = message.reader.decimal(#","interest":"#).value
        else { return batch.countUnreadableFrame() }
        batch.append(funding(rate, of: instrument, at: time, message.receiveTime))
        return .decoded
    }
}
