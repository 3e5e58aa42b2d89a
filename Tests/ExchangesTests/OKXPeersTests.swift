import Exchanges
import Foundation
import MarketModel
import OrderBooks
import Testing

/// What tardis-node 18.2.0 makes of single messages of OKX's present protocol.
@Suite("Peers on OKX", .enabled(if: Recordings.areThere, "skipped, no recordings"))
struct OKXPeersTests {
    /// What a message came to, in the words of both.
    private struct Reading {
        var compared: [String: Int] = [:]
        var outcomes: [FrameOutcome: Int] = [:]
    }

    @Test func `tardis reads the same trades, books, best levels, rates and interests`() throws {
        var reading = Reading()
        for object in try Recordings.objects("okx/oracle-tardis-18.2.0-messages") {
            let message = try #require(object["message"] as? [String: Any])
            guard message["arg"] != nil else { continue }
            var session = Session(.okx, .multi)
            let frame = try JSONSerialization.data(withJSONObject: message)
            reading.outcomes[session.take(Array(frame), at: 1), default: 0] += 1
            #expect(session.errors == 0)
            for theirs in try #require(object["expected"] as? [[String: Any]]) {
                try Self.compare(session.batch, theirs, &reading)
            }
        }
        #expect(reading.outcomes == [.decoded: 12, .ignored: 12, .unknown: 1])
        #expect(
            reading.compared == [
                "trade": 4, "book_change": 2, "book_ticker": 1, "rate": 1, "settlement": 1, "interest": 1,
            ]
        )
    }

    private static func compare(
        _ batch: EventBatch,
        _ theirs: [String: Any],
        _ reading: inout Reading
    ) throws {
        let stamp = UnixTime.parse(rfc3339: try #require(theirs["timestamp"] as? String))
        let number = { (name: String) in theirs[name] as? Double }
        switch try #require(theirs["type"] as? String) {
        case "trade":
            // Spreads are no instruments of their own.
            guard let trade = batch.trades.first else { return }
            #expect(trade.price.doubleValue == number("price") && trade.size.doubleValue == number("amount"))
            #expect("\(trade.side)" == theirs["side"] as? String && trade.exchangeTime == stamp)
            #expect(trade.id.description == theirs["id"] as? String)
            reading.compared["trade", default: 0] += 1
        case "book_change":
            let book = try #require(batch.books.first)
            #expect(book.isSnapshot == theirs["isSnapshot"] as? Bool && book.exchangeTime == stamp)
            for (side, range) in [("bids", book.bids), ("asks", book.asks)] {
                let levels = try #require(theirs[side] as? [[String: Double]])
                let ours = range.map {
                    [batch.levels[$0].price.doubleValue, batch.levels[$0].size.doubleValue]
                }
                #expect(ours == levels.map { [$0["price"] ?? -1, $0["amount"] ?? -1] })
            }
            reading.compared["book_change", default: 0] += 1
        case "book_ticker":
            // Tickers are ignored.
            guard let book = batch.books.first else { return }
            let (bid, ask) = (batch.levels[book.bids.lowerBound], batch.levels[book.asks.lowerBound])
            #expect(
                bid.price.doubleValue == number("bidPrice") && bid.size.doubleValue == number("bidAmount")
            )
            #expect(
                ask.price.doubleValue == number("askPrice") && ask.size.doubleValue == number("askAmount")
            )
            #expect(book.exchangeTime == stamp && book.isSnapshot && book.depth == 1)
            reading.compared["book_ticker", default: 0] += 1
        case "derivative_ticker":
            if let rate = batch.fundingRates.first {
                #expect(rate.rate.doubleValue == number("fundingRate"))
                let settlement = try #require(theirs["fundingTimestamp"] as? String)
                #expect(rate.nextFundingTime == UnixTime.parse(rfc3339: settlement))
                reading.compared["rate", default: 0] += 1
            } else if batch.statuses.contains(where: { $0.kinds == .fundingRates }) {
                // Without a rate there is none for theirs either.
                #expect(theirs["fundingRate"] == nil)
                reading.compared["settlement", default: 0] += 1
            } else if let interest = batch.openInterests.first {
                #expect(interest.openInterest.doubleValue == number("openInterest"))
                reading.compared["interest", default: 0] += 1
            }
        default: return
        }
    }
}
