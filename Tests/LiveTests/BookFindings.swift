import Exchanges
import Features
import MarketModel
import OrderBooks
import Pipeline
import Rows
import Simulation

/// What a reader of a session with seeds finds: the books after each message, and the values.
final class BookFindings: RowSink {
    var rows: [MarketAggregate] = []
    /// A synced book by symbol and number, as text.
    var books: [String: String] = [:]
    var interests: [String] = []
    /// By symbol, in their order.
    var trades: [String: [String]] = [:]
    var seeds = 0
    /// The number of each symbol's last seed.
    private var seeded: [String: Int64] = [:]
    let wants: RowNeeds = .events

    func write(_ row: borrowing Row) { rows.append(row.aggregate) }

    func applied(_ event: EventReference, of batch: borrowing EventBatch, books keepers: Span<BookKeeper>) {
        if event.kind == .openInterest {
            let interest = batch.openInterests[event.index]
            interests.append("\(batch.instruments[interest.instrument].symbol) \(interest.openInterest)")
        }
        if event.kind == .trade {
            let trade = batch.trades[event.index]
            let symbol = batch.instruments[trade.instrument].symbol
            trades[symbol, default: []].append("\(trade.id) \(trade.side) \(trade.price) \(trade.size)")
        }
        guard event.kind == .book else { return }
        let update = batch.books[event.index]
        let position = update.instrument.position
        let (symbol, number) = (batch.instruments[update.instrument].symbol, update.updateID ?? 0)
        if update.isSeed {
            seeds += 1
            seeded[symbol] = number
        }
        // Behind a late seed come deltas that it has overtaken, and it takes newer ones along.
        guard keepers[position].book.state == .synced, !update.isSeed, number > seeded[symbol] ?? 0 else {
            return
        }
        books["\(symbol) \(number)"] = Self.text(of: keepers[position].book)
    }

    static func text(of book: borrowing OrderBook) -> String {
        let bids = (0..<book.bidCount).map { "\(book.bid(at: $0).price)x\(book.bid(at: $0).size)" }
        let asks = (0..<book.askCount).map { "\(book.ask(at: $0).price)x\(book.ask(at: $0).size)" }
        return "\(bids.joined(separator: " ")) | \(asks.joined(separator: " "))"
    }

    /// The books of a simulation after each delta, made of nothing but its frames and first seeds; its trades.
    static func reference(
        _ plan: SimulationPlan,
        _ exchange: any Exchange,
        _ market: Market
    ) throws -> BookFindings {
        // As it is served.
        var plan = plan
        plan.hasSeedsAtOnce = true
        var session = try SimulatedSession(plan)
        var batch = EventBatch()
        let venue = batch.instruments.venue(of: exchange, market)
        var decoder = exchange.makeDecoder(market: market, venue: venue)
        var keepers = plan.venues[0].symbols.map { _ in BookKeeper() }
        let (found, rules) = (BookFindings(), exchange.bookRules)
        while session.next({ frame, bytes in
            batch.removeAll()
            switch frame.kind {
            case .received: _ = decoder.decode(bytes, receiveTime: frame.time, into: &batch)
            case .reply:
                _ = decoder.decodeReply(bytes, path: frame.path, receiveTime: frame.time, into: &batch)
            case .sent, .status: return
            }
            for event in batch.order {
                if event.kind == .book {
                    let (update, levels) = (batch.books[event.index], batch.levels)
                    _ = keepers[update.instrument.position].apply(
                        update,
                        levels: levels.span,
                        connection: 0,
                        rules: rules
                    )
                }
                found.applied(event, of: batch, books: keepers.span)
            }
        }) {}
        return found
    }
}
