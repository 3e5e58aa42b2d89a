import Exchanges
import MarketModel
import OrderBooks
import Simulation
import Testing

/// A market in figures: tops of its book by the second, its trades and their times.
private struct MarketFigures {
    /// The middle of the book at each second, in units of the price's last digit.
    var middles: [Double] = []
    var spreads: [Double] = []
    var tradeTimes: [Int64] = []
    var sizes: [Double] = []

    init(exchange name: String, market: Market, symbol: String, minutes: Int64) throws {
        let venue = try SimulationPlan.Venue(exchange: name, market: market, symbols: [symbol])
        var plan = SimulationPlan(seed: 11, venues: [venue])
        plan.duration = minutes * 60 * UnixTime.second
        let exchange = try #require(ExchangeCatalog.standard.named(name))
        var session = try SimulatedSession(plan)
        var batch = EventBatch()
        let index = batch.instruments.venue(exchange: name, market: market)
        var decoder = exchange.makeDecoder(market: market, venue: index)
        var keeper = BookKeeper()
        var going = true
        while going {
            going = session.next { frame, bytes in
                batch.removeAll()
                switch frame.kind {
                case .received: _ = decoder.decode(bytes, receiveTime: frame.time, into: &batch)
                case .reply:
                    _ = decoder.decodeReply(
                        bytes,
                        path: frame.path,
                        receiveTime: frame.time,
                        into: &batch
                    )
                case .sent, .status: return
                }
                for update in batch.books {
                    _ = keeper.apply(
                        update,
                        levels: batch.levels.span,
                        connection: 0,
                        rules: exchange.bookRules
                    )
                }
                look(keeper.book, plan.start, frame.time)
                guard let first = batch.trades.first, !first.isSnapshot else { return }
                tradeTimes.append(first.exchangeTime)
                sizes += batch.trades.map { $0.size.doubleValue }
            }
        }
    }

    private mutating func look(_ book: borrowing OrderBook, _ start: Int64, _ time: Int64) {
        guard book.state == .synced, book.bidCount > 0, book.askCount > 0 else { return }
        let (bid, ask) = (book.bid(at: 0).price.doubleValue, book.ask(at: 0).price.doubleValue)
        spreads.append(ask - bid)
        let second = Int((time - start) / UnixTime.second)
        while middles.count <= second { middles.append((bid + ask) / 2) }
        middles[second] = (bid + ask) / 2
    }

    var returns: [Double] { zip(middles.dropFirst(), middles).map { ($0 - $1) / $1 } }
}

private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(1, values.count)) }

private func variance(_ values: [Double]) -> Double {
    let middle = mean(values)
    return mean(values.map { ($0 - middle) * ($0 - middle) })
}

private func correlation(_ values: [Double], lag: Int) -> Double {
    let middle = mean(values)
    let products = zip(values, values.dropFirst(lag)).map { ($0 - middle) * ($1 - middle) }
    return mean(products) / variance(values)
}

/// Facts common to markets, in sessions of a fixed seed: the results are the same on every machine.
///
/// Sources: Cont, "Empirical properties of asset returns: stylized facts and statistical issues".
@Suite("Simulated markets look like markets")
struct PlausibilityTests {
    private static let markets: [(String, Market, String, Double)] = [
        ("bybit", .linear, "BTCUSDT", 0.1), ("bybit", .spot, "ETHUSDT", 0.01),
        ("coinbase", .spot, "BTC-USD", 0.01), ("kraken", .spot, "BTC/USD", 0.1),
        ("binance", .linear, "BTCUSDT", 0.1),
    ]

    @Test(
        "wild times cluster, tails are heavy, prices cannot be foretold, spreads are tight",
        arguments: markets
    )
    func facts(exchange: String, market: Market, symbol: String, tick: Double) throws {
        let seen = try MarketFigures(exchange: exchange, market: market, symbol: symbol, minutes: 15)
        let returns = seen.returns
        #expect(returns.count > 850)
        let sizes = returns.map(abs)
        // For independent returns it would be within 0.1 of zero.
        #expect(mean((1...5).map { correlation(sizes, lag: $0) }) > 0.05)
        #expect(abs(correlation(returns, lag: 1)) < 0.3)
        let (middle, spread) = (mean(returns), variance(returns))
        let fourth = mean(returns.map { ($0 - middle) * ($0 - middle) * ($0 - middle) * ($0 - middle) })
        #expect(fourth / (spread * spread) > 6)
        // A year's volatility, of a quarter of an hour: between calm and wild.
        let yearly = (spread * 31_557_600).squareRoot()
        #expect(yearly > 0.05 && yearly < 3)
        let tight = seen.spreads.count { $0 < 1.5 * tick }
        #expect(Double(tight) / Double(seen.spreads.count) > 0.9)
    }

    @Test("orders come in clusters, and few of them make most of the volume", arguments: markets)
    func orders(exchange: String, market: Market, symbol: String, tick: Double) throws {
        let seen = try MarketFigures(exchange: exchange, market: market, symbol: symbol, minutes: 15)
        let first = try #require(seen.tradeTimes.first)
        var counts = [Double](repeating: 0, count: 15 * 60)
        for time in seen.tradeTimes {
            let second = Int((time - first) / UnixTime.second)
            if counts.indices.contains(second) { counts[second] += 1 }
        }
        // The variance of a Poisson process' counts is their mean.
        #expect(variance(counts) / mean(counts) > 1.5)
        let sorted = seen.sizes.sorted()
        #expect(mean(sorted) > 2 * sorted[sorted.count / 2])
        let top = sorted.suffix(sorted.count / 10).reduce(0, +)
        #expect(top > 0.4 * sorted.reduce(0, +))
    }
}
