package import MarketModel

/// Decodes one connection of Coinbase Advanced Trade's WebSocket; the facts are in `WIRE.md` beside this
/// file.
package struct CoinbaseDecoder: OrderingDecoder {
    package let readsInOrder: Bool
    package private(set) var sequences: (verified: Int, broken: Int) = (0, 0)
    private var lastNumber: Int64?
    var subscriptions = CoinbaseSubscriptions()
    package var names: InstrumentNames
    /// Asks of the message at hand: on the wire both sides are mixed, in a batch bids come first.
    var asks = ReusedArray<PriceLevel>()
    var clock = FastTime()

    package init(venue: VenueIndex, readsInOrder: Bool = true) {
        self.readsInOrder = readsInOrder
        names = InstrumentNames(venue: venue)
    }

    package mutating func connectionReset() {
        lastNumber = nil
        subscriptions = CoinbaseSubscriptions()
    }

    /// Decodes a message of books or trades whose members come in the usual order; false, and nothing changed, if it
    /// is another.
    @inline(__always)
    package mutating func decodeInOrder(
        _ frame: UnsafeRawBufferPointer,
        receiveTime: Int64,
        into batch: inout EventBatch
    ) -> Bool {
        var reader = OrderedReader(frame)
        guard reader.cursor.consume(#"{"channel":""#) else { return false }
        let isBook = reader.cursor.consume(#"l2_data""#)
        guard isBook || reader.cursor.consume(#"market_trades""#) else { return false }
        let (start, numbers) = (batch.readingStart(), (lastNumber, sequences))
        var message = CoinbaseMessage(reader: reader, receiveTime: receiveTime)
        readPrefix(&message, &batch)
        _ = isBook ? readBooks(&message, &batch) : readTrades(&message, &batch)
        if batch.keeps(message.reader.isComplete, since: start) { return true }
        (lastNumber, sequences) = numbers
        return false
    }

    package mutating func decodeSearching(
        _ frame: UnsafeRawBufferPointer,
        receiveTime: Int64,
        into batch: inout EventBatch
    ) -> FrameOutcome {
        let text = frame.bytes
        var message = CoinbaseMessage(reader: SearchingReader(frame), receiveTime: receiveTime)
        readPrefix(&message, &batch)
        let root = message.reader.object
        guard let channel = root.member("channel", in: text) else {
            return root.member("type", in: text)?.isString("error", in: text) == true ? .ignored : .unknown
        }
        if channel.isString("l2_data", in: text) { return readBooks(&message, &batch) }
        if channel.isString("market_trades", in: text) { return readTrades(&message, &batch) }
        if channel.isString("subscriptions", in: text) {
            subscriptions.confirm(root, in: text, names, at: receiveTime, &batch)
            return .ignored
        }
        return CoinbaseDecoder.isIgnored(channel, text) ? .ignored : .unknown
    }

    private static func isIgnored(_ channel: JSONValue, _ text: RawSpan) -> Bool {
        channel.isString("heartbeats", in: text) || channel.isString("ticker", in: text)
            || channel.isString("ticker_batch", in: text) || channel.isString("candles", in: text)
            || channel.isString("status", in: text)
    }

    /// Reads the time and the number of a message; `client_id` is in older captures.
    @inline(__always)
    private mutating func readPrefix(
        _ message: inout CoinbaseMessage<some MemberReader>,
        _ batch: inout EventBatch
    ) {
        message.reader.skipIfPresent(#","client_id":""#)
        message.time = message.reader.time(#","timestamp":""#, &clock)
        batch.frameTime = message.time.value
        if let number = message.reader.number(#","sequence_num":"#) {
            count(number, message.receiveTime, &batch)
        }
    }

    /// Counts the number of a message; anything but the one that follows breaks the whole connection.
    @inline(__always)
    private mutating func count(_ number: Int64, _ receiveTime: Int64, _ batch: inout EventBatch) {
        defer { lastNumber = number }
        guard let lastNumber else { return }
        if lastNumber != .max, number == lastNumber &+ 1 {
            sequences.verified += 1
        } else {
            sequences.broken += 1
            batch.append(.connectionBreak, .all, nil, at: receiveTime)
        }
    }
}

extension CoinbaseDecoder {
    package mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.field("sequences", &sequences.verified)
        try coder.field("broken", &sequences.broken)
        try coder.field("lastNumber", &lastNumber)
        try coder.field("subscriptions", &subscriptions)
    }
}
