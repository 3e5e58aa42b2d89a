import Exchanges
import Foundation
import MarketModel
import OrderBooks
import Testing

/// What cryptofeed 3.0.1 and tardis-node 18.2.0 made of the same frames, line by line.
@Suite("Peers", .enabled(if: Recordings.areThere, "skipped, no recordings"))
struct PeersTests {
    private static let bybit = "bybit/v5-linear-SOLUSDT-DOGEUSDT-20260809"
    private static let coinbase = "coinbase/advanced-trade-BTCUSD-ETHUSD-20260809-first300"
    private static let kraken = "kraken/v2-BTCUSD-book10-20230730"

    /// A book event as cryptofeed prints it, and ours in the same words.
    struct BookLine: Equatable {
        var line: Int
        var isSnapshot: Bool
        var counts: [Int]
        var bids: [[String]]
        var asks: [[String]]
    }

    @Test(
        "cryptofeed's books: level counts and the best five levels after every message",
        arguments: [
            ("bybit", bybit, "bybit-SOLUSDT-DOGEUSDT-cryptofeed-3.0.1", 763),
            ("coinbase", coinbase, "coinbase-first300-cryptofeed-3.0.1", 220),
            ("kraken", kraken, "kraken-v2-20230730-cryptofeed-3.0.1", 510),
        ]
    )
    func books(exchange: String, recording: String, oracle: String, count: Int) throws {
        let theirs = try Recordings.objects("oracles/" + oracle).filter { $0["ch"] as? String == "l2_book" }
        let expected = try theirs.map { object in
            BookLine(
                line: try #require((object["line"] ?? object["i"]) as? Int),
                isSnapshot: try #require(object["snapshot"] as? Bool),
                counts: [try #require(object["nb"] as? Int), try #require(object["na"] as? Int)],
                bids: try #require(object["bids"] as? [[String]]),
                asks: try #require(object["asks"] as? [[String]])
            )
        }
        var ours: [BookLine] = []
        try PeersTests.replay(exchange, recording) { frame, session in
            _ = session.take(frame.bytes, at: frame.receiveTime) { seen in
                ours.append(
                    BookLine(
                        line: frame.line,
                        isSnapshot: seen.update.isSnapshot,
                        counts: [seen.keeper.book.bidCount, seen.keeper.book.askCount],
                        bids: seen.keeper.book.bestBids(5),
                        asks: seen.keeper.book.bestAsks(5)
                    )
                )
            }
        }
        #expect(expected.count == count && ours.count == count)
        for (mine, peer) in zip(ours, expected) { try #require(mine == peer) }
    }

    @Test(
        "cryptofeed's trades: price, size, taker side, id, time",
        arguments: [
            ("bybit", bybit, "bybit-SOLUSDT-DOGEUSDT-cryptofeed-3.0.1", 248),
            ("coinbase", coinbase, "coinbase-first300-cryptofeed-3.0.1", 224),
        ]
    )
    func trades(exchange: String, recording: String, oracle: String, count: Int) throws {
        var expected: [String] = []
        for object in try Recordings.objects("oracles/" + oracle) where object["ch"] as? String == "trades" {
            let time = try #require(object["timestamp"] as? Double)
            expected.append(
                [
                    "\(try #require(object["line"] as? Int))", try #require(object["id"] as? String),
                    try #require(object["side"] as? String), try #require(object["price"] as? String),
                    // Python prints 0.00000015 as 1.5E-7: the same decimal.
                    try FixedDecimal(try #require(object["amount"] as? String)).description,
                    "\(Int64((time * 1e6).rounded()))",
                ].joined(separator: " ")
            )
        }
        let ours = try PeersTests.tradeLines(exchange, recording, timeUnit: 1000)
        // cryptofeed keeps Coinbase's order, the newest first; we hand on the oldest first.
        #expect(ours.count == count)
        #expect(ours.sorted() == expected.sorted())
    }

    @Test("tardis's trades on Bybit")
    func tardisTrades() throws {
        var expected: [String] = []
        for object in try Recordings.objects("oracles/bybit-SOLUSDT-DOGEUSDT-tardis-node-18.2.0") {
            let price = try #require(object["price"] as? Double)
            let amount = try #require(object["amount"] as? Double)
            let stamp = try #require(object["timestamp"] as? String)
            expected.append(
                [
                    "\(try #require(object["line"] as? Int))", try #require(object["id"] as? String),
                    try #require(object["side"] as? String), "\(price)", "\(amount)",
                    "\(try #require(UnixTime.parse(rfc3339: stamp)) / 1_000_000)",
                ].joined(separator: " ")
            )
        }
        let ours = try PeersTests.tradeLines("bybit", PeersTests.bybit, timeUnit: 1_000_000, asDoubles: true)
        #expect(expected.count == 248)
        #expect(ours == expected)
    }

    @Test("funding and open interest: cryptofeed's merged state where we emit, no change where we do not")
    func tickers() throws {
        var rates: [Int: String] = [:]
        var interests: [Int: String] = [:]
        for object in try Recordings.objects("oracles/bybit-SOLUSDT-DOGEUSDT-cryptofeed-3.0.1") {
            guard let line = object["line"] as? Int else { continue }
            if object["ch"] as? String == "funding" {
                let next = try #require(object["next_funding_time"] as? Double)
                rates[line] = "\(try #require(object["rate"] as? String)) \(Int64(next))"
            } else if object["ch"] as? String == "open_interest" {
                interests[line] = object["open_interest"] as? String
            }
        }
        // cryptofeed repeats the merged state at every ticker (357 lines each); we emit an event only when
        // a field of it is on the wire: 3 and 45.
        #expect(rates.count == 357 && interests.count == 357)
        var (fundingEvents, interestEvents) = (0, 0)
        var (rate, interest): ([String: String], [String: String]) = ([:], [:])
        try PeersTests.replay("bybit", PeersTests.bybit) { frame, session in
            _ = session.take(frame.bytes, at: frame.receiveTime)
            for event in session.batch.fundingRates {
                fundingEvents += 1
                let next = (event.nextFundingTime ?? 0) / 1_000_000_000
                rate[session.symbol(event.instrument)] = "\(event.rate) \(next)"
                #expect(event.intervalHours == FixedDecimal(mantissa: 8, scale: 0))
            }
            for event in session.batch.openInterests {
                interestEvents += 1
                interest[session.symbol(event.instrument)] = event.openInterest.description
            }
            guard let theirs = rates[frame.line], let symbol = try PeersTests.symbol(frame) else { return }
            try #require(rate[symbol] == theirs, "line \(frame.line)")
            try #require(interest[symbol] == interests[frame.line], "line \(frame.line)")
        }
        #expect((fundingEvents, interestEvents) == (3, 45))
    }

    @Test("tardis's tickers on Bybit: open interest, funding and its time")
    func tardisTickers() throws {
        var expected: [Int: [String: Any]] = [:]
        for object in try Recordings.objects("oracles/bybit-SOLUSDT-DOGEUSDT-tickers-tardis-node-18.2.0") {
            expected[try #require(object["line"] as? Int)] = object
        }
        #expect(expected.count == 90)
        var (rate, interest): ([String: FundingRate], [String: OpenInterest]) = ([:], [:])
        try PeersTests.replay("bybit", PeersTests.bybit) { frame, session in
            _ = session.take(frame.bytes, at: frame.receiveTime)
            for event in session.batch.fundingRates { rate[session.symbol(event.instrument)] = event }
            for event in session.batch.openInterests { interest[session.symbol(event.instrument)] = event }
            guard let theirs = expected[frame.line], let symbol = theirs["symbol"] as? String else { return }
            let (ownRate, ownInterest) = (try #require(rate[symbol]), try #require(interest[symbol]))
            try #require(ownInterest.openInterest.doubleValue == theirs["openInterest"] as? Double)
            try #require(ownRate.rate.doubleValue == theirs["fundingRate"] as? Double)
            let stamp = try #require(theirs["fundingTimestamp"] as? String)
            try #require(ownRate.nextFundingTime == UnixTime.parse(rfc3339: stamp))
        }
    }

    @Test(
        "tardis's readings of single Binance messages: trades, forced orders, funding and changes of a book"
    )
    func tardisBinance() throws {
        let markets: [String: Market] = [
            "binance": .spot, "binance-futures": .linear, "binance-delivery": .inverse,
        ]
        let binance = try #require(ExchangeCatalog.standard.named("binance"))
        var compared: [String: Int] = [:]
        for object in try Recordings.objects("binance/oracle-tardis-18.2.0-messages") {
            let exchange = try #require(object["exchange"] as? String)
            let market = try #require(markets[exchange])
            let message = try #require(object["message"])
            let frame = try JSONSerialization.data(withJSONObject: message)
            var session = Session(binance, market)
            _ = session.take(Array(frame), at: 1)
            let expected = try #require(object["expected"] as? [[String: Any]])
            let batch = session.batch
            if expected.isEmpty {
                // Theirs drop what an insurance fund traded; ours is kept apart.
                #expect(batch.trades.allSatisfy { $0.isExcluded || $0.isAggregate })
                continue
            }
            let theirs = expected[0]
            let kind = try #require(theirs["type"] as? String)
            let time = try #require(theirs["timestamp"] as? String)
            let stamp = UnixTime.parse(rfc3339: time)
            switch kind {
            case "trade":
                let trade = try #require(batch.trades.first)
                #expect(trade.price.doubleValue == theirs["price"] as? Double)
                #expect(trade.size.doubleValue == theirs["amount"] as? Double)
                #expect("\(trade.side)" == theirs["side"] as? String && trade.exchangeTime == stamp)
            case "liquidation":
                // Theirs gives the order's price, ours what it was filled at.
                let liquidation = try #require(batch.liquidations.first)
                #expect(liquidation.size.doubleValue == theirs["amount"] as? Double)
                #expect(
                    "\(liquidation.side)" == theirs["side"] as? String && liquidation.exchangeTime == stamp
                )
            case "derivative_ticker":
                guard let rate = theirs["fundingRate"] as? Double, let event = batch.fundingRates.first else {
                    continue
                }
                let settlement = try #require(theirs["fundingTimestamp"] as? String)
                let next = UnixTime.parse(rfc3339: settlement)
                #expect(event.rate.doubleValue == rate && event.nextFundingTime == next)
            case "book_change":
                guard theirs["isSnapshot"] as? Bool == false else { continue }
                let update = try #require(batch.books.first)
                for (side, count) in [("bids", Int(update.bidCount)), ("asks", Int(update.askCount))] {
                    let levels = try #require(theirs[side] as? [[String: Double]])
                    #expect(levels.count == count)
                }
            default: continue
            }
            compared[kind, default: 0] += 1
        }
        #expect(compared == ["trade": 2, "liquidation": 2, "derivative_ticker": 1, "book_change": 1])
    }

    // MARK: - Replaying

    private static func replay(
        _ exchange: String,
        _ recording: String,
        _ look: (RecordedFrame, inout Session) throws -> Void
    ) throws {
        let description = try #require(ExchangeCatalog.standard.named(exchange))
        var session = Session(description, exchange == "bybit" ? .linear : .spot)
        for frame in try Recordings.frames(recording) { try look(frame, &session) }
    }

    private static func tradeLines(
        _ exchange: String,
        _ recording: String,
        timeUnit: Int64,
        asDoubles: Bool = false
    ) throws -> [String] {
        var lines: [String] = []
        try replay(exchange, recording) { frame, session in
            _ = session.take(frame.bytes, at: frame.receiveTime)
            for trade in session.batch.trades {
                let numbers =
                    asDoubles
                    ? ["\(trade.price.doubleValue)", "\(trade.size.doubleValue)"]
                    : [trade.price.description, trade.size.description]
                lines.append(
                    (["\(frame.line)", trade.id.description, trade.side.description] + numbers
                        + ["\(trade.exchangeTime / timeUnit)"]).joined(separator: " ")
                )
            }
        }
        return lines
    }

    private static func symbol(_ frame: RecordedFrame) throws -> String? {
        let object = try JSONSerialization.jsonObject(with: Data(frame.bytes)) as? [String: Any]
        return (object?["topic"] as? String)?.split(separator: ".").last.map(String.init)
    }
}
