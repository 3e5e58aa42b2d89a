import Exchanges
import MarketModel
import OrderBooks

/// The state of a source's books and tickers at the frame that was served last, so that who subscribes in
/// the middle gets the snapshot that a venue would send.
struct ServedBooks {
    /// A book as a snapshot needs it.
    private struct Book {
        var keeper = BookKeeper()
        var updateID: Int64 = 0
        var time: Int64 = 0
    }

    private let exchange: any Exchange
    private var decoder: any FrameDecoder
    private var batch = EventBatch()
    private var books: [Book] = []
    private var tickers: [TickerState] = []
    /// The venue's time of the last frame that had one.
    private(set) var time: Int64 = 0
    private let hasTickers: Bool
    /// The channel's snapshot of what the venue offers: made, or that of the source once it has passed.
    private var definitions: String?

    init(_ exchange: any Exchange, market: Market, definitions: String?) {
        self.exchange = exchange
        self.definitions = definitions
        hasTickers = exchange.name == "bybit" && market != .spot
        let venue = batch.instruments.venue(exchange: exchange.name, market: market)
        decoder = exchange.makeDecoder(market: market, venue: venue)
    }

    /// Takes note of a frame of the source.
    mutating func follow(_ frame: RawSpan, at time: Int64) {
        batch.removeAll()
        let outcome = decoder.decode(frame, receiveTime: time, into: &batch)
        if batch.definitions?.isWhole == true {
            definitions = frame.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        }
        guard outcome == .decoded else { return }
        self.time = batch.frameTime ?? time
        while books.count < batch.instruments.count { books.append(Book()) }
        for event in batch.order where event.kind == .book { apply(batch.books[event.index]) }
        if hasTickers { TickerState.follow(frame, &tickers) }
    }

    private mutating func apply(_ update: BookUpdate) {
        let index = update.instrument.position
        _ = Self.apply(update, of: batch, to: &books[index].keeper, exchange.bookRules)
        books[index].updateID = update.updateID ?? 0
        books[index].time = update.exchangeTime ?? update.receiveTime
    }

    private static func apply(
        _ update: BookUpdate,
        of batch: borrowing EventBatch,
        to keeper: inout BookKeeper,
        _ rules: BookRules
    ) -> BookOutcome {
        keeper.apply(update, levels: batch.levels.span, connection: 0, rules: rules)
    }

    // MARK: - Snapshots

    /// The snapshot of a topic as the venue would send it now; nil if the topic has none.
    ///
    /// `number` is the connection's message number, at venues that count them.
    func snapshot(of topic: ServedTopic, number: Int64) -> String? {
        if topic == .definitions { return definitions }
        if let symbol = topic.ticker {
            return tickers.first { $0.symbol == symbol }?.snapshot
        }
        guard let wanted = topic.book else { return nil }
        for index in books.indices where batch.instruments.instruments[index].symbol == wanted.symbol {
            let book = books[index]
            guard book.keeper.book.state == .synced, wanted.depth ?? book.keeper.depth == book.keeper.depth
            else {
                return nil
            }
            return text(of: book, wanted.symbol, number)
        }
        return nil
    }

    private func text(of book: Book, _ symbol: String, _ number: Int64) -> String {
        switch exchange.name {
        case "bybit": bybit(book, symbol)
        case "coinbase": coinbase(book, symbol, number)
        default: kraken(book, symbol)
        }
    }

    private func levels(
        of book: borrowing OrderBook,
        isBid: Bool,
        _ text: (PriceLevel) -> String
    ) -> String {
        let count = isBid ? book.bidCount : book.askCount
        return (0..<count).map { text(isBid ? book.bid(at: $0) : book.ask(at: $0)) }.joined(separator: ",")
    }

    private func bybit(_ book: Book, _ symbol: String) -> String {
        let level = { (level: PriceLevel) in "[\"\(level.price)\",\"\(level.size)\"]" }
        let (bids, asks) = (
            levels(of: book.keeper.book, isBid: true, level),
            levels(of: book.keeper.book, isBid: false, level)
        )
        return #"{"topic":"orderbook.\#(book.keeper.depth).\#(symbol)","type":"snapshot","#
            + #""ts":\#(time / UnixTime.millisecond),"data":{"s":"\#(symbol)","b":[\#(bids)],"a":[\#(asks)],"#
            + #""u":\#(book.updateID),"seq":\#(book.updateID)},"cts":\#(book.time / UnixTime.millisecond)}"#
    }

    private func coinbase(_ book: Book, _ symbol: String, _ number: Int64) -> String {
        let stamp = UnixTime.rfc3339(time, fractionDigits: 9)
        let level = { (side: String, level: PriceLevel) in
            #"{"side":"\#(side)","event_time":"\#(stamp)","price_level":"\#(level.price)","#
                + #""new_quantity":"\#(level.size)"}"#
        }
        let bids = levels(of: book.keeper.book, isBid: true) { level("bid", $0) }
        let asks = levels(of: book.keeper.book, isBid: false) { level("offer", $0) }
        let comma = bids.isEmpty || asks.isEmpty ? "" : ","
        return #"{"channel":"l2_data","client_id":"","timestamp":"\#(stamp)","sequence_num":\#(number),"#
            + #""events":[{"type":"snapshot","product_id":"\#(symbol)","updates":[\#(bids)\#(comma)\#(asks)]}]}"#
    }

    private func kraken(_ book: Book, _ symbol: String) -> String {
        let level = { (level: PriceLevel) in #"{"price":\#(level.price),"qty":\#(level.size)}"# }
        let bids = levels(of: book.keeper.book, isBid: true, level)
        let asks = levels(of: book.keeper.book, isBid: false, level)
        let sum = exchange.bookRules.checksum(of: book.keeper.book) ?? 0
        return #"{"channel":"book","type":"snapshot","data":[{"symbol":"\#(symbol)","bids":[\#(bids)],"#
            + #""asks":[\#(asks)],"checksum":\#(sum),"timestamp":"\#(UnixTime.rfc3339(book.time, fractionDigits: 6))"}]}"#
    }
}
