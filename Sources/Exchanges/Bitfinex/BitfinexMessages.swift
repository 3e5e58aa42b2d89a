import MarketModel

/// The messages: those that come often in the venue's order, the others by the places of what is read.
extension BitfinexDecoder {
    // MARK: - Books

    /// Reads a level that changed.
    ///
    /// `[146465,[0.46673,1,2231.0474696],19,1617643607462]`
    @inline(__always)
    mutating func readLevel(
        _ message: inout BitfinexMessage<some MemberReader>,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        let level = Self.readLevel(",", &message.reader)
        guard let tail = message.readTail(), message.reader.isComplete else { return fault(message, &batch) }
        count(tail.number, tail.time, message.receiveTime, &batch)
        guard let level, let instrument = message.instrument else { return fault(message, &batch) }
        batch.levels.append(level.level)
        let sides = level.isBid ? (1, 0) : (0, 1)
        append(instrument, sides, isSnapshot: false, at: batch.levels.count - 1, message, &batch)
        return .decoded
    }

    /// Reads a level: price, orders, and amount, negative of asks; without orders it is deleted.
    @inline(__always)
    private static func readLevel(
        _ member: StaticString,
        _ reader: inout some MemberReader
    ) -> (level: PriceLevel, isBid: Bool)? {
        guard let scope = reader.enterList(member) else { return nil }
        let price = reader.positive("[")
        let orders = reader.number(",")
        let amount = reader.decimal(",").value
        reader.leaveList(scope)
        guard let price, let orders, let amount, !amount.isZero else { return nil }
        return (PriceLevel(price: price, size: orders == 0 ? .zero : amount.magnitude), !amount.isNegative)
    }

    /// Reads a whole book or, where changes come in bulk, levels that changed.
    @inline(never)
    mutating func readBook<Reader>(
        _ message: inout BitfinexMessage<Reader>,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        let first = batch.levels.count
        let isRead = readLevels(&message.reader, &batch)
        if !isRead { batch.levels.removeAll(from: first) }
        guard let tail = message.readTail(), message.reader.isComplete else {
            batch.levels.removeAll(from: first)
            return fault(message, &batch)
        }
        count(tail.number, tail.time, message.receiveTime, &batch)
        guard isRead, let instrument = message.instrument else { return fault(message, &batch) }
        let sides = (batch.levels.count - first, asks.count)
        batch.levels.append(contentsOf: asks)
        let isSnapshot = !isBulk || !channels[message.channel].hasBegun
        channels[message.channel].hasBegun = true
        append(instrument, sides, isSnapshot: isSnapshot, at: first, message, &batch)
        return .decoded
    }

    /// Reads the levels of a list: bids into the batch, and asks; false if one cannot be read.
    @inline(__always)
    private mutating func readLevels(_ reader: inout some MemberReader, _ batch: inout EventBatch) -> Bool {
        asks.removeAll()
        guard var entries = reader.elements(of: ",[", .array) else { return false }
        while reader.next(&entries) {
            guard let level = Self.readLevel("", &reader) else {
                reader.abandon(entries)
                return false
            }
            if level.isBid { batch.levels.append(level.level) } else { asks.append(level.level) }
        }
        return true
    }

    /// Reads the checksum of the book as it is, which is a message of its own.
    ///
    /// `[146465,"cs",-1548032498,20,1617643607462]`
    @inline(__always)
    mutating func readChecksum(
        _ message: inout BitfinexMessage<some MemberReader>,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        let checksum = message.reader.numberIfPresent(",").value.flatMap { Int32(exactly: $0) }
        guard let tail = message.readTail(), message.reader.isComplete else { return fault(message, &batch) }
        count(tail.number, tail.time, message.receiveTime, &batch)
        guard let checksum, let instrument = message.instrument else { return fault(message, &batch) }
        let bits = UInt32(bitPattern: checksum)
        append(instrument, (0, 0), isSnapshot: false, checksum: bits, at: batch.levels.count, message, &batch)
        return .decoded
    }

    @inline(__always)
    private func append(
        _ instrument: InstrumentIndex,
        _ sides: (bids: Int, asks: Int),
        isSnapshot: Bool,
        checksum: UInt32? = nil,
        at firstLevel: Int,
        _ message: BitfinexMessage<some MemberReader>,
        _ batch: inout EventBatch
    ) {
        batch.appendBook(
            instrument,
            isSnapshot: isSnapshot,
            depth: channels[message.channel].depth,
            from: firstLevel,
            sides,
            checksum: checksum,
            time: batch.frameTime,
            at: message.receiveTime
        )
    }

