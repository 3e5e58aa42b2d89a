import MarketModel

/// The messages, each read in the venue's usual order.
extension KrakenFuturesDecoder: SidesDecoder {
    // MARK: - Books

    /// Reads a level that changed.
    ///
    /// `{"feed":"book","product_id":"PI_XBTUSD","side":"sell","seq":26660860,"price":2004.85,"qty":4787.0,
    /// "timestamp":1626994927744}`; messages of 2019 have no `timestamp`.
    @inline(never)
    mutating func readLevel<Reader>(
        _ message: inout KrakenFuturesMessage<Reader>,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        let (mark, firstLevel) = (batch.mark(), batch.levels.count)
        let named = message.reader.instrument(#","product_id":""#, &names, &batch.instruments)
        if named.isUnsubscribed { return batch.countUnsubscribedFrame() }
        let buys = message.reader.choice(#","side":""#, #"buy""#, #"sell""#)
        let number = message.reader.number(#","seq":"#)
        let price = message.reader.positive(#","price":"#)
        let size = message.reader.magnitude(#","qty":"#)
        let time = message.reader.millisecondsIfPresent(#","timestamp":"#)
        message.reader.end("}")
        batch.frameTime = time.value
        guard let instrument = named.index, let buys, let number, let price, let size, !time.isMalformed
        else {
            batch.appendBookFault(named.index, depth: nil, since: mark, at: message.receiveTime)
            return .error
        }
        batch.levels.append(PriceLevel(price: price, size: size))
        batch.append(
            BookUpdate(
                instrument: instrument,
                isSnapshot: false,
                depth: 0,
                firstLevel: firstLevel,
                bidCount: buys ? 1 : 0,
                askCount: buys ? 0 : 1,
                updateID: number,
                exchangeTime: time.value,
                receiveTime: message.receiveTime
            )
        )
        return .decoded
    }

    /// Reads a whole book.
    ///
    /// `{"feed":"book_snapshot","product_id":"PI_XBTUSD","timestamp":…,"seq":…,"tickSize":null,"bids":[{"price":…,
    /// "qty":…},…],"asks":[…]}`
    @inline(never)
    mutating func readBook<Reader>(
        _ message: inout KrakenFuturesMessage<Reader>,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        let (mark, firstLevel) = (batch.mark(), batch.levels.count)
        let named = message.reader.instrument(#","product_id":""#, &names, &batch.instruments)
        if named.isUnsubscribed { return batch.countUnsubscribedFrame() }
        let time = message.reader.milliseconds(#","timestamp":"#)
        let number = message.reader.number(#","seq":"#)
        if message.reader.isNext(#","tickSize":null"#) { message.reader.end(#","tickSize":null"#) }
        var counts: (bids: Int, asks: Int)?
        // A level takes at least nineteen bytes.
        batch.levels.append(addingCapacity: message.reader.bytesLeft / 19 + 1) { levels in
            counts = Self.readSides(
                &message.reader,
                bids: #","bids":["#,
                asks: #","asks":["#,
                .array,
                &levels
            )
        }
        message.reader.end("}")
        batch.frameTime = time.value
        guard let instrument = named.index, let number, let counts, !time.isMalformed else {
            batch.appendBookFault(named.index, depth: nil, since: mark, at: message.receiveTime)
            return .error
        }
        batch.append(
            BookUpdate(
                instrument: instrument,
                isSnapshot: true,
                depth: 0,
                firstLevel: firstLevel,
                bidCount: counts.bids,
                askCount: counts.asks,
                updateID: number,
                exchangeTime: time.value,
                receiveTime: message.receiveTime
            )
        )
        return .decoded
    }

    @inline(__always)
    static func readLevel(
        _ reader: inout some MemberReader,
        into levels: inout OutputSpan<PriceLevel>
    ) -> Bool {
        guard let price = reader.positive(#"{"price":"#), let size = reader.magnitude(#","qty":"#)
        else { return false }
        reader.end("}")
        levels.append(PriceLevel(price: price, size: size))
        return true
    }

    // MARK: - Trades

    /// Reads a trade.
    ///
    /// `{"feed":"trade","product_id":"PI_LTCUSD","uid":"…","side":"buy","type":"fill","seq":5956,"time":1626994929946,
    /// "qty":320.0,"price":119.44}`
    @inline(never)
    mutating func readTrade<Reader>(
        _ message: inout KrakenFuturesMessage<Reader>,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        let named = message.reader.instrument(#","product_id":""#, &names, &batch.instruments)
        if named.isUnsubscribed { return batch.countUnsubscribedFrame() }
        var count = EntryCount()
        count.add(readExecution(&message, named, isSnapshot: false, &batch))
        batch.add(count)
        return count.outcome
    }

    /// Reads the last trades, which a subscription begins with, the newest first.
    ///
    /// `{"feed":"trade_snapshot","product_id":"PI_XBTUSD","trades":[{"feed":"trade",…},…]}`
    @inline(never)
    mutating func readTradeList<Reader>(
        _ message: inout KrakenFuturesMessage<Reader>,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        let named = message.reader.instrument(#","product_id":""#, &names, &batch.instruments)
        guard var trades = message.reader.elements(of: #","trades":["#, .array) else {
            return batch.countUnreadableFrame()
        }
        var count = EntryCount()
        while message.reader.next(&trades) {
            message.reader.skip(#"{"feed":""#)
            let own = message.reader.instrument(#","product_id":""#, &names, &batch.instruments)
            count.add(
                named.isUnsubscribed || own.isUnsubscribed
                    ? .unsubscribed : readExecution(&message, own, isSnapshot: true, &batch)
            )
        }
        message.reader.end("}")
        batch.add(count)
        return count.outcome
    }

    /// Reads what follows a trade's product.
    ///
    /// One that liquidates is a trade and a forced order of the taker's side.
    @inline(__always)
    private func readExecution<Reader>(
        _ message: inout KrakenFuturesMessage<Reader>,
        _ named: NamedInstrument,
        isSnapshot: Bool,
        _ batch: inout EventBatch
    ) -> EntryCount.Entry {
        let id = message.reader.tradeID(#","uid":""#)
        let buys = message.reader.choice(#","side":""#, #"buy""#, #"sell""#)
        let isFill = message.reader.choice(#","type":""#, #"fill""#, #"liquidation""#)
        let isExcluded = isFill == nil && Self.isOffBook(message.reader)
        message.reader.skip(#","seq":"#)
        let time = message.reader.milliseconds(#","time":"#).value
        let size = message.reader.positive(#","qty":"#)
        let price = message.reader.positive(#","price":"#)
        message.reader.end("}")
        batch.advanceFrameTime(to: time)
        guard let instrument = named.index, let id, let buys, let time, let size, let price,
            isFill != nil || isExcluded
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
                isSnapshot: isSnapshot,
                isExcluded: isExcluded
            )
        )
        guard isFill == false else { return .read }
        batch.append(
            Liquidation(
                instrument: instrument,
                side: side,
                price: price,
                size: size,
                exchangeTime: time,
                receiveTime: message.receiveTime,
                isSnapshot: isSnapshot
            )
        )
        return .read
    }

    /// Whether a trade is none of the market: a position that changed hands by rule, or a deal outside the book.
    private static func isOffBook(_ reader: some MemberReader) -> Bool {
        var reader = reader
        for word in [#"assignment""#, #"termination""#, #"block""#] as [StaticString]
        where reader.isWord(#","type":""#, word).value == true {
            return true
        }
        return false
    }

    // MARK: - Tickers

    /// Reads the best bid and ask; their sizes are not stated.
    ///
    /// `{"feed":"ticker_lite","product_id":"FI_BCHUSD_210730","bid":439.3,"ask":439.6,"change":2.64,"premium":0.3,
    /// "volume":3413476.0,"tag":"month","pair":"BCH:USD","dtm":7,"maturityTime":…}`
    @inline(never)
    mutating func readTop<Reader>(
        _ message: inout KrakenFuturesMessage<Reader>,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        let named = message.reader.instrument(#","product_id":""#, &names, &batch.instruments)
        if named.isUnsubscribed { return batch.countUnsubscribedFrame() }
        let bid = message.reader.magnitude(#","bid":"#)
        let ask = message.reader.magnitude(#","ask":"#)
        let areRead =
            Self.isRead(bid, #","bid":"#, &message.reader) && Self.isRead(ask, #","ask":"#, &message.reader)
        message.reader.skip(#","change":"#)
        message.reader.skip(#","premium":"#)
        message.reader.skip(#","volume":"#)
        message.reader.skip(#","tag":""#)
        message.reader.skip(#","pair":""#)
        message.reader.skip(#","dtm":"#)
        message.reader.skip(#","maturityTime":"#)
        message.reader.end("}")
        guard let instrument = named.index, areRead else { return batch.countUnreadableFrame() }
        // A side without orders has no best price.
        batch.tops.append(
            BookTop(
                instrument: instrument,
                bid: PriceLevel(price: bid ?? .zero, size: .zero),
                ask: PriceLevel(price: ask ?? .zero, size: .zero)
            )
        )
        return .decoded
    }

    /// Whether a price was read, or there is none.
    @inline(__always)
    private static func isRead(
        _ price: FixedDecimal?,
        _ member: StaticString,
        _ reader: inout some MemberReader
    ) -> Bool {
        if price != nil { return true }
        if case .absent = reader.decimal(member) { return true }
        return false
    }

    /// Reads funding and open interest; dated contracts have no funding.
    ///
    /// `{"time":…,"feed":"ticker","product_id":"PI_XBTUSD","funding_rate":…,"relative_funding_rate":…,
    /// "next_funding_rate_time":…,"openInterest":…,"markPrice":…,…}`, in an order that changed over the years.
    mutating func readTicker(
        _ message: inout KrakenFuturesMessage<SearchingReader>,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        let (text, root) = (message.reader.text, message.reader.object)
        let named = message.reader.instrument(#","product_id":""#, &names, &batch.instruments)
        if named.isUnsubscribed { return batch.countUnsubscribedFrame() }
        batch.frameTime = message.reader.milliseconds(#","time":"#).value
        let rate = root.stated("relative_funding_rate", in: text)
        let interest = root.stated("openInterest", in: text)
        let mark = root.stated("markPrice", in: text)
        let due = message.reader.milliseconds(#","next_funding_rate_time":"#)
        guard let instrument = named.index, let time = batch.frameTime, !due.isMalformed, !rate.isMalformed,
            interest.isMagnitude, mark.isMagnitude
        else { return batch.countUnreadableFrame() }
        var silent: FeedKinds = [.fundingRates, .openInterest]
        if let rate = rate.value {
            silent.remove(.fundingRates)
            batch.append(
                FundingRate(
                    instrument: instrument,
                    rate: rate,
                    nextFundingTime: due.value == 0 ? nil : due.value,
                    intervalHours: nil,
                    exchangeTime: time,
                    receiveTime: message.receiveTime
                )
            )
        }
        if let interest = interest.value {
            silent.remove(.openInterest)
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
        }
        if !silent.isEmpty { batch.append(.live, silent, instrument, at: message.receiveTime) }
        return .decoded
    }
}

extension JSONValue {
    /// The decimal of a member; absent also where it is `null`.
    fileprivate func stated(_ name: StaticString, in text: RawSpan) -> MemberValue<FixedDecimal> {
        guard let value = member(name, in: text), !value.isNothing(in: text) else { return .absent }
        return value.decimal(in: text).map { .value($0) } ?? .malformed
    }
}
