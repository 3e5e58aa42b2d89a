import MarketModel

/// The messages, each read in the venue's usual order.
extension BybitDecoder: SidesDecoder {
    /// Reads what follows the topic.
    @inline(__always)
    mutating func read(
        _ message: inout BybitMessage<some MemberReader>,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        switch message.topic.kind {
        case .book: readBook(&message, &batch)
        case .trades: readTrades(&message, &batch)
        case .liquidations: readLiquidations(&message, isRetired: false, &batch)
        case .retiredLiquidations: readLiquidations(&message, isRetired: true, &batch)
        case .tickers: market == .spot ? .ignored : readTicker(&message, &batch)
        case .ignored: .ignored
        }
    }

    // MARK: - Books

    /// Reads a message of one book.
    ///
    /// `{"topic":"orderbook.50.BTCUSDT","type":"delta","ts":…,"data":{"s":"BTCUSDT","b":[["p","s"],…],"a":[…],
    /// "u":…,"seq":…},"cts":…}`; `cts` is missing before 2023, and a side that a delta lacks has not changed.
    @inline(never)
    private func readBook<Reader>(
        _ message: inout BybitMessage<Reader>,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        let mark = batch.mark()
        let (isSnapshot, frameTime) = message.readPrefix(&batch)
        let scope = message.reader.enter(#","data":"#)
        let named = instrument(#"{"s":""#, &message, &batch)
        if named.isUnsubscribed { return batch.countUnsubscribedFrame() }
        let firstLevel = batch.levels.count
        let form: ListForm = isSnapshot == true ? .array : .arrayOrNothing
        var counts: (bids: Int, asks: Int)?
        // A level takes at least six bytes: [1,1],
        batch.levels.append(addingCapacity: message.reader.bytesLeft / 6 + 1) { levels in
            counts = Self.readSides(&message.reader, bids: #","b":["#, asks: #","a":["#, form, &levels)
        }
        let number = message.reader.number(#","u":"#)
        message.reader.skip(#","seq":"#)
        message.reader.leave(scope)
        let time = BybitDecoder.time(of: message.reader.millisecondsIfPresent(#","cts":"#), or: frameTime)
        message.reader.end("}")
        guard let instrument = named.index, let isSnapshot, let counts, let number, let time else {
            batch.appendBookFault(
                named.index,
                depth: message.topic.depth,
                since: mark,
                at: message.receiveTime
            )
            return .error
        }
        batch.append(
            BookUpdate(
                instrument: instrument,
                isSnapshot: isSnapshot,
                depth: message.topic.depth,
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

    /// When the book was matched, else the frame's time; nil if the one that holds is malformed.
    @inline(__always)
    private static func time(
        of match: MemberValue<Int64>,
        or frame: MemberValue<Int64>
    ) -> MemberValue<Int64>? {
        switch match {
        case .malformed: nil
        // Zero says that there is none.
        case .value(let time): time != 0 ? match : .some(frame.value.map { .value($0) } ?? .absent)
        case .absent: frame.isMalformed ? nil : .some(frame)
        }
    }

    @inline(__always)
    static func readLevel(
        _ reader: inout some MemberReader,
        into levels: inout OutputSpan<PriceLevel>
    ) -> Bool {
        reader.appendPairs(to: &levels, .pair)
    }

    // MARK: - Trades

    /// Reads a message of trades.
    ///
    /// `{"topic":"publicTrade.SOLUSDT","type":"snapshot","ts":…,"data":[{"T":…,"s":"SOLUSDT","S":"Sell","v":"5.1",
    /// "p":"77.300","L":"MinusTick","i":"…","BT":false,"RPI":false,"seq":…},…]}`; spot has no `L`, and the last two
    /// are younger than the rest.
    @inline(never)
    private func readTrades<Reader>(
        _ message: inout BybitMessage<Reader>,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        _ = message.readPrefix(&batch)
        guard var trades = message.reader.elements(of: #","data":["#, .array) else {
            return batch.countUnreadableFrame()
        }
        var count = EntryCount()
        while message.reader.next(&trades) { count.add(readTrade(&message, &batch)) }
        message.reader.end("}")
        return finish(count, .trades, &message, &batch)
    }

    @inline(__always)
    private func readTrade<Reader>(
        _ message: inout BybitMessage<Reader>,
        _ batch: inout EventBatch
    ) -> EntryCount.Entry {
        let time = message.reader.milliseconds(#"{"T":"#)
        let named = instrument(#","s":""#, &message, &batch)
        if named.isUnsubscribed { return .unsubscribed }
        guard let time = time.value, let instrument = named.index,
            let side = BybitDecoder.side(#","S":""#, &message.reader),
            let size = message.reader.positive(#","v":""#), let price = message.reader.positive(#","p":""#)
        else { return .lost }
        message.reader.skipIfPresent(#","L":""#)
        guard let id = message.reader.tradeID(#","i":""#) else { return .lost }
        message.reader.skipIfPresent(#","BT":"#)
        message.reader.skipIfPresent(#","RPI":"#)
        message.reader.skipIfPresent(#","seq":"#)
        message.reader.end("}")
        batch.append(
            Trade(
                instrument: instrument,
                side: side,
                price: price,
                size: size,
                id: id,
                exchangeTime: time,
                receiveTime: message.receiveTime
            )
        )
        return .read
    }

    @inline(__always)
    private static func side(_ member: StaticString, _ reader: inout some MemberReader) -> Side? {
        reader.choice(member, #"Buy""#, #"Sell""#).map { $0 ? .buy : .sell }
    }

    // MARK: - Liquidations

    /// Reads a message of liquidations.
    ///
    /// `{"topic":"allLiquidation.SOLUSDT","type":"snapshot","ts":…,"data":[{"T":…,"s":"SOLUSDT","S":"Sell",
    /// "v":"5.1","p":"77.300"},…]}`; the retired topic `liquidation` has one object and longer names.
    @inline(never)
    private func readLiquidations<Reader>(
        _ message: inout BybitMessage<Reader>,
        isRetired: Bool,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        _ = message.readPrefix(&batch)
        guard var liquidations = message.reader.elements(of: #","data":["#, .arrayOrObject) else {
            return batch.countUnreadableFrame()
        }
        var count = EntryCount()
        while message.reader.next(&liquidations) {
            count.add(readLiquidation(&message, isRetired: isRetired, &batch))
        }
        message.reader.end("}")
        return finish(count, .liquidations, &message, &batch)
    }

    @inline(__always)
    private func readLiquidation<Reader>(
        _ message: inout BybitMessage<Reader>,
        isRetired: Bool,
        _ batch: inout EventBatch
    ) -> EntryCount.Entry {
        let time = message.reader.milliseconds(isRetired ? #"{"updatedTime":"# : #"{"T":"#)
        let named = instrument(isRetired ? #","symbol":""# : #","s":""#, &message, &batch)
        if named.isUnsubscribed { return .unsubscribed }
        guard let time = time.value, let instrument = named.index,
            let position = BybitDecoder.side(isRetired ? #","side":""# : #","S":""#, &message.reader),
            let size = message.reader.positive(isRetired ? #","size":""# : #","v":""#),
            let price = message.reader.positive(isRetired ? #","price":""# : #","p":""#)
        else { return .lost }
        message.reader.end("}")
        batch.append(
            Liquidation(
                instrument: instrument,
                // The venue names the position: a long, `Buy`, is closed by selling.
                side: position.opposite,
                price: price,
                size: size,
                exchangeTime: time,
                receiveTime: message.receiveTime
            )
        )
        return .read
    }

    // MARK: - What messages share

    /// The instrument by the entry's own symbol, else by the topic's.
    @inline(__always)
    func instrument(
        _ member: StaticString?,
        isEmptyNone: Bool = false,
        _ message: inout BybitMessage<some MemberReader>,
        _ batch: inout EventBatch
    ) -> NamedInstrument {
        message.reader.instrument(
            member,
            or: message.symbol,
            isEmptyNone: isEmptyNone,
            names,
            &batch.instruments
        )
    }

    /// Counts what was lost; an empty list says only that the feed is alive.
    @inline(__always)
    private func finish(
        _ count: EntryCount,
        _ kinds: FeedKinds,
        _ message: inout BybitMessage<some MemberReader>,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        batch.add(count)
        guard count.isEmpty else { return count.outcome }
        switch instrument(nil, &message, &batch) {
        case .instrument(let instrument): batch.append(.live, kinds, instrument, at: message.receiveTime)
        case .unsubscribed: return .unknown
        case .unreadable: break
        }
        return count.outcome
    }
}
