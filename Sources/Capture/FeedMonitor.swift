import Exchanges
import MarketModel
import OrderBooks

/// Watches the frames of one connection with the exchange's own rules: acks, refusals, sequences, checksums,
/// which topics are alive.
///
/// It changes nothing of what is logged.
struct FeedMonitor: Sendable {
    /// What a frame told.
    struct Findings: Sendable {
        /// Whether it carries market data: acks, heartbeats and pongs do not.
        var isData = false
        /// The topic of the data, for the watch over silence; nil if it is exempt.
        var topic: String?
        /// Topics the venue confirmed for the first time in this connection attempt.
        var confirmed: [String] = []
        /// Why a request was refused.
        var rejection: String?
        /// Books that turned wrong.
        var lost: [(symbol: String, depth: UInt32, cause: String)] = []
        /// Books that got their snapshot after having been wrong.
        var restored: [String] = []
        /// Trades that never came, where their numbers tell: how many of which symbol, and why.
        var missed: [(symbol: String, count: UInt64, cause: String)] = []
        /// The numbers of the connection's messages have a gap.
        var isBroken = false
        /// What the venue says of instruments it offers.
        var definitions: DefinitionList?
    }

    private let exchange: Exchange
    private var decoder: any FrameDecoder
    private var batch = EventBatch()
    private var keepers: [BookKeeper] = []
    private var confirmed: [FeedKinds] = []
    private var names: [[String]] = []
    /// The number of each instrument's last trade, and whether it came before the connection was lost.
    private var lastTrades: [(number: UInt64, isBefore: Bool)?] = []
    /// Frames nobody named, or of which nothing could be read.
    private(set) var unknownFrames: UInt64 = 0
    private(set) var errorFrames: UInt64 = 0

    init(_ exchange: Exchange, market: Market) {
        self.exchange = exchange
        let venue = batch.instruments.venue(exchange: exchange.name, market: market)
        decoder = exchange.makeDecoder(market: market, venue: venue)
    }

    /// A new connection attempt: books are wrong until their snapshots, and nothing is confirmed.
    mutating func connectionReset() {
        decoder.connectionReset()
        for place in keepers.indices { _ = keepers[place].connectionEnded(0) }
        confirmed = confirmed.map { _ in [] }
        for place in lastTrades.indices { lastTrades[place]?.isBefore = true }
    }

    mutating func sent(_ text: String, at time: Int64) {
        let bytes = Array(text.utf8)
        decoder.sent(bytes.span.bytes, receiveTime: time)
    }

    /// Reads a received frame.
    mutating func receive(_ frame: RawSpan, at time: Int64) -> Findings {
        var findings = Findings()
        batch.removeAll()
        let outcome = decoder.decode(frame, receiveTime: time, into: &batch)
        if outcome == .unknown { unknownFrames += 1 }
        if outcome == .error { errorFrames += 1 }
        findings.definitions = batch.definitions
        makeRoom()
        for event in batch.order { take(event, &findings) }
        if !findings.isData, frame.byteCount <= 16 << 10 {
            findings.rejection = exchange.rejection(in: frame)
        }
        return findings
    }

    /// The instruments whose books are followed, with the depth of their topics.
    var books: [(symbol: String, depth: UInt32)] {
        keepers.indices.compactMap { place in
            keepers[place].connection == nil
                ? nil : (batch.instruments.instruments[place].symbol, keepers[place].depth)
        }
    }

    private mutating func makeRoom() {
        while keepers.count < batch.instruments.count {
            let symbol = batch.instruments.instruments[keepers.count].symbol
            keepers.append(BookKeeper())
            confirmed.append([])
            lastTrades.append(nil)
            names.append(["book", "trades", "ticker"].map { "\($0)/\(symbol)" })
        }
    }

    private mutating func take(_ event: EventReference, _ findings: inout Findings) {
        switch event.kind {
        case .book:
            let book = batch.books[event.place]
            findings.isData = true
            findings.topic = names[book.instrument.position][0]
            apply(book, &findings)
        case .trade:
            findings.isData = true
            findings.topic = names[batch.trades[event.place].instrument.position][1]
            if exchange.capture.numbersTrades { number(batch.trades[event.place], &findings) }
        case .fundingRate:
            findings.isData = true
            findings.topic = names[batch.fundingRates[event.place].instrument.position][2]
        case .openInterest:
            findings.isData = true
            findings.topic = names[batch.openInterests[event.place].instrument.position][2]
        case .liquidation: findings.isData = true
        case .status: take(batch.statuses[event.place], &findings)
        }
    }

    /// Compares a trade's number with the last one's; lists of older trades say nothing.
    private mutating func number(_ trade: Trade, _ findings: inout Findings) {
        let text = trade.id.withBytes { String(decoding: $0, as: UTF8.self) }
        guard !trade.isSnapshot, let number = UInt64(text) else { return }
        let place = trade.instrument.position
        defer { lastTrades[place] = (max(number, lastTrades[place]?.number ?? 0), false) }
        guard let last = lastTrades[place], number > last.number, number - last.number > 1 else { return }
        let symbol = batch.instruments.instruments[place].symbol
        findings.missed.append(
            (symbol, number - last.number - 1, last.isBefore ? "disconnect" : "sequence")
        )
    }

    private mutating func apply(_ update: BookUpdate, _ findings: inout Findings) {
        let place = update.instrument.position
        let wasWrong = keepers[place].gapCause != nil
        let outcome = Self.apply(update, of: batch, to: &keepers[place], exchange.bookRules)
        let symbol = batch.instruments.instruments[place].symbol
        switch outcome {
        case .gapped(let cause): findings.lost.append((symbol, keepers[place].depth, "\(cause)"))
        case .applied where wasWrong: findings.restored.append(symbol)
        case .applied, .unapplied, .ignored: break
        }
    }

    /// Apart from `self`, so that the batch's levels and the book are seen to be different things.
    private static func apply(
        _ update: BookUpdate,
        of batch: borrowing EventBatch,
        to keeper: inout BookKeeper,
        _ rules: BookRules
    ) -> BookOutcome {
        keeper.apply(update, levels: batch.levels.span, connection: 0, rules: rules)
    }

    private mutating func take(_ status: FeedStatus, _ findings: inout Findings) {
        switch status.change {
        case .connectionBreak:
            findings.isBroken = true
            for place in keepers.indices { _ = keepers[place].connectionLost(0) }
        case .bookFault:
            guard let instrument = status.instrument,
                keepers[instrument.position].messageLost(connection: 0, depth: status.depth)
            else { return }
            let symbol = batch.instruments[instrument].symbol
            findings.lost.append((symbol, keepers[instrument.position].depth, "malformed"))
        case .live:
            guard let instrument = status.instrument,
                !confirmed[instrument.position].isSuperset(of: status.kinds)
            else { return }
            confirmed[instrument.position].formUnion(status.kinds)
            findings.confirmed.append(Self.topic(status.kinds, batch.instruments[instrument].symbol))
        case .unsubscribed:
            guard let instrument = status.instrument else { return }
            confirmed[instrument.position].subtract(status.kinds)
        }
    }

    private static func topic(_ kinds: FeedKinds, _ symbol: String) -> String {
        if kinds.contains(.book) { return "book/\(symbol)" }
        if kinds.contains(.trades) { return "trades/\(symbol)" }
        return kinds.contains(.liquidations) ? "liquidations/\(symbol)" : "ticker/\(symbol)"
    }
}
