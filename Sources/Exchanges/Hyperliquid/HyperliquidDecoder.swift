package import MarketModel

/// Decodes one connection of Hyperliquid's WebSocket; the facts are in `WIRE.md` beside this file.
package struct HyperliquidDecoder: OrderingDecoder {
    package let readsInOrder: Bool
    package var names: InstrumentNames
    /// Subscribed since their last list of trades: the next one is of before.
    var awaitingList: [InstrumentIndex] = []
    /// Those of them that the message at hand names.
    var listed: [InstrumentIndex] = []
    /// Books whose levels were asked for summed up.
    private var summedBooks: [InstrumentIndex] = []

    package init(venue: VenueIndex, readsInOrder: Bool = true) {
        self.readsInOrder = readsInOrder
        names = InstrumentNames(venue: venue)
    }

    package mutating func connectionReset() {
        awaitingList.removeAll(keepingCapacity: true)
        summedBooks.removeAll(keepingCapacity: true)
    }

    /// Decodes a book, trades or a context whose members come in the usual order; false, and nothing changed, if it is
    /// another message.
    @inline(__always)
    package mutating func decodeInOrder(
        _ frame: UnsafeRawBufferPointer,
        receiveTime: Int64,
        into batch: inout EventBatch
    ) -> Bool {
        var reader = OrderedReader(frame)
        guard reader.cursor.consume(#"{"channel":""#) else { return false }
        let isBook = reader.cursor.consume(#"l2Book""#)
        let isTrade = !isBook && reader.cursor.consume(#"trades""#)
        guard isBook || isTrade || reader.cursor.consume(#"activeAssetCtx""#) else { return false }
        let start = batch.readingStart()
        var message = HyperliquidMessage(reader: reader, receiveTime: receiveTime)
        if isBook {
            _ = readBook(&message, &batch)
        } else if isTrade {
            _ = readTrades(&message, &batch)
        } else {
            _ = readContext(&message, &batch)
        }
        return batch.keeps(message.reader.isComplete, since: start)
    }

    /// Decodes a confirmed subscription of a known coin.
    package mutating func decodeRestInOrder(
        _ frame: UnsafeRawBufferPointer,
        receiveTime: Int64,
        into batch: inout EventBatch
    ) -> FrameOutcome? {
        var cursor = FastCursor(frame)
        let head: StaticString =
            #"{"channel":"subscriptionResponse","data":{"method":"subscribe","subscription":{"type":""#
        guard cursor.consume(head) else { return nil }
        let isBook = cursor.consume(#"l2Book""#)
        let isTrades = !isBook && cursor.consume(#"trades""#)
        guard isBook || isTrades || cursor.consume(#"activeAssetCtx""#), cursor.consume(#","coin":""#),
            let name = cursor.name(), let instrument = names.known(name, in: batch.instruments)
        else { return nil }
        var isFast = false
        if isBook, cursor.consume(#","nSigFigs":null,"mantissa":null,"fast":"#) {
            guard let flag = cursor.bool() else { return nil }
            isFast = flag
        }
        guard cursor.consume("}}}"), cursor.left == 0 else { return nil }
        let kinds: FeedKinds = isBook ? .book : isTrades ? .trades : Self.feeds
        // Pairs have no contexts.
        let symbol = batch.instruments[instrument].symbol
        if kinds == Self.feeds, Hyperliquid().market(ofSymbol: symbol) == .spot { return nil }
        let depth = isBook ? UInt32(isFast ? Hyperliquid.fastDepth : Hyperliquid.usualDepth) : nil
        confirm(instrument, kinds, depth: depth, .live, receiveTime, &batch)
        return .ignored
    }

    package mutating func decodeSearching(
        _ frame: UnsafeRawBufferPointer,
        receiveTime: Int64,
        into batch: inout EventBatch
    ) -> FrameOutcome {
        let text = frame.bytes
        var message = HyperliquidMessage(reader: SearchingReader(frame), receiveTime: receiveTime)
        let root = message.reader.object
        guard let channel = root.member("channel", in: text) else { return .unknown }
        if channel.isString("l2Book", in: text) { return readBook(&message, &batch) }
        if channel.isString("trades", in: text) { return readTrades(&message, &batch) }
        if channel.isString("activeAssetCtx", in: text) { return readContext(&message, &batch) }
        if channel.isString("subscriptionResponse", in: text) {
            if let data = root.member("data", in: text), let (topic, change) = Hyperliquid.ack(data, text) {
                confirm(topic, change, receiveTime, &batch)
            }
            return .ignored
        }
        return HyperliquidDecoder.ignored.contains { channel.isString($0, in: text) } ? .ignored : .unknown
    }

    private static let ignored: [StaticString] = [
        "pong", "error", "bbo", "allMids", "candle", "activeSpotAssetCtx", "notification", "post",
        "webData2", "webData3", "user", "userEvents", "userFills", "userFundings",
        "userNonFundingLedgerUpdates", "userHistoricalOrders", "userTwapSliceFills", "userTwapHistory",
        "twapStates", "orderUpdates", "openOrders", "clearinghouseState", "spotState", "activeAssetData",
        "allDexsClearinghouseState", "allDexsAssetCtxs", "outcomeMetaUpdates",
    ]

    private mutating func confirm(
        _ topic: HyperliquidTopic,
        _ change: FeedStatus.Change,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) {
        guard !topic.kinds.isEmpty || topic.isSummed else { return }
        let coin = Array(topic.coin.utf8)
        guard let instrument = names.instrument(of: coin.span.bytes, &batch.instruments).index else { return }
        if topic.channel == "l2Book", topic.isSummed {
            summedBooks.removeAll { $0 == instrument }
            if change == .live { summedBooks.append(instrument) }
        }
        if topic.kinds.isEmpty { return }
        confirm(instrument, topic.kinds, depth: topic.depth, change, receiveTime, &batch)
    }

    private mutating func confirm(
        _ instrument: InstrumentIndex,
        _ kinds: FeedKinds,
        depth: UInt32?,
        _ change: FeedStatus.Change,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) {
        if kinds == .trades {
            awaitingList.removeAll { $0 == instrument }
            if change == .live { awaitingList.append(instrument) }
        }
        batch.append(change, kinds, instrument, depth: depth, at: receiveTime)
    }

    // MARK: - What acks said

    /// Whether the messages of a book tell prices that are sums of several.
    @inline(__always)
    func isSummed(_ instrument: InstrumentIndex) -> Bool {
        !summedBooks.isEmpty && summedBooks.contains(instrument)
    }

    /// Whether a list of trades would be the first since it was subscribed.
    @inline(__always)
    func awaitsList(_ instrument: InstrumentIndex) -> Bool {
        !awaitingList.isEmpty && awaitingList.contains(instrument)
    }
}

extension HyperliquidDecoder {
    package mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.field("awaitingList", &awaitingList)
        try coder.field("summedBooks", &summedBooks)
    }
}
