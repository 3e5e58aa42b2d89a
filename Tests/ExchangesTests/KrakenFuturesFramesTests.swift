import Exchanges
import Foundation
import MarketModel
import OrderBooks
import Testing

/// Real frames of Kraken Futures against the venue's numbers and tickers, and another reading of the same frames.
@Suite("Real frames of Kraken Futures", .enabled(if: Recordings.areThere, "skipped, no recordings"))
struct KrakenFuturesFramesTests {
    private static let recording = "kraken-futures/book-10inst-20210722"

    @Test(arguments: [true, false])
    func `every book and trade is the expected one, every number and ticker holds`(readsInOrder: Bool) throws
    {
        var session = Session(.krakenFutures, .multi, readsInOrder: readsInOrder)
        var expected = Expected(try Recordings.objects(Self.recording + ".expected"))
        var old = 0
        for frame in try Recordings.frames(Self.recording) {
            _ = try session.take(frame.bytes, at: frame.receiveTime) {
                try expected.compare($0, at: frame.line)
            }
            try expected.compare(session, at: frame.line)
            old += session.batch.trades.filter(\.isSnapshot).count
        }
        #expect(expected.left == [] && old == 1_000)
        let counts = session.counts
        #expect((counts.sequencesVerified, counts.sequencesBroken) == (7_014, 0))
        #expect((counts.topsVerified, counts.topsFailed) == (107, 0))
        #expect((session.errors, counts.gaps, counts.crossedSeen) == (0, 0, 0))
        #expect(session.outcomes == [.decoded: 7_144, .ignored: 31])
        #expect(session.batch.instruments.instruments.allSatisfy { $0.market == .inverse })
    }

    @Test func `tardis's readings of single messages`() throws {
        var compared: [String: Int] = [:]
        for object in try Recordings.objects("kraken-futures/oracle-tardis-18.2.0-messages") {
            let frame = try JSONSerialization.data(withJSONObject: try #require(object["message"]))
            var session = Session(.krakenFutures, .multi)
            #expect(session.take(Array(frame), at: 1) == .decoded)
            for theirs in try #require(object["expected"] as? [[String: Any]]) {
                let kind = try #require(theirs["type"] as? String)
                try compare(theirs, kind, session.batch, object["message"] as? [String: Any] ?? [:])
                compared[kind, default: 0] += 1
            }
        }
        #expect(compared["book_change"] == 3 && compared["trade"] == 2 && compared["liquidation"] == 1)
        #expect(compared["derivative_ticker"] == 3 && compared["book_ticker"] == 3)
    }

    private func compare(
        _ theirs: [String: Any],
        _ kind: String,
        _ batch: EventBatch,
        _ message: [String: Any]
    ) throws {
        switch kind {
        case "book_change":
            let book = try #require(batch.books.first)
            #expect(book.isSnapshot == theirs["isSnapshot"] as? Bool)
            for (side, levels) in [("bids", book.bids), ("asks", book.asks)] {
                let theirs = try #require(theirs[side] as? [[String: Double]])
                let ours = levels.map { batch.levels[$0] }
                #expect(ours.map(\.price.doubleValue) == theirs.map { $0["price"] })
                #expect(ours.map(\.size.doubleValue) == theirs.map { $0["amount"] })
            }
        case "trade":
            let trade = try #require(batch.trades.first)
            #expect(trade.id.description == theirs["id"] as? String)
            #expect("\(trade.side)" == theirs["side"] as? String)
            #expect(trade.price.doubleValue == theirs["price"] as? Double)
            #expect(trade.size.doubleValue == theirs["amount"] as? Double)
        case "liquidation":
            let forced = try #require(batch.liquidations.first)
            #expect("\(forced.side)" == theirs["side"] as? String)
            #expect(forced.price.doubleValue == theirs["price"] as? Double)
            #expect(forced.size.doubleValue == theirs["amount"] as? Double)
        case "derivative_ticker":
            let (rate, interest) = (try #require(batch.fundingRates.first), batch.openInterests.first)
            // Theirs have the absolute rate before 2022-09-30; ours is always the relative one.
            // Written anew, a number's last digits may be others.
            let relative = try #require(message["relative_funding_rate"] as? Double)
            #expect(abs(rate.rate.doubleValue - relative) < 1e-15)
            let due = (theirs["fundingTimestamp"] as? String).flatMap { UnixTime.parse(rfc3339: $0) }
            #expect(rate.nextFundingTime == due)
            #expect(interest?.openInterest.doubleValue == theirs["openInterest"] as? Double)
            #expect(interest?.markPrice?.doubleValue == theirs["markPrice"] as? Double)
        default: #expect(kind == "book_ticker")
        }
    }
}