    private func fault(
        _ message: BitfinexMessage<some MemberReader>,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        let (depth, mark) = (channels[message.channel].depth, batch.mark())
        batch.appendBookFault(message.instrument, depth: depth, since: mark, at: message.receiveTime)
        return .error
    }

    // MARK: - Trades

    /// Reads a trade, as it is executed or told again.
    ///
    /// `[146481,"te",[658733916,1617643611128,0.7574881,230890],394,1617643611140]`
    @inline(__always)
    mutating func readTrade(
        _ message: inout BitfinexMessage<some MemberReader>,
        isRepeated: Bool,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        let trade = readTrade(",", &message, isSnapshot: false)
        guard let tail = message.readTail(), message.reader.isComplete else {
            return batch.countUnreadableFrame()
        }
        count(tail.number, tail.time, message.receiveTime, &batch)
        guard let trade else { return batch.countUnreadableFrame() }
        if tail.time == nil { batch.frameTime = trade.exchangeTime }
        if isRepeated, wasTold(trade, on: message.channel) {
            batch.append(.live, .trades, trade.instrument, at: message.receiveTime)
            return .decoded
        }
        if !isRepeated {
            if executed.count == Self.mostExecuted { executed.removeFirst(Self.mostExecuted / 2) }
            executed.append(trade.id)
        }
        batch.append(trade)
        return .decoded
    }

    /// More are not remembered: the venue repeats a trade within seconds.
    private static let mostExecuted = 4_096

    /// Whether a trade that is told again was told before: as it was executed, or in the channel's first list.
    private mutating func wasTold(_ trade: Trade, on channel: Int) -> Bool {
        for index in executed.indices where executed[index] == trade.id {
            executed.remove(at: index)
            return true
        }
        return trade.id.number.map { $0 <= channels[channel].lastListed } ?? false
    }

    /// Reads a trade: identifier, time, amount, negative where the taker sold, and price; nil if it cannot be read.
    @inline(__always)
    private func readTrade(
        _ member: StaticString,
        _ message: inout BitfinexMessage<some MemberReader>,
        isSnapshot: Bool
    ) -> Trade? {
        guard let scope = message.reader.enterList(member) else { return nil }
        let id = message.reader.tradeID("[")
        let time = message.reader.milliseconds(",").value
        let amount = message.reader.decimal(",").value
        let price = message.reader.positive(",")
        message.reader.leaveList(scope)
        guard let instrument = message.instrument, let id, !id.isEmpty, let time, let amount, !amount.isZero,
            let price
        else { return nil }
        return Trade(
            instrument: instrument,
            side: amount.isNegative ? .sell : .buy,
            price: price,
            size: amount.magnitude,
            id: id,
            exchangeTime: time,
            receiveTime: message.receiveTime,
            isSnapshot: isSnapshot
        )
    }

    /// Reads the last trades, which a channel begins with, the newest first but for neighbours.
    @inline(never)
    mutating func readTrades<Reader>(
        _ message: inout BitfinexMessage<Reader>,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        listed.removeAll()
        let entries = message.reader.elements(of: ",[", .array)
        var read = EntryCount()
        if var entries {
            while message.reader.next(&entries) {
                let trade = readTrade("", &message, isSnapshot: true)
                read.add(trade == nil ? .lost : .read)
                if let trade { listed.append(trade) }
            }
        }
        guard let tail = message.readTail(), message.reader.isComplete else {
            return batch.countUnreadableFrame()
        }
        count(tail.number, tail.time, message.receiveTime, &batch)
        guard entries != nil else { return batch.countUnreadableFrame() }
        for index in listed.indices {
            let trade = listed[index]
            if tail.time == nil { batch.advanceFrameTime(to: trade.exchangeTime) }
            let last = channels[message.channel].lastListed
            channels[message.channel].lastListed = max(last, trade.id.number ?? 0)
            batch.append(trade)
        }
        return finish(read, message, .trades, &batch)
    }

    /// Counts what was lost; an empty list says only that the feed is alive.
    private func finish(
        _ count: EntryCount,
        _ message: BitfinexMessage<some MemberReader>,
        _ feeds: FeedKinds,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        batch.add(count)
        if count.isEmpty, let instrument = message.instrument {
            batch.append(.live, feeds, instrument, at: message.receiveTime)
        }
        return count.outcome
    }

    // MARK: - Funding and open interest

