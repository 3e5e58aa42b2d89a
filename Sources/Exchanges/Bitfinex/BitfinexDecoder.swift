package import MarketModel

/// Decodes one connection of Bitfinex's WebSocket v2; the facts are in `WIRE.md` beside this file.
package struct BitfinexDecoder: OrderingDecoder {
    package let readsInOrder: Bool
    package var names: InstrumentNames
    package private(set) var sequences: (verified: Int, broken: Int) = (0, 0)
    private var lastNumber: Int64?
    /// What frames of each number are about, by the acks.
    var channels: [BitfinexChannel] = []
    /// Where the channels of the last numbers are, by their last six bits.
    private var places = [UInt8](repeating: 0, count: 64)
    /// The instruments that channels of the connection were of.
    private(set) var met: [InstrumentIndex] = []
    /// Trades that were told as they were executed, and are told again.
    var executed: [TradeID] = []
    /// Whether changes of a book come as lists, as the whole book does.
    var isBulk = false
    /// Asks of the message at hand: a list may mix both sides, in a batch bids come first.
    var asks = ReusedArray<PriceLevel>()
    /// Trades of the list at hand: its number, which stands behind them, is counted first.
    var listed = ReusedArray<Trade>()

    package init(venue: VenueIndex, readsInOrder: Bool = true) {
        self.readsInOrder = readsInOrder
        names = InstrumentNames(venue: venue)
    }

    /// What symbols name is looked up again.
    package mutating func restrict(to symbols: SubscribedSymbols) {
        names.restrict(to: symbols)
        for index in channels.indices { channels[index].instrument = nil }
    }

    package mutating func connectionReset() {
        lastNumber = nil
        channels.removeAll(keepingCapacity: true)
        met.removeAll(keepingCapacity: true)
        executed.removeAll(keepingCapacity: true)
        isBulk = false
    }

    /// The list that a message holds: the channel's number before it and the counters behind it are the connection's own.
    package func payload(of frame: RawSpan) -> Range<Int> {
        guard JSONValidator.isValid(frame) else { return 0..<frame.byteCount }
        var elements = JSONValue.root(of: frame).elements(in: frame)
        guard elements.next(in: frame) != nil, let content = elements.next(in: frame) else {
            return 0..<frame.byteCount
        }
        return content.start..<content.end
    }

    /// Looks up what a channel's symbol names; nothing if it was not subscribed.
    private mutating func lookUp(_ index: Int, _ batch: inout EventBatch) {
        guard channels[index].instrument == nil, !channels[index].symbol.isEmpty else { return }
        let symbol = channels[index].symbol
        channels[index].instrument = names.instrument(of: symbol.span.bytes, &batch.instruments).index
    }

    @inline(__always)
    private mutating func channel(_ number: Int64) -> Int? {
        let place = Int(places[Int(number & 63)])
        if place < channels.count, channels[place].number == number { return place }
        return findChannel(number)
    }

    @inline(never)
    private mutating func findChannel(_ number: Int64) -> Int? {
        for index in channels.indices where channels[index].number == number {
            places[Int(number & 63)] = UInt8(truncatingIfNeeded: index)
            return index
        }
        return nil
    }

    /// Decodes a book, a level of it, its checksum, a trade or a list of them in the usual form; false, and nothing changed, if it is
    /// another message.
    @inline(__always)
    package mutating func decodeInOrder(
        _ frame: UnsafeRawBufferPointer,
        receiveTime: Int64,
        into batch: inout EventBatch
    ) -> Bool {
        var reader = OrderedReader(frame)
        guard reader.cursor.consume("["), let number = reader.cursor.whole(), let index = channel(number),
            let instrument = channels[index].instrument
        else { return false }
        let (isBook, isTrades) = (channels[index].kind == .book, channels[index].kind == .trades)
        let isArray = (isBook || isTrades) && reader.cursor.isNext(",[") && reader.cursor.left > 2
        let isList = isArray && reader.cursor.byte(reader.cursor.offset &+ 2) == 0x5b
        let isLevel = isArray && isBook
        let isChecksum = isBook && !isLevel && reader.cursor.consume(#","cs""#)
        let isExecution = isTrades && !isList && reader.cursor.consume(#","te""#)
        guard
            isLevel || isList || isChecksum || isExecution
                || isTrades && reader.cursor.consume(#","tu""#)
        else { return false }
        let (start, numbers) = (batch.readingStart(), (lastNumber, sequences))
        var message = BitfinexMessage(
            reader: reader,
            channel: index,
            instrument: instrument,
            receiveTime: receiveTime
        )
        if isList {
            _ = isBook ? readBook(&message, &batch) : readTrades(&message, &batch)
        } else if isLevel {
            _ = readLevel(&message, &batch)
        } else if isChecksum {
            _ = readChecksum(&message, &batch)
        } else {
            _ = readTrade(&message, isRepeated: !isExecution, &batch)
        }
        if batch.keeps(message.reader.isComplete, since: start) { return true }
        (lastNumber, sequences) = numbers
        return false
    }

    /// Decodes a heartbeat, and numbers of a channel that is not read.
    package mutating func decodeRestInOrder(
        _ frame: UnsafeRawBufferPointer,
        receiveTime: Int64,
        into batch: inout EventBatch
    ) -> FrameOutcome? {
        var reader = OrderedReader(frame)
        guard reader.cursor.consume("["), let number = reader.cursor.whole(), let index = channel(number)
        else { return nil }
        let (kind, instrument) = (channels[index].kind, channels[index].instrument)
        if reader.cursor.consume(#","hb""#) {
            guard kind == .ignored || kind == .liquidations || instrument != nil else { return nil }
        } else {
            guard kind == .ignored, reader.cursor.consume(",["), reader.cursor.skipNumberList()
            else { return nil }
        }
        var message = BitfinexMessage(
            reader: reader,
            channel: index,
            instrument: instrument,
            receiveTime: receiveTime
        )
        guard let tail = message.readTail(), message.reader.isComplete else { return nil }
        count(tail.number, tail.time, receiveTime, &batch)
        return kind == .ignored ? .ignored : tell(.live, of: index, receiveTime, &batch)
    }

    package mutating func decodeSearching(
        _ frame: UnsafeRawBufferPointer,
        receiveTime: Int64,
        into batch: inout EventBatch
    ) -> FrameOutcome {
        let root = JSONValue.root(of: frame.bytes)
        switch root.kind(in: frame.bytes) {
        case .array: return decodeData(root, frame, receiveTime, &batch)
        case .object: return decodeEvent(root, frame.bytes, receiveTime, &batch)
        default: return .unknown
        }
    }

    // MARK: - Data

    /// `[channel, …]`: a list or, behind a word that says what it is, one entry; then the numbers asked for.
    private mutating func decodeData(
        _ root: JSONValue,
        _ frame: UnsafeRawBufferPointer,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        let text = frame.bytes
        var elements = root.elements(in: text)
        guard let number = elements.next(in: text)?.number(in: text) else { return .unknown }
        var rest = elements
        guard let second = rest.next(in: text) else { return .unknown }
        let word = second.kind(in: text) == .string ? second : nil
        if word != nil { elements = rest }
        let isHeartbeat = word?.isString("hb", in: text) == true
        let index = channel(number)
        var instrument: InstrumentIndex?
        if let index, channels[index].kind != .ignored {
            lookUp(index, &batch)
            instrument = channels[index].instrument
        }
        var content = elements
        let value = isHeartbeat ? nil : content.next(in: text)
        var message = BitfinexMessage(
            reader: SearchingReader(frame, in: content),
            channel: index ?? -1,
            instrument: instrument,
            receiveTime: receiveTime
        )
        // What is not of one entry begins with its numbers: they are read here, before it.
        guard let index, instrument != nil || channels[index].kind == .liquidations, !isHeartbeat else {
            guard count(&message, &batch) != nil else { return batch.countUnreadableFrame() }
            guard let index else { return isHeartbeat ? .ignored : .unknown }
            if channels[index].kind == .ignored { return .ignored }
            if isHeartbeat, instrument != nil || channels[index].kind == .liquidations {
                return tell(.live, of: index, receiveTime, &batch)
            }
            return batch.countUnsubscribedFrame()
        }
        let single = SearchingReader(frame, in: elements)
        let list = value?.kind(in: text) == .array ? value : nil
        var entries = list?.elements(in: text)
        let first = entries?.next(in: text)?.kind(in: text)
        switch (channels[index].kind, word) {
        case (.book, nil):
            message.reader = single
            if list != nil, first == nil || first == .array { return readBook(&message, &batch) }
            return readLevel(&message, &batch)
        case (.book, let word?) where word.isString("cs", in: text):
            message.reader = single
            return readChecksum(&message, &batch)
        case (.trades, nil):
            message.reader = single
            return readTrades(&message, &batch)
        case (.trades, let word?) where word.isString("te", in: text) || word.isString("tu", in: text):
            message.reader = single
            return readTrade(&message, isRepeated: word.isString("tu", in: text), &batch)
        case (.derivative, nil): return readDerivative(list, &message, &batch)
        case (.liquidations, nil): return readForcedOrders(list, &message, &batch)
        default: return count(&message, &batch) == nil ? batch.countUnreadableFrame() : .unknown
        }
    }

    /// Counts the number behind a message that was read; nil if that cannot be read.
    mutating func count(
        _ message: inout BitfinexMessage<SearchingReader>,
        _ batch: inout EventBatch
    ) -> BitfinexMessage<SearchingReader>.Tail? {
        guard let tail = message.readTail() else { return nil }
        count(tail.number, tail.time, message.receiveTime, &batch)
        return tail
    }

    /// Counts the number of a message; anything but the one that follows breaks the whole connection.
    @inline(__always)
    mutating func count(
        _ number: Int64?,
        _ time: Int64?,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) {
        batch.frameTime = time
        guard let number else { return }
        defer { lastNumber = number }
        guard let lastNumber else { return }
        if number == lastNumber &+ 1 {
            sequences.verified += 1
        } else {
            sequences.broken += 1
            batch.append(.connectionBreak, .all, nil, at: receiveTime)
        }
    }

    // MARK: - Events

    private mutating func decodeEvent(
        _ root: JSONValue,
        _ text: RawSpan,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        guard let event = root.member("event", in: text) else { return .unknown }
        // The venue stamps no acks so far; a fake exchange does, and rows in exchange basis need it.
        batch.frameTime = root.member("ts", in: text)?.milliseconds(in: text)
        if event.isString("subscribed", in: text) {
            begin(root, text, receiveTime, &batch)
        } else if event.isString("unsubscribed", in: text) {
            if let number = root.member("chanId", in: text)?.number(in: text), let index = channel(number) {
                lookUp(index, &batch)
                _ = tell(.unsubscribed, of: index, receiveTime, &batch)
                channels.remove(at: index)
            }
        } else if event.isString("conf", in: text) {
            if root.member("status", in: text)?.isString("OK", in: text) == true {
                isBulk = (root.member("flags", in: text)?.number(in: text) ?? 0) & Bitfinex.bulkFlag != 0
            }
        } else if event.isString("info", in: text) {
            // What was missed in maintenance has no number.
            if root.member("code", in: text)?.number(in: text) == Bitfinex.maintenanceEnded {
                batch.append(.connectionBreak, .all, nil, at: receiveTime)
            }
        } else if !event.isString("error", in: text), !event.isString("pong", in: text) {
            return .unknown
        }
        return .ignored
    }

    private mutating func begin(
        _ ack: JSONValue,
        _ text: RawSpan,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) {
        let channel = BitfinexChannel(ack, in: text)
        guard channel.number != nil else { return }
        channels.removeAll { $0.number == channel.number }
        channels.append(channel)
        if channel.kind == .ignored { return }
        let index = channels.count - 1
        lookUp(index, &batch)
        _ = tell(.live, of: index, receiveTime, &batch)
        guard let instrument = channels[index].instrument, !met.contains(instrument) else { return }
        // Its liquidations are live from its first channel on, if those of all are.
        met.append(instrument)
        guard channels.contains(where: { $0.kind == .liquidations }) else { return }
        batch.append(.live, .liquidations, instrument, at: receiveTime)
    }

    /// Says that the feeds of a channel begin, end or are alive.
    private mutating func tell(
        _ change: FeedStatus.Change,
        of index: Int,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        let (feeds, depth) = (channels[index].feeds, channels[index].depth)
        if channels[index].kind == .liquidations {
            for instrument in met { batch.append(change, feeds, instrument, at: receiveTime) }
        } else if let instrument = channels[index].instrument {
            let depth = feeds == .book ? depth : nil
            batch.append(change, feeds, instrument, depth: depth, at: receiveTime)
        }
        return .decoded
    }
}

extension BitfinexDecoder {
    package mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.field("sequences", &sequences.verified)
        try coder.field("broken", &sequences.broken)
        try coder.field("lastNumber", &lastNumber)
        try coder.field("channels", &channels)
        try coder.field("met", &met)
        try coder.field("executed", &executed)
        try coder.field("isBulk", &isBulk)
    }
}
