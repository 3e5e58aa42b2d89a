import Exchanges
import Foundation
import MarketModel
import OrderBooks
import Testing

/// Real frames of Bitfinex against the connection's numbers, and other readings of the same frames.
@Suite("Real frames of Bitfinex", .enabled(if: Recordings.areThere, "skipped, no recordings"))
struct BitfinexFramesTests {
    private static let numbered = "bitfinex/v2-seqall-8pairs-20210405-first11000"
    private static let bare = "bitfinex/v2-BTCUSD-fUST-noflags-20250815"

    /// Replays a recording; returns how many of its trades are of before.
    private func replay(_ recording: String, _ session: inout Session) throws -> Int {
        var expected = Expected(try Recordings.objects(recording + ".expected"))
        var old = 0
        for frame in try Recordings.frames(recording) {
            _ = try session.take(frame.bytes, at: frame.receiveTime) {
                try expected.compare($0, at: frame.line)
                try #require($0.keeper.book.bidCount <= Int($0.update.depth))
                try #require($0.keeper.book.askCount <= Int($0.update.depth))
            }
            try expected.compare(session, at: frame.line)
            old += session.batch.trades.filter(\.isSnapshot).count
        }
        #expect(expected.left == [])
        let counts = session.counts
        #expect((session.errors, counts.gaps, counts.crossedSeen) == (0, 0, 0))
        return old
    }

    @Test(arguments: [true, false])
    func `with numbers: every book and trade is the expected one, every number follows`(
        readsInOrder: Bool
    ) throws {
        var session = Session(.bitfinex, .multi, readsInOrder: readsInOrder)
        #expect(try replay(Self.numbered, &session) == 240)
        #expect(session.decoder.sequences == (10_973, 0))
        #expect(session.outcomes == [.decoded: 10_929, .ignored: 71])
        #expect(session.batch.instruments.instruments.allSatisfy { $0.market == .spot })
    }

    @Test(arguments: [true, false])
    func `without numbers: every book and trade is the expected one, lending is passed over`(
        readsInOrder: Bool
    ) throws {
        var session = Session(.bitfinex, .multi, readsInOrder: readsInOrder)
        #expect(try replay(Self.bare, &session) == 30)
        #expect(session.decoder.sequences == (0, 0))
        #expect(session.outcomes == [.decoded: 3_479, .ignored: 152])
        #expect(session.batch.instruments.instruments.map(\.symbol) == ["tBTCUSD"])
    }

    @Test func `tardis's readings of single messages`() throws {
        var compared: [String: Int] = [:]
        for object in try Recordings.objects("bitfinex/oracle-tardis-18.2.0-messages") {
            // What tardis wrote behind the venue's numbers.
            var message = try #require(object["message"] as? [Any])
            while message.count > 2, message.last is String { message.removeLast() }
            let frame = try JSONSerialization.data(withJSONObject: message)
            var session = Session(.bitfinex, .multi)
            for theirs in try #require(object["expected"] as? [[String: Any]]) {
                let kind = try #require(theirs["type"] as? String)
                _ = session.take(try ack(of: message[0], kind, theirs["symbol"] as? String ?? ""))
                #expect(session.take(Array(frame), at: 1) == (kind == "book_ticker" ? .ignored : .decoded))
                #expect(session.batch.errorCount == 0)
                try compare(theirs, kind, session.batch, message)
                compared[kind, default: 0] += 1
            }
        }
        #expect(
            compared == [
                "trade": 1, "book_change": 3, "book_ticker": 1, "liquidation": 3, "derivative_ticker": 4,
            ]
        )
    }

    /// The ack of a channel that brings a kind.
    private func ack(of number: Any, _ kind: String, _ symbol: String) throws -> String {
        let members: [String: Any] =
            switch kind {
            case "book_change": ["channel": "book", "symbol": "t\(symbol)", "prec": "P0", "len": "25"]
            case "trade": ["channel": "trades", "symbol": "t\(symbol)"]
            case "liquidation": ["channel": "status", "key": "liq:global"]
            case "derivative_ticker": ["channel": "status", "key": "deriv:t\(symbol)"]
            default: ["channel": "ticker", "symbol": "t\(symbol)"]
            }
        let all = members.merging(["event": "subscribed", "chanId": number]) { $1 }
        return String(decoding: try JSONSerialization.data(withJSONObject: all), as: UTF8.self)
    }

    private func compare(
        _ theirs: [String: Any],
        _ kind: String,
        _ batch: EventBatch,
        _ message: [Any]
    ) throws {
        let time = UnixTime.parse(rfc3339: try #require(theirs["timestamp"] as? String))
        switch kind {
        case "book_change":
            let book = try #require(batch.books.first)
            #expect(book.isSnapshot == theirs["isSnapshot"] as? Bool && book.exchangeTime == time)
            for (side, levels) in [("bids", book.bids), ("asks", book.asks)] {
                let theirs = try #require(theirs[side] as? [[String: Double]])
                let ours = levels.map { batch.levels[$0] }
                #expect(ours.map(\.price.doubleValue) == theirs.map { $0["price"] })
                #expect(ours.map(\.size.doubleValue) == theirs.map { $0["amount"] })
            }
        case "trade":
            let trade = try #require(batch.trades.first)
            #expect(trade.id.description == theirs["id"] as? String && trade.exchangeTime == time)
            #expect("\(trade.side)" == theirs["side"] as? String)
            #expect(trade.price.doubleValue == theirs["price"] as? Double)
            #expect(trade.size.doubleValue == theirs["amount"] as? Double)
        case "liquidation":
            let forced = try #require(batch.liquidations.first)
            #expect("\(forced.side)" == theirs["side"] as? String && forced.exchangeTime == time)
            #expect(forced.size.doubleValue == theirs["amount"] as? Double)
            #expect(forced.price.doubleValue == theirs["price"] as? Double)
        case "derivative_ticker":
            let rate = batch.fundingRates.first
            #expect(rate?.rate.doubleValue == theirs["fundingRate"] as? Double)
            if let rate {
                let due = try #require(theirs["fundingTimestamp"] as? String)
                #expect(rate.nextFundingTime == UnixTime.parse(rfc3339: due))
            }
            let interest = batch.openInterests.first
            #expect(interest?.openInterest.doubleValue == theirs["openInterest"] as? Double)
            if let interest { #expect(interest.markPrice?.doubleValue == theirs["markPrice"] as? Double) }
            #expect(batch.frameTime == time)
        default: break
        }
    }
}