    /// Reads funding and open interest of a derivative; what is `null` or not there is not known.
    ///
    /// `[335856,[1596124822000,null,0.896,0.771995,null,1396531.67,null,1596153600000,0.0001056,6,null,-0.0138,null,
    /// null,0.7664,null,null,246502.09],21,1596124822451]`: time, last and index price, the next settlement, what has
    /// accrued for it, the current rate, the mark price, the open interest.
    mutating func readDerivative(
        _ list: JSONValue?,
        _ message: inout BitfinexMessage<SearchingReader>,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        guard let tail = count(&message, &batch), let list, let instrument = message.instrument else {
            return batch.countUnreadableFrame()
        }
        let text = message.reader.text
        let (stamp, settlement) = (list.place(0, in: text), list.stated(7, in: text))
        let (time, due) = (stamp?.milliseconds(in: text), settlement?.milliseconds(in: text))
        if tail.time == nil { batch.frameTime = time }
        let (current, amount) = (list.stated(11, in: text), list.stated(17, in: text))
        let (rate, interest) = (current?.decimal(in: text), amount?.magnitude(in: text))
        let price = list.stated(14, in: text)
        let mark = price?.magnitude(in: text)
        guard let time, due != nil || settlement == nil, rate != nil || current == nil,
            interest != nil || amount == nil, mark != nil || price == nil
        else { return batch.countUnreadableFrame() }
        var silent = channels[message.channel].feeds
        if let rate {
            silent.remove(.fundingRates)
            batch.append(
                FundingRate(
                    instrument: instrument,
                    rate: rate,
                    nextFundingTime: due,
                    intervalHours: nil,
                    exchangeTime: time,
                    receiveTime: message.receiveTime
                )
            )
        }
        if let interest {
            silent.remove(.openInterest)
            batch.append(
                OpenInterest(
                    instrument: instrument,
                    openInterest: interest,
                    value: nil,
                    markPrice: mark?.isZero == true ? nil : mark,
                    exchangeTime: time,
                    receiveTime: message.receiveTime
                )
            )
        }
        if !silent.isEmpty { batch.append(.live, silent, instrument, at: message.receiveTime) }
        return .decoded
    }

    // MARK: - Liquidations

    /// An order of the first list that is older than a minute is from before the subscription.
    private static let oldAge = 60 * UnixTime.second

    /// Reads forced orders of all symbols.
    ///
    /// `[907,[["pos",143679087,1594036710534,null,"tETHF0:USTF0",-8.6007,222.248906484356,null,0,1,null,null]],8]`: the
    /// position and when it is closed, its symbol, its amount, negative of a short, its price, and whether this is a
    /// trade of the closing.
    mutating func readForcedOrders(
        _ list: JSONValue?,
        _ message: inout BitfinexMessage<SearchingReader>,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        guard let tail = count(&message, &batch), let list else { return batch.countUnreadableFrame() }
        let text = message.reader.text
        let isFirst = !channels[message.channel].hasBegun
        channels[message.channel].hasBegun = true
        var (read, entries) = (EntryCount(), list.elements(in: text))
        while let entry = entries.next(in: text) {
            guard let symbol = entry.place(4, in: text),
                let isMatch = entry.place(8, in: text)?.number(in: text),
                0...1 ~= isMatch, entry.place(0, in: text)?.isString("pos", in: text) == true
            else {
                read.add(.lost)
                continue
            }
            if isMatch == 1 { continue }
            let named = names.instrument(of: symbol, in: text, &batch.instruments)
            // Those of symbols that other connections have channels of are told there.
            var isOfOthers = !met.isEmpty
            for index in met.indices where met[index] == named.index { isOfOthers = false }
            if named.isUnsubscribed || named.index != nil && isOfOthers {
                read.add(.unsubscribed)
                continue
            }
            guard let instrument = named.index, let time = entry.place(2, in: text)?.milliseconds(in: text),
                let amount = entry.place(5, in: text)?.decimal(in: text), !amount.isZero,
                let price = entry.place(6, in: text)?.positive(in: text)
            else {
                read.add(.lost)
                continue
            }
            read.add(.read)
            if tail.time == nil { batch.advanceFrameTime(to: time) }
            batch.append(
                Liquidation(
                    instrument: instrument,
                    side: amount.isNegative ? .buy : .sell,
                    price: price,
                    size: amount.magnitude,
                    exchangeTime: time,
                    receiveTime: message.receiveTime,
                    // Behind an ack comes what was closed last, be it hours ago.
                    isSnapshot: isFirst && (tail.time ?? message.receiveTime) &- time > Self.oldAge
                )
            )
        }
        return finish(read, message, .liquidations, &batch)
    }
}
