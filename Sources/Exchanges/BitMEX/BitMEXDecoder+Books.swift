import MarketModel

/// Books: rows that are told once, and then by their keys.
extension BitMEXDecoder: SidesDecoder {
    /// Reads rows of books, as a rule of one.
    ///
    /// `{"table":"orderBookL2","action":"update","data":[{"symbol":"XBTUSD","id":8799345950,"side":"Sell",
    /// "size":142598},…]}`; from 2022 on with a `timestamp`, from 2023 on with the `price` too. Nothing is done before all
    /// rows were read.
    @inline(never)
    mutating func readBooks<Reader>(
        _ message: inout BitMEXMessage<Reader>,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        rows.removeAll()
        guard var entries = message.reader.elements(of: #","data":["#, .array) else {
            if message.isProvisional { return .error }
            return loseBooks(of: message.table, message.receiveTime, &batch)
        }
        while message.reader.next(&entries) { rows.append(readRow(&message, &batch)) }
        message.reader.end("}")
        guard message.reader.isComplete else { return .error }
        if message.action == .partial, rows.isEmpty {
            return message.isProvisional ? batch.countUnreadableFrame() : readEmpty(message, &batch)
        }
        return apply(message.table, message.action, message.isProvisional, message.receiveTime, &batch)
    }

