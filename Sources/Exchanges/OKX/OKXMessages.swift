import MarketModel

/// The messages that come often, each read in the venue's usual order behind its argument.
extension OKXDecoder: SidesDecoder {
    /// Reads what follows the argument.
    @inline(__always)
    mutating func read(
        _ message: inout OKXMessage<some MemberReader>,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        if message.channel.depth != nil { return readBooks(&message, &batch) }
        return readTrades(&message, &batch)
    }

    // MARK: - Books

    /// Reads books, as a rule one.
    ///
    /// `{"arg":{"channel":"books","instId":"BTC-USDT"},"action":"update","data":[{"asks":[["p","s","0","n"],…],
    /// "bids":[…],"ts":"…","checksum":…,"seqId":…,"prevSeqId":…}]}`; messages before 2023 have no numbers, and best
    /// levels neither `action` nor `checksum`.
    @inline(never)
    private func readBooks<Reader>(
        _ message: inout OKXMessage<Reader>,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        var isSnapshot: Bool? = true
        if case .book = message.channel {
            isSnapshot = message.reader.choice(#","action":""#, #"update""#, #"snapshot""#).map { !$0 }
        }
        let named = message.instrument(names, &batch)
        guard let isSnapshot, var books = message.reader.elements(of: #","data":["#, .array) else {
            if named.isUnsubscribed { return batch.countUnsubscribedFrame() }
            return fault(named.index, &message, batch.mark(), &batch)
        }
        var count = EntryCount()
        while message.reader.next(&books) {
            guard let entry = readBook(&message, isSnapshot: isSnapshot, named, &batch) else {
                message.reader.abandon(books)
                batch.unsubscribedCount += count.unsubscribed
                return .error
            }
            count.add(entry)
        }
        message.reader.end("}")
        return finish(count, &message, &batch)
    }

    /// Reads one book; nil if it cannot be read, and then is wrong.
    @inline(__always)
    private func readBook<Reader>(
        _ message: inout OKXMessage<Reader>,
        isSnapshot: Bool,
        _ named: NamedInstrument,
        _ batch: inout EventBatch
    ) -> EntryCount.Entry? {
        if named.isUnsubscribed { return .unsubscribed }
        let (mark, firstLevel) = (batch.mark(), batch.levels.count)
        let form: ListForm = isSnapshot ? .array : .arrayOrNothing
        var counts: (bids: Int, asks: Int)?
        // A level takes at least eight bytes: ["1",1],
        batch.levels.append(addingCapacity: message.reader.bytesLeft / 8 + 1) { levels in
            counts = Self.readSides(
                &message.reader,
                (#"{"bids":["#, #","asks":["#),
                asksFirst: (#"{"asks":["#, #","bids":["#),
                form,
                &levels
            )
        }
        message.reader.skipIfPresent(#","instId":""#)
        let time = message.reader.milliseconds(#","ts":""#).value
        // A message that is otherwise malformed has its time all the same.
        if let time { batch.advanceFrameTime(to: time) }
        let checksum = OKXDecoder.checksum(message.reader.numberIfPresent(#","checksum":"#))
        let number = message.reader.numberIfPresent(#","seqId":"#)
        let previous = message.reader.numberIfPresent(#","prevSeqId":"#)
        message.reader.end("}")
        guard let instrument = named.index, let counts, let time, !checksum.isMalformed,
            let link = OKXDecoder.link(number, after: previous, isSnapshot: isSnapshot)
        else {
            _ = fault(named.index, &message, mark, &batch)
            return nil
        }
        batch.appendBook(
            instrument,
            isSnapshot: isSnapshot,
            depth: message.channel.depth ?? 0,
            from: firstLevel,
            counts,
            updateID: number.value,
            checksum: checksum.value,
            link: link,
            time: time,
            at: message.receiveTime
        )
        return .read
    }

    private func fault(
        _ instrument: InstrumentIndex?,
        _ message: inout OKXMessage<some MemberReader>,
        _ mark: EventBatch.Mark,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        let depth = message.channel.depth
        batch.appendBookFault(instrument, depth: depth, since: mark, at: message.receiveTime)
        return .error
    }

    /// The bits of a signed number; 0 says that there is none to check.
    @inline(__always)
    private static func checksum(_ value: MemberValue<Int64>) -> MemberValue<UInt32> {
        switch value {
        case .absent, .value(0): return .absent
        case .malformed: return .malformed
        case .value(let number):
            return Int32(exactly: number).map { .value(UInt32(bitPattern: $0)) } ?? .malformed
        }
    }

    /// What a book follows; none of a whole one, and where there are no numbers; nil if they are not as they should be.
    @inline(__always)
    private static func link(
        _ number: MemberValue<Int64>,
        after previous: MemberValue<Int64>,
        isSnapshot: Bool
    ) -> BookLink? {
        if number.isMalformed || previous.isMalformed { return nil }
        guard !isSnapshot, let number = number.value else { return BookLink.none }
        return previous.value.map { BookLink(first: number, previous: $0) }
    }

    @inline(__always)
    static func readLevel(
        _ reader: inout some MemberReader,
        into levels: inout OutputSpan<PriceLevel>
    ) -> Bool {
        reader.appendPairs(to: &levels, .pairAndTwo)
    }

    // MARK: - Trades

    /// Reads trades, as a rule one.
    ///
    /// `{"arg":{"channel":"trades","instId":"BTC-USDT"},"data":[{"instId":"BTC-USDT","tradeId":"…","px":"…","sz":"…",
    /// "side":"buy","ts":"…","count":"1","source":"0","seqId":…}]}`; the last three are younger than the rest.
    @inline(never)
    private func readTrades<Reader>(
        _ message: inout OKXMessage<Reader>,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        guard var trades = message.reader.elements(of: #","data":["#, .array) else {
            return batch.countUnreadableFrame()
        }
        let isAggregate = message.channel == .trades(isAggregate: true)
        var count = EntryCount()
        while message.reader.next(&trades) { count.add(readTrade(&message, isAggregate, &batch)) }
        message.reader.end("}")
        return finish(count, &message, &batch)
    }

    @inline(__always)
    private func readTrade<Reader>(
        _ message: inout OKXMessage<Reader>,
        _ isAggregate: Bool,
        _ batch: inout EventBatch
    ) -> EntryCount.Entry {
        let named = message.reader.instrument(
            #"{"instId":""#,
            or: message.symbol,
            isEmptyNone: false,
            names,
            &batch.instruments
        )
        if named.isUnsubscribed { return .unsubscribed }
        guard let instrument = named.index, let id = message.reader.tradeID(#","tradeId":""#),
            let price = message.reader.positive(#","px":""#), let size = message.reader.positive(#","sz":""#),
            let buys = message.reader.choice(#","side":""#, #"buy""#, #"sell""#),
            let time = message.reader.milliseconds(#","ts":""#).value
        else { return .lost }
        message.reader.skipIfPresent(#","count":""#)
        message.reader.skipIfPresent(#","source":""#)
        message.reader.skipIfPresent(#","seqId":"#)
        message.reader.end("}")
        batch.advanceFrameTime(to: time)
        batch.append(
            Trade(
                instrument: instrument,
                side: buys ? .buy : .sell,
                price: price,
                size: size,
                id: id,
                exchangeTime: time,
                receiveTime: message.receiveTime,
                isAggregate: isAggregate
            )
        )
        return .read
    }

    /// Counts what was lost; an empty list says only that the feed is alive.
    @inline(__always)
    private func finish(
        _ count: EntryCount,
        _ message: inout OKXMessage<some MemberReader>,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        batch.add(count)
        guard count.isEmpty else { return count.outcome }
        switch message.instrument(names, &batch) {
        case .instrument(let instrument):
            let (feeds, depth) = (message.channel.feeds, message.channel.depth)
            batch.append(.live, feeds, instrument, depth: depth, at: message.receiveTime)
        case .unsubscribed: return .unknown
        case .unreadable: break
        }
        return count.outcome
    }
}
