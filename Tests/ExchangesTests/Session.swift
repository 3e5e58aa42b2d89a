import MarketModel
import OrderBooks

@testable import Exchanges

/// A book message and the keeper just after it.
struct SeenBook {
    var update: BookUpdate
    var symbol: String
    var keeper: BookKeeper
    var outcome: BookOutcome
}

/// One connection decoded and its books kept, frame by frame.
struct Session {
    let exchange: any Exchange
    let market: Market
    var decoder: any FrameDecoder
    var batch = EventBatch()
    var keepers: [BookKeeper] = []
    var outcomes: [FrameOutcome: Int] = [:]
    var errors = 0

    init(_ exchange: any Exchange, _ market: Market, readsInOrder: Bool = true) {
        self.exchange = exchange
        self.market = market
        let venue = batch.instruments.venue(of: exchange, market)
        decoder =
            readsInOrder
            ? exchange.makeDecoder(market: market, venue: venue)
            : exchange.makeSearchingDecoder(market: market, venue: venue)
    }

    /// Decodes a frame and applies its books; `look` sees each after it was applied.
    mutating func take(
        _ frame: [UInt8],
        at time: Int64 = 0,
        connection: Int32 = 0,
        request: String? = nil,
        _ look: (SeenBook) throws -> Void
    ) rethrows -> FrameOutcome {
        batch.removeAll()
        let outcome = decode(frame, at: time, request)
        outcomes[outcome, default: 0] += 1
        errors += batch.errorCount
        while keepers.count < batch.instruments.count { keepers.append(BookKeeper()) }
        for book in batch.books {
            let position = book.instrument.position
            var keeper = keepers[position]
            let outcome = keeper.apply(
                book,
                levels: batch.levels.span,
                connection: connection,
                rules: exchange.bookRules
            )
            keepers[position] = keeper
            let symbol = symbol(book.instrument)
            try look(SeenBook(update: book, symbol: symbol, keeper: keeper, outcome: outcome))
        }
        for index in 0..<batch.tops.count {
            keepers[batch.tops[index].instrument.position].check(batch.tops[index])
        }
        return outcome
    }

    private mutating func decode(_ frame: [UInt8], at time: Int64, _ request: String?) -> FrameOutcome {
        guard let request else { return decoder.decode(frame.span.bytes, receiveTime: time, into: &batch) }
        return decoder.decodeReply(frame.span.bytes, path: request, receiveTime: time, into: &batch)
    }

    mutating func take(_ frame: [UInt8], at time: Int64 = 0) -> FrameOutcome {
        take(frame, at: time) { _ in }
    }

    mutating func take(_ frame: String, at time: Int64 = 0) -> FrameOutcome {
        take(Array(frame.utf8), at: time)
    }

    func symbol(_ index: InstrumentIndex) -> String { batch.instruments[index].symbol }

    /// The counts of all books together.
    var counts: BookCounts {
        keepers.reduce(into: BookCounts()) { sum, keeper in
            sum.sequencesVerified += keeper.counts.sequencesVerified
            sum.sequencesBroken += keeper.counts.sequencesBroken
            sum.checksumsVerified += keeper.counts.checksumsVerified
            sum.checksumsFailed += keeper.counts.checksumsFailed
            sum.topsVerified += keeper.counts.topsVerified
            sum.topsFailed += keeper.counts.topsFailed
            sum.crossedSeen += keeper.counts.crossedSeen
            sum.gaps += keeper.counts.gaps
        }
    }
}

extension OrderBook {
    /// The best levels as `[[price, size], …]` with the digits of the wire.
    func bestBids(_ limit: Int) -> [[String]] {
        (0..<min(limit, bidCount)).map { [bid(at: $0).price.description, bid(at: $0).size.description] }
    }

    func bestAsks(_ limit: Int) -> [[String]] {
        (0..<min(limit, askCount)).map { [ask(at: $0).price.description, ask(at: $0).size.description] }
    }
}