    @inline(__always)
    private mutating func readRow(
        _ message: inout BitMEXMessage<some MemberReader>,
        _ batch: inout EventBatch
    ) -> BitMEXRow {
        let named = message.reader.instrument(#"{"symbol":""#, &names, &batch.instruments)
        let id = message.reader.number(#","id":"#)
        let buys = message.reader.choice(#","side":""#, #"Buy""#, #"Sell""#)
        var size: FixedDecimal? = .zero
        if message.action == .delete {
            message.reader.skipIfPresent(#","size":"#)
        } else {
            size = message.reader.magnitude(#","size":"#)
        }
        let price = message.reader.magnitudeIfPresent(#","price":"#)
        var time = MemberValue<Int64>.absent
        if !message.reader.isNext("}") {
            message.reader.skipIfPresent(#","pool":""#)
            time = message.reader.timeIfPresent(#","timestamp":""#, &clock)
            message.reader.skipIfPresent(#","transactTime":""#)
            message.reader.skipIfPresent(#","pool":""#)
        }
        message.reader.end("}")
        batch.advanceFrameTime(to: time.value)
        var row = BitMEXRow(subject: BitMEXRow.Subject(named), time: time.value)
        guard let id, id >> 61 == 0, let buys, let size, !price.isMalformed, price.value?.isZero != true,
            !time.isMalformed
        else { return row }
        row.key = UInt64(id) << 2 | (buys ? 3 : 1)
        row.level = PriceLevel(price: price.value ?? .zero, size: size)
        return row
    }

    /// A partial without rows is an empty book of the symbol it was asked for.
    private mutating func readEmpty(
        _ message: BitMEXMessage<some MemberReader>,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        var message = message
        let scope = message.reader.enter(#","filter":{"#)
        let named = message.reader.instrument(#","symbol":""#, &names, &batch.instruments)
        message.reader.leave(scope)
        guard let instrument = named.index else {
            if named.isUnsubscribed { return batch.countUnsubscribedFrame() }
            return loseBooks(of: message.table, message.receiveTime, &batch)
        }
        books[place(of: instrument, message.table)].begin()
        batch.appendBook(
            instrument,
            isSnapshot: true,
            depth: message.table.depth ?? 0,
            from: batch.levels.count,
            (0, 0),
            time: nil,
            at: message.receiveTime
        )
        return .decoded
    }

    // MARK: - Applying

    /// Applies the rows of a message, book by book; one that is at odds with those that there are makes its book wrong.
    @inline(__always)
    private mutating func apply(
        _ table: BitMEXTable,
        _ action: BitMEXAction,
        _ isProvisional: Bool,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        var (count, start) = (EntryCount(), 0)
        while start < rows.count {
            var end = start + 1
            while end < rows.count, rows[end].isOfSameBook(as: rows[start]) { end += 1 }
            switch rows[start].subject {
            case .unsubscribed: for _ in start..<end { count.add(.unsubscribed) }
            case .unreadable:
                _ = loseBooks(of: table, receiveTime, &batch)
                count.add(.lost)
            case .instrument(let instrument):
                let place = place(of: instrument, table)
                let mark = batch.mark()
                if let failed = apply(start..<end, place, action, instrument, table, receiveTime, &batch) {
                    if isProvisional { return takeBack(failed, table, action, &batch) }
                    books[place].forget()
                    batch.appendBookFault(instrument, depth: table.depth, since: mark, at: receiveTime)
                    count.add(.lost)
                } else {
                    count.add(.read)
                }
            }
            start = end
        }
        // What was lost is counted with the fault that says so.
        batch.unsubscribedCount += count.unsubscribed
        return count.outcome
    }

    /// Applies rows of one book; the index of the row that does not fit, nil if all do.
    @inline(__always)
    private mutating func apply(
        _ range: Range<Int>,
        _ place: Int,
        _ action: BitMEXAction,
        _ instrument: InstrumentIndex,
        _ table: BitMEXTable,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) -> Int? {
        if action == .partial { books[place].begin() }
        // What comes before the partial is part of it.
        guard books[place].isKnown else {
            batch.append(.live, .book, instrument, depth: table.depth, at: receiveTime)
            return nil
        }
        let firstLevel = batch.levels.count
        var time = Int64.min
        asks.removeAll()
        for index in range {
            let row = rows[index]
            time = max(time, row.time)
            guard let level = books[place].apply(row, action) else { return index }
            if action == .delete { rows[index].level = level }
            if row.isBid { batch.levels.append(level) } else { asks.append(level) }
        }
        let stamp = time == .min ? nil : time
        let bidCount = batch.levels.count - firstLevel
        if !asks.isEmpty { batch.levels.append(contentsOf: asks) }
        batch.appendBook(
            instrument,
            isSnapshot: action == .partial,
            depth: table.depth ?? 0,
            from: firstLevel,
            (bidCount, asks.count),
            time: stamp,
            at: receiveTime
        )
        return nil
    }

    /// Takes back the rows before the one at an index, of a message that is to be read again.
    @inline(never)
    private mutating func takeBack(
        _ end: Int,
        _ table: BitMEXTable,
        _ action: BitMEXAction,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        for index in (0..<end).reversed() {
            guard case .instrument(let instrument) = rows[index].subject else { continue }
            let place = place(of: instrument, table)
            if books[place].isKnown { books[place].revert(rows[index], action) }
        }
        return batch.countUnreadableFrame()
    }

    // MARK: - Whole books of ten levels

    /// Reads books of which each message is whole.
    ///
    /// `{"table":"orderBook10","action":"update","data":[{"symbol":"XBTUSD","bids":[[8565,18],…],"asks":[[8565.5,43],…],
    /// "timestamp":"…"}]}`
    mutating func readWindows(
        _ message: inout BitMEXMessage<SearchingReader>,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        guard var entries = message.reader.elements(of: #","data":["#, .array) else {
            return loseBooks(of: .window, message.receiveTime, &batch)
        }
        var count = EntryCount()
        while message.reader.next(&entries) {
            let (mark, firstLevel) = (batch.mark(), batch.levels.count)
            let named = message.reader.instrument(#"{"symbol":""#, &names, &batch.instruments)
            if named.isUnsubscribed {
                count.add(.unsubscribed)
                continue
            }
            let time = message.reader.timeIfPresent(#","timestamp":""#, &clock)
            batch.advanceFrameTime(to: time.value)
            var counts: (bids: Int, asks: Int)?
            // A level takes at least five bytes.
            batch.levels.append(addingCapacity: message.reader.bytesLeft / 5 + 1) { levels in
                let (bids, asks) = (#","bids":["#, #","asks":["#) as (StaticString, StaticString)
                counts = Self.readSides(&message.reader, bids: bids, asks: asks, .array, &levels)
            }
            guard let instrument = named.index, let counts, !time.isMalformed else {
                batch.appendBookFault(named.index, depth: 10, since: mark, at: message.receiveTime)
                count.add(.lost)
                continue
            }
            batch.appendBook(
                instrument,
                isSnapshot: true,
                depth: 10,
                from: firstLevel,
                counts,
                time: time.value,
                at: message.receiveTime
            )
            count.add(.read)
        }
        batch.unsubscribedCount += count.unsubscribed
        return count.outcome
    }

    static func readLevel(
        _ reader: inout some MemberReader,
        into levels: inout OutputSpan<PriceLevel>
    ) -> Bool {
        reader.appendPairs(to: &levels, .pair)
    }
}

extension BitMEXRow.Subject {
    fileprivate init(_ named: NamedInstrument) {
        switch named {
        case .instrument(let instrument): self = .instrument(instrument)
        case .unsubscribed: self = .unsubscribed
        case .unreadable: self = .unreadable
        }
    }
}
