package import MarketModel

/// Decodes one connection of BitMEX's WebSocket; the facts are in `WIRE.md` beside this file.
package struct BitMEXDecoder: OrderingDecoder {
    package let readsInOrder: Bool
    package var names: InstrumentNames
    /// The rows of books, ``BitMEXTable/places`` for each instrument.
    var books: [BitMEXBook] = []
    /// The merged rows of instruments.
    var tickers: [BitMEXTicker] = []
    /// The minute of the last time read.
    var clock = FastTime()
    /// The rows of the message at hand, and the asks of a book of it.
    var rows = ReusedArray<BitMEXRow>()
    var asks = ReusedArray<PriceLevel>()
    /// Books of connections before, emptied: the memory of those to come.
    private var spareBooks: [BitMEXBook] = []

    package init(venue: VenueIndex, readsInOrder: Bool = true) {
        self.readsInOrder = readsInOrder
        names = InstrumentNames(venue: venue)
    }

    package static var plainTexts: [StaticString] { ["ping", "pong"] }

    package mutating func connectionReset() {
        while var book = books.popLast() {
            book.forget()
            spareBooks.append(book)
        }
        tickers.removeAll(keepingCapacity: true)
    }

    /// Decodes rows of a book, trades or quotes whose members come in the usual order; false, and nothing
    /// changed, if it is another message.
    @inline(__always)
    package mutating func decodeInOrder(
        _ frame: UnsafeRawBufferPointer,
        receiveTime: Int64,
        into batch: inout EventBatch
    ) -> Bool {
        var reader = OrderedReader(frame)
        guard reader.cursor.consume(#"{"table":""#),
            let table = BitMEXDecoder.table(&reader.cursor), let action = BitMEXDecoder.action(&reader.cursor)
        else { return false }
        let start = batch.readingStart()
        var message = BitMEXMessage(
            reader: reader,
            table: table,
            action: action,
            receiveTime: receiveTime,
            isProvisional: true
        )
        switch table {
        case .trades: _ = readTrades(&message, &batch)
        case .quotes: _ = readQuotes(&message, &batch)
        default: _ = readBooks(&message, &batch)
        }
        return batch.keeps(message.reader.isComplete, since: start)
    }

    /// Decodes a confirmed subscription of a known symbol.
    ///
    /// `{"success":true,"subscribe":"trade:XBTUSD","request":{"op":"subscribe","args":["trade:XBTUSD",…]}}`
    package mutating func decodeRestInOrder(
        _ frame: UnsafeRawBufferPointer,
        receiveTime: Int64,
        into batch: inout EventBatch
    ) -> FrameOutcome? {
        var cursor = FastCursor(frame)
        guard cursor.consume(#"{"success":true,"subscribe":""#) else { return nil }
        let table: BitMEXTable
        if cursor.consume("orderBookL2:") {
            table = .book
        } else if cursor.consume("trade:") {
            table = .trades
        } else if cursor.consume("instrument:") {
            table = .instruments
        } else if cursor.consume("quote:") {
            table = .quotes
        } else {
            return nil
        }
        guard let name = cursor.name(), let instrument = names.known(name, in: batch.instruments),
            cursor.consume(#","request":{"op":"subscribe","args":["#), cursor.skipTexts(likely: 12),
            cursor.consume("}}"), cursor.left == 0
        else { return nil }
        if !table.kinds.isEmpty {
            batch.append(.live, table.kinds, instrument, depth: table.depth, at: receiveTime)
        }
        return .ignored
    }

    @inline(__always)
    private static func table(_ cursor: inout FastCursor) -> BitMEXTable? {
        if cursor.consume(#"orderBookL2""#) { return .book }
        if cursor.consume(#"trade""#) { return .trades }
        if cursor.consume(#"quote""#) { return .quotes }
        return cursor.consume(#"orderBookL2_25""#) ? .book25 : nil
    }

    @inline(__always)
    private static func action(_ cursor: inout FastCursor) -> BitMEXAction? {
        if cursor.consume(#","action":"update""#) { return .update }
        if cursor.consume(#","action":"insert""#) { return .insert }
        if cursor.consume(#","action":"delete""#) { return .delete }
        return cursor.consume(#","action":"partial""#) && skipHead(&cursor) ? .partial : nil
    }

    /// Moves over what a partial says of its table before its rows.
    ///
    /// `,"keys":["symbol","id","side"],"types":{"symbol":"symbol",…},"foreignKeys":{…},"attributes":{…},"filter":{…}`
    @inline(never)
    private static func skipHead(_ cursor: inout FastCursor) -> Bool {
        if cursor.consume(#","keys":["#), !cursor.skipTexts(likely: 6) { return false }
        if cursor.consume(#","types":{"#), !cursor.skipNamedTexts() { return false }
        if cursor.consume(#","foreignKeys":{"#), !cursor.skipNamedTexts() { return false }
        if cursor.consume(#","attributes":{"#), !cursor.skipNamedTexts() { return false }
        return !cursor.consume(#","filter":{"#) || cursor.skipNamedTexts()
    }

    package mutating func decodeSearching(
        _ frame: UnsafeRawBufferPointer,
        receiveTime: Int64,
        into batch: inout EventBatch
    ) -> FrameOutcome {
        let text = frame.bytes
        let reader = SearchingReader(frame)
        let root = reader.object
        guard let name = root.member("table", in: text) else {
            return decodeAnswer(root, text, receiveTime, &batch)
        }
        guard let table = BitMEXTable(name, in: text) else {
            return BitMEXDecoder.ignoredTables.contains { name.isString($0, in: text) } ? .ignored : .unknown
        }
        guard let action = root.member("action", in: text).flatMap({ BitMEXAction($0, in: text) }) else {
            if table.kinds == .book { return loseBooks(of: table, receiveTime, &batch) }
            return batch.countUnreadableFrame()
        }
        var message = BitMEXMessage(
            reader: reader,
            table: table,
            action: action,
            receiveTime: receiveTime,
            isProvisional: false
        )
        switch table {
        case .book, .book25, .book100: return readBooks(&message, &batch)
        case .window: return readWindows(&message, &batch)
        case .trades: return readTrades(&message, &batch)
        case .quotes: return readQuotes(&message, &batch)
        case .liquidations, .instruments, .funding: return readValues(&message, &batch)
        }
    }

    private static let ignoredTables: [StaticString] = [
        "announcement", "chat", "connected", "insurance", "publicNotifications", "quoteBin1m", "quoteBin5m",
        "quoteBin1h", "quoteBin1d", "settlement", "tradeBin1m", "tradeBin5m", "tradeBin1h", "tradeBin1d",
    ]

    // MARK: - Answers

    /// Acks, which name their topic, and what else is no data.
    private mutating func decodeAnswer(
        _ root: JSONValue,
        _ text: RawSpan,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        guard let (isAccepted, operation, topic) = BitMEX.ack(root, text) else {
            let isKnown = ["info", "success", "error", "status"].contains { root.member($0, in: text) != nil }
            return isKnown ? .ignored : .unknown
        }
        guard isAccepted, let (table, symbol) = BitMEXTable.topic(topic), !table.kinds.isEmpty else {
            return .ignored
        }
        let name = Array(symbol.utf8)
        guard let instrument = names.instrument(of: name.span.bytes, &batch.instruments).index else {
            return .ignored
        }
        let change: FeedStatus.Change = operation == .subscribe ? .live : .unsubscribed
        if change == .unsubscribed, table.depth != nil, table != .window {
            books[place(of: instrument, table)].forget()
        }
        batch.append(change, table.kinds, instrument, depth: table.depth, at: receiveTime)
        return .ignored
    }

    // MARK: - State

    /// The place of a book, which is made if there is none.
    @inline(__always)
    mutating func place(of instrument: InstrumentIndex, _ table: BitMEXTable) -> Int {
        let place = instrument.position &* BitMEXTable.places &+ table.place
        while books.count <= place { books.append(spareBooks.popLast() ?? BitMEXBook()) }
        return place
    }

    /// Counts a message of books of which nothing can be read: all that the table has are wrong.
    mutating func loseBooks(
        of table: BitMEXTable,
        _ receiveTime: Int64,
        _ batch: inout EventBatch
    ) -> FrameOutcome {
        if table != .window {
            for index in books.indices where index % BitMEXTable.places == table.place {
                books[index].forget()
            }
        }
        batch.appendBookFault(nil, depth: table.depth, since: batch.mark(), at: receiveTime)
        return .error
    }
}

extension BitMEXDecoder {
    package mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.field("books", &books)
        try coder.field("tickers", &tickers)
    }
}
