import MarketModel

/// The messages, each read in the venue's usual order.
extension HyperliquidDecoder: SidesDecoder {
    // MARK: - Books

    /// Reads a whole book.
    ///
    /// `{"channel":"l2Book","data":{"coin":"BTC","time":…,"levels":[[{"px":"64439.0","sz":"39.47271","n":96},…],[…]]}}`;
    /// one of five levels a side has `"fast":true`.
    @inline(never)
    mutating func readBook<Reader>(
        _ message: inout HyperliquidMessage<Reader>,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        let (mark, firstLevel) = (batch.mark(), batch.levels.count)
        let data = message.reader.enter(#","data":"#)
        let named = message.reader.instrument(#"{"coin":""#, &names, &batch.instruments)
        if named.isUnsubscribed { return batch.countUnsubscribedFrame() }
        if let instrument = named.index, isSummed(instrument) {
            message.reader.giveUp()
            return .ignored
        }
        let time = message.reader.milliseconds(#","time":"#)
        var counts: (bids: Int, asks: Int)?
        // A level takes at least fifteen bytes.
        batch.levels.append(addingCapacity: message.reader.bytesLeft / 15 + 1) { levels in
            counts = Self.readSides(&message.reader, list: #","levels":["#, &levels)
        }
        let isFast = message.reader.isTrue(#","fast":"#)
        message.reader.leave(data)
        message.reader.end("}")
        batch.frameTime = time.value
        let depth = UInt32(isFast ? Hyperliquid.fastDepth : Hyperliquid.usualDepth)
        guard let instrument = named.index, let counts, !time.isMalformed else {
            batch.appendBookFault(named.index, depth: depth, since: mark, at: message.receiveTime)
            return .error
        }
        batch.appendBook(
            instrument,
            isSnapshot: true,
            depth: depth,
            from: firstLevel,
            counts,
            time: time.value,
            at: message.receiveTime
        )
        return .decoded
    }

    @inline(__always)
    static func readLevel(
        _ reader: inout some MemberReader,
        into levels: inout OutputSpan<PriceLevel>
    ) -> Bool {
        guard let price = reader.positive(#"{"px":""#), let size = reader.magnitude(#","sz":""#)
        else { return false }
        _ = reader.number(#","n":"#)
        reader.end("}")
        levels.append(PriceLevel(price: price, size: size))
        return true
    }

    // MARK: - Trades

    /// Reads a list of trades.
    ///
    /// `{"channel":"trades","data":[{"coin":"BTC","side":"B","px":"64434.0","sz":"0.05405","time":…,"hash":"0x…",
    /// "tid":65850010044254,"users":["0x…","0x…"]},…]}`; `B` says that the taker bought, and older ones name no users.
    @inline(never)
    mutating func readTrades<Reader>(
        _ message: inout HyperliquidMessage<Reader>,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        guard var trades = message.reader.elements(of: #","data":["#, .array) else {
            return batch.countUnreadableFrame()
        }
        listed.removeAll(keepingCapacity: true)
        var count = EntryCount()
        while message.reader.next(&trades) { count.add(readTrade(&message, &batch)) }
        message.reader.end("}")
        batch.add(count)
        if !listed.isEmpty, message.reader.isComplete { awaitingList.removeAll(where: listed.contains) }
        return count.outcome
    }

    @inline(__always)
    private mutating func readTrade<Reader>(
        _ message: inout HyperliquidMessage<Reader>,
        _ batch: inout EventBatch
    ) -> EntryCount.Entry {
        let named = message.reader.instrument(#"{"coin":""#, &names, &batch.instruments)
        if named.isUnsubscribed { return .unsubscribed }
        // A list is the first of its coin whatever can be read of it.
        var isListed = false
        if let instrument = named.index, awaitsList(instrument) {
            isListed = true
            listed.append(instrument)
        }
        guard let instrument = named.index,
            let buys = message.reader.choice(#","side":""#, #"B""#, #"A""#),
            let price = message.reader.positive(#","px":""#),
            let size = message.reader.positive(#","sz":""#),
            let time = message.reader.milliseconds(#","time":"#).value
        else { return .lost }
        // Who traded is nobody's business: neither the transaction nor the addresses are read.
        message.reader.skipText(#","hash":""#, likely: 66)
        guard let id = message.reader.tradeID(#","tid":"#) else { return .lost }
        message.reader.skipTextsIfPresent(#","users":["#, likely: 42)
        message.reader.end("}")
        batch.frameTime = max(batch.frameTime ?? time, time)
        batch.append(
            Trade(
                instrument: instrument,
                side: buys ? .buy : .sell,
                price: price,
                size: size,
                id: id,
                exchangeTime: time,
                receiveTime: message.receiveTime,
                isSnapshot: isListed
            )
        )
        return .read
    }

    // MARK: - Funding and interest

    static let feeds = FeedKinds.fundingRates.union(.openInterest)
    /// Rates are for an hour, and paid each hour.
    private static let interval = FixedDecimal(mantissa: 1, scale: 0)

    /// Reads the context of a perpetual, which has no time: it is as old as its frame.
    ///
    /// `{"channel":"activeAssetCtx","data":{"coin":"BTC","ctx":{"funding":"0.0000024411","openInterest":"35547.30106",
    /// "prevDayPx":"…","dayNtlVlm":"…","premium":"…","oraclePx":"…","markPx":"64436.0","midPx":"…",
    /// "impactPxs":["…","…"],"dayBaseVlm":"…"}}}`; a thin market has `null` for some.
    @inline(never)
    mutating func readContext<Reader>(
        _ message: inout HyperliquidMessage<Reader>,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        let data = message.reader.enter(#","data":"#)
        let named = message.reader.instrument(#"{"coin":""#, &names, &batch.instruments)
        if named.isUnsubscribed { return batch.countUnsubscribedFrame() }
        let context = message.reader.enter(#","ctx":"#)
        let isObject = message.reader.isInObject
        let rate = message.reader.decimal(#"{"funding":""#)
        let interest = message.reader.decimal(#","openInterest":""#)
        message.reader.skipIfPresent(#","prevDayPx":""#)
        message.reader.skipIfPresent(#","dayNtlVlm":""#)
        message.reader.skipIfPresent(#","premium":""#)
        message.reader.skipIfPresent(#","oraclePx":""#)
        let mark = message.reader.decimal(#","markPx":""#)
        message.reader.skipIfPresent(#","midPx":""#)
        message.reader.skipTextsIfPresent(#","impactPxs":["#, likely: 7)
        message.reader.skipIfPresent(#","dayBaseVlm":""#)
        message.reader.leave(context)
        message.reader.leave(data)
        message.reader.end("}")
        guard let instrument = named.index, isObject, message.reader.isComplete else {
            return batch.countUnreadableFrame()
        }
        let isBelowZero = interest.value?.isNegative == true || mark.value?.isNegative == true
        guard !rate.isMalformed, !interest.isMalformed, !mark.isMalformed, !isBelowZero else {
            // A frame of both feeds all the same.
            batch.append(.live, HyperliquidDecoder.feeds, instrument, at: message.receiveTime)
            return batch.countUnreadableFrame()
        }
        let time = message.receiveTime
        if let rate = rate.value {
            batch.append(
                FundingRate(
                    instrument: instrument,
                    rate: rate,
                    nextFundingTime: nil,
                    intervalHours: HyperliquidDecoder.interval,
                    exchangeTime: time,
                    receiveTime: time
                )
            )
        }
        if let interest = interest.value {
            batch.append(
                OpenInterest(
                    instrument: instrument,
                    openInterest: interest,
                    value: nil,
                    markPrice: mark.value.flatMap { $0.isZero ? nil : $0 },
                    exchangeTime: time,
                    receiveTime: time
                )
            )
        }
        if rate.value == nil || interest.value == nil {
            batch.append(.live, HyperliquidDecoder.feeds, instrument, at: time)
        }
        return .decoded
    }
}
