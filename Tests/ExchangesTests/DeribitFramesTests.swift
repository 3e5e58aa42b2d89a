import Exchanges
import Foundation
import MarketModel
import OrderBooks
import Testing

/// Real frames of Deribit against the venue's numbers and tickers, and another reading of the same frames.
@Suite("Real frames of Deribit", .enabled(if: Recordings.areThere, "skipped, no recordings"))
struct DeribitFramesTests {
    private static let recording = "deribit/v2-options10-20210405"

    @Test(arguments: [true, false])
    func `every book and interest is the expected one, every link and ticker holds`(
        readsInOrder: Bool
    ) throws {
        var session = Session(.deribit, .multi, readsInOrder: readsInOrder)
        var expected = Expected(try Recordings.objects(Self.recording + ".expected"))
        var (snapshots, live) = (0, FeedKinds())
        for frame in try Recordings.frames(Self.recording) {
            _ = try session.take(frame.bytes, at: frame.receiveTime) { seen in
                try expected.compare(seen, at: frame.line)
                snapshots += seen.update.isSnapshot ? 1 : 0
            }
            try expected.compare(session, at: frame.line)
            for status in session.batch.statuses where status.change == .live { live.formUnion(status.kinds) }
        }
        #expect(expected.left == [] && snapshots == 10)
        let counts = session.counts
        #expect((counts.sequencesVerified, counts.sequencesBroken) == (177, 0))
        // Ten come before any book; of the others each equals the book as it is or after its next message.
        #expect((counts.topsVerified, counts.topsFailed) == (263, 0))
        #expect((session.errors, counts.gaps, counts.crossedSeen) == (0, 0, 0))
        #expect(session.outcomes == [.decoded: 460, .ignored: 1])
        #expect(session.batch.instruments.instruments.allSatisfy { $0.market == .option })
        // Options have no funding.
        #expect(live == [.book, .trades, .liquidations, .openInterest])
    }

    @Test func `a lost change shows in the link of the next`() throws {
        var session = Session(.deribit, .multi)
        var isLost = false
        for frame in try Recordings.frames(Self.recording) {
            let text = String(decoding: frame.bytes, as: UTF8.self)
            if !isLost, text.contains(#""type":"change""#) {
                isLost = true
                continue
            }
            _ = session.take(frame.bytes)
        }
        #expect((session.counts.sequencesBroken, session.counts.gaps) == (1, 1))
    }

    @Test func `tardis's readings of single messages`() throws {
        var compared: [String: Int] = [:]
        for object in try Recordings.objects("deribit/oracle-tardis-18.2.0-messages") {
            let frame = try JSONSerialization.data(withJSONObject: try #require(object["message"]))
            var session = Session(.deribit, .multi)
            #expect(session.take(Array(frame), at: 1) == .decoded)
            var seen: [String: Int] = [:]
            for theirs in try #require(object["expected"] as? [[String: Any]]) {
                let kind = try #require(theirs["type"] as? String)
                try compare(theirs, kind, seen[kind, default: 0], session.batch)
                seen[kind, default: 0] += 1
                compared[kind, default: 0] += 1
            }
            #expect(seen["trade", default: 0] == session.batch.trades.count)
            #expect(seen["liquidation", default: 0] == session.batch.liquidations.count)
        }
        #expect(compared["book_change"] == 2 && compared["trade"] == 3 && compared["liquidation"] == 1)
        #expect(compared["derivative_ticker"] == 3 && compared["book_ticker"] == 5)
        #expect(compared["option_summary"] == 2)
    }

    private func compare(
        _ theirs: [String: Any],
        _ kind: String,
        _ index: Int,
        _ batch: EventBatch
    ) throws {
        let time = (theirs["timestamp"] as? String).flatMap { UnixTime.parse(rfc3339: $0) }
        #expect(batch.frameTime == time || kind == "trade")
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
            let trade = batch.trades[index]
            #expect(trade.id.description == theirs["id"] as? String && trade.exchangeTime == time)
            #expect("\(trade.side)" == theirs["side"] as? String)
            #expect(trade.price.doubleValue == theirs["price"] as? Double)
            #expect(trade.size.doubleValue == theirs["amount"] as? Double)
        case "liquidation":
            let forced = try #require(batch.liquidations.first)
            #expect("\(forced.side)" == theirs["side"] as? String)
            #expect(forced.price.doubleValue == theirs["price"] as? Double)
            #expect(forced.size.doubleValue == theirs["amount"] as? Double)
        case "derivative_ticker", "option_summary":
            // Of combos they make derivatives, though not of options; ours have a rate where one is stated.
            let interest = try #require(batch.openInterests.first)
            #expect(batch.fundingRates.first?.rate.doubleValue == theirs["fundingRate"] as? Double)
            #expect(interest.openInterest.doubleValue == theirs["openInterest"] as? Double)
            #expect(interest.markPrice?.doubleValue ?? 0 == theirs["markPrice"] as? Double)
        default:
            #expect(kind == "book_ticker")
            let top = try #require(batch.tops.first)
            let ours = [top.bid.price, top.bid.size, top.ask.price, top.ask.size].map(\.doubleValue)
            let names = ["bidPrice", "bidAmount", "askPrice", "askAmount"]
            #expect(ours == names.map { theirs[$0] as? Double ?? 0 })
        }
    }

    @Test func `single frames: trades, quotes, funding with exponents, a request to answer`() throws {
        var session = Session(.deribit, .multi)
        var seen: [String] = []
        for object in try Recordings.objects("deribit/samples.jsonl") {
            let frame = try #require(object["frame"] as? String)
            let outcome = session.take(frame, at: 9)
            let answer = Deribit().answer(toFrame: Array(frame.utf8).span.bytes)
            #expect((outcome == .ignored) == (answer != nil) && session.batch.errorCount == 0)
            let batch = session.batch
            seen += batch.trades.map { "trade \($0.id) \($0.side) \($0.size) @ \($0.price)" }
            seen += (0..<batch.tops.count).map {
                "top \(batch.tops[$0].bid.price) \(batch.tops[$0].ask.size)"
            }
            seen += batch.fundingRates.map { "funding \($0.rate) \($0.intervalHours?.description ?? "-")" }
            seen += batch.openInterests.map {
                "interest \($0.openInterest) \($0.markPrice?.description ?? "-")"
            }
            if let answer { seen.append(answer) }
        }
        #expect(
            seen == [
                "trade 137487241 buy 5580.0 @ 56168.0", "trade 137487242 buy 60.0 @ 56168.0",
                "top 32143.0 20.0",
                "top 29930.5 62850.0", "funding 0.0 8", "interest 559791310 29932.79", "top 86775.9 0.3001",
                "funding 0.0001423 8", "interest 459.3409 86778.14",
                #"{"id":0,"jsonrpc":"2.0","method":"public/test","params":{}}"#,
            ]
        )
    }
}
