import Exchanges
import MarketModel
import OrderBooks

/// The state of a source's books and tickers at the last served frame, so that later subscribers get the
/// snapshot that a venue would send.
struct ServedBooks {
    /// A book with what its snapshot needs.
    private struct Book {
        var keeper = BookKeeper()
        var updateID: Int64 = 0
        var time: Int64 = 0
        /// As its first seed made it.
        var first: BookMessage?
    }

    private let rules: BookRules
    private let encoder: any FrameEncoder
    private var decoder: any FrameDecoder
    private var batch = EventBatch()
    private var books: [Book] = []
    private var tables: (any ServedTables)?
    /// The frame with the last trades of each symbol, where the venue repeats them.
    private var lastTrades: [String: String] = [:]
    private let repeatsTrades: Bool
    /// The venue's time of the last frame that had one.
    private(set) var time: Int64 = 0
    /// The channel's definitions snapshot: made up, or the source's own once it has passed.
    private var definitions: String?

    init(_ exchange: any Exchange, market: Market, definitions: String?) {
        self.definitions = definitions
        rules = exchange.bookRules
        encoder = exchange.encoder(of: market)
        let server = exchange.server(of: market)
        (tables, repeatsTrades) = (server.makeTables(), server.repeatsTrades)
        let venue = batch.instruments.venue(of: exchange, market)
        decoder = exchange.makeDecoder(market: market, venue: venue)
    }

    /// Updates the state with a reply of the source; returns whether it seeds a book.
    mutating func follow(reply: RawSpan, path: String, at time: Int64) -> Bool {
        batch.removeAll()
        _ = decoder.decodeReply(reply, path: path, receiveTime: time, into: &batch)
        applyBooks()
        return batch.books.count > 0
    }

    /// Updates the state with a frame of the source.
    mutating func follow(_ frame: RawSpan, at time: Int64) {
        batch.removeAll()
        let outcome = decoder.decode(frame, receiveTime: time, into: &batch)
        if batch.definitions?.isWhole == true {
            definitions = frame.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        }
        for index in 0..<batch.statuses.count where batch.statuses[index].change == .bookFault {
            tables?.loseBooks(of: batch.statuses[index].instrument.map { batch.instruments[$0].symbol })
        }
        guard outcome == .decoded else { return }
        self.time = batch.frameTime ?? time
        applyBooks()
        tables?.follow(frame)
        guard repeatsTrades, let trade = batch.trades.first else { return }
        let text = frame.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        lastTrades[batch.instruments[trade.instrument].symbol] = text
    }

    private mutating func applyBooks() {
        while books.count < batch.instruments.count { books.append(Book()) }
        for event in batch.order where event.kind == .book { apply(batch.books[event.index]) }
    }

    private mutating func apply(_ update: BookUpdate) {
        let index = update.instrument.position
        let levels = batch.levels
        _ = books[index].keeper.apply(update, levels: levels.span, connection: 0, rules: rules)
        books[index].updateID = update.updateID ?? 0
        books[index].time = update.exchangeTime ?? update.receiveTime
        guard update.isSeed, books[index].first == nil else { return }
        books[index].first = message(of: books[index], batch.instruments[update.instrument].symbol, 0)
    }

    // MARK: - Snapshots

    /// The snapshot of a topic as the venue would send it now; nil if the topic has none.
    ///
    /// `number` is the connection's message number, for venues that number messages.
    func snapshot(of topic: ServedTopic, number: Int64) -> String? {
        switch topic.state {
        case .definitions: return definitions
        case .trades(let symbol): return lastTrades[symbol]
        case .table(let name): return tables?.snapshot(of: name)
        case .book(let symbol, let depth): return snapshot(of: symbol, depth, number)
        // A source that has not begun tells it itself.
        case .text(let text): return time > 0 ? text : nil
        case .none: return nil
        }
    }

    private func snapshot(of symbol: String, _ depth: UInt32?, _ number: Int64) -> String? {
        for index in books.indices where batch.instruments.instruments[index].symbol == symbol {
            let keeper = books[index].keeper
            guard keeper.book.state == .synced, depth ?? keeper.depth == keeper.depth else { return nil }
            return text(of: books[index], symbol, number)
        }
        return nil
    }

    /// What a seed of a symbol's book says now, or said first; nil if there is none.
    func seed(of symbol: String, isFirst: Bool) -> BookMessage? {
        for index in books.indices where batch.instruments.instruments[index].symbol == symbol {
            if isFirst { return books[index].first }
            guard books[index].keeper.book.state == .synced else { return nil }
            return message(of: books[index], symbol, 0)
        }
        return nil
    }

    private func text(of book: Book, _ symbol: String, _ number: Int64) -> String {
        let message = message(of: book, symbol, number)
        var text = FrameWriter(capacity: 64 * (message.bids.count + message.asks.count + 4))
        encoder.append(message, to: &text)
        return text.string
    }

    private func message(
        of book: Book,
        _ symbol: String,
        _ number: Int64
    ) -> BookMessage {
        var message = BookMessage(symbol: symbol, isSnapshot: true, depth: Int(book.keeper.depth))
        message.bids = (0..<book.keeper.book.knownBids).map { book.keeper.book.bid(at: $0) }
        message.asks = (0..<book.keeper.book.knownAsks).map { book.keeper.book.ask(at: $0) }
        (message.updateID, message.sequence, message.number) = (book.updateID, book.updateID, number)
        message.checksum = rules.checksum(of: book.keeper.book) ?? 0
        (message.exchangeTime, message.time) = (book.time, time)
        return message
    }
}
