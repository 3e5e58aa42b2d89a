import Exchanges
import Foundation
import MarketModel
import OrderBooks
import Testing

/// Real frames of Hyperliquid against another reading of the same frames.
@Suite("Real frames of Hyperliquid", .enabled(if: Recordings.areThere, "skipped, no recordings"))
struct HyperliquidFramesTests {
    private static let recording = "hyperliquid/BTC-l2Book-trades-activeAssetCtx-20260805"

    @Test(arguments: [true, false])
    func `every book, trade and context is the expected one`(readsInOrder: Bool) throws {
        var session = Session(.hyperliquid, .multi, readsInOrder: readsInOrder)
        let expected = try Recordings.objects(Self.recording + ".expected").map { object in
            var words = ["i", "ch", "symbol"].map { "\(object[$0] ?? "")" }
            switch object["ch"] as? String {
            case "book":
                words += ["nb", "na", "ts"].map { "\(object[$0] ?? "")" }
                words += ["bids", "asks"].flatMap { (object[$0] as? [[String]] ?? []).flatMap(\.self) }
            case "trade":
                words += ["id", "taker", "price", "size", "ts"].map { "\(object[$0] ?? "")" }
                words.append("\(object["snapshot"] as? Bool ?? false)")
            default: words += ["funding", "oi", "mark"].map { "\(object[$0] ?? "")" }
            }
            return words.joined(separator: " ")
        }
        var found: [String] = []
        for frame in try Recordings.frames(Self.recording) {
            _ = session.take(frame.bytes, at: 5) { seen in
                let book = seen.keeper.book
                #expect(seen.outcome == .applied && book.state == .synced && seen.update.depth == 20)
                let levels = (book.bestBids(3) + book.bestAsks(3)).flatMap(\.self)
                let counts = "\(book.bidCount) \(book.askCount)"
                let time = (seen.update.exchangeTime ?? 0) / UnixTime.millisecond
                found.append(
                    "\(frame.line) book \(seen.symbol) \(counts) \(time) \(levels.joined(separator: " "))"
                )
            }
            found += Self.lines(session, frame.line)
        }
        #expect(found == expected && found.count == 90)
        #expect(session.outcomes == [.decoded: 24, .ignored: 3])
        #expect(session.errors == 0 && session.counts.gaps == 0 && session.counts.crossedSeen == 0)
        #expect(session.batch.instruments.instruments.map(\.market) == [.linear])
    }

    private static func lines(_ session: Session, _ line: Int) -> [String] {
        var lines: [String] = []
        for trade in session.batch.trades {
            let (symbol, time) = (session.symbol(trade.instrument), trade.exchangeTime / UnixTime.millisecond)
            lines.append(
                "\(line) trade \(symbol) \(trade.id) \(trade.side) \(trade.price) \(trade.size) \(time) "
                    + "\(trade.isSnapshot)"
            )
        }
        for index in 0..<session.batch.fundingRates.count {
            let (rate, interest) = (session.batch.fundingRates[index], session.batch.openInterests[index])
            #expect(rate.intervalHours?.description == "1" && rate.nextFundingTime == nil)
            #expect(rate.exchangeTime == 5 && interest.exchangeTime == 5 && interest.value == nil)
            let mark = interest.markPrice?.description ?? ""
            lines.append(
                "\(line) ctx \(session.symbol(rate.instrument)) \(rate.rate) \(interest.openInterest) \(mark)"
            )
        }
        return lines
    }

    @Test func `the volume of the day grows by the trades between two contexts, three of three times`() throws
    {
        var session = Session(.hyperliquid, .multi)
        var (last, sum, compared) = (Double?.none, 0.0, 0)
        for frame in try Recordings.frames(Self.recording) {
            _ = session.take(frame.bytes)
            for trade in session.batch.trades where !trade.isSnapshot { sum += trade.size.doubleValue }
            let object = try JSONSerialization.jsonObject(with: Data(frame.bytes)) as? [String: Any]
            let context = (object?["data"] as? [String: Any])?["ctx"] as? [String: Any]
            guard let text = context?["dayBaseVlm"] as? String, let volume = Double(text) else { continue }
            if let last {
                #expect(abs(volume - last - sum) < 1e-6, "line \(frame.line)")
                compared += 1
            }
            (last, sum) = (volume, 0)
        }
        #expect(compared == 3)
    }

    @Test func `tardis's readings of single messages`() throws {
        var compared: [String: Int] = [:]
        for object in try Recordings.objects("hyperliquid/oracle-tardis-18.2.0-messages") {
            let frame = try JSONSerialization.data(withJSONObject: try #require(object["message"]))
            var session = Session(.hyperliquid, .multi)
            let outcome = session.take(Array(frame), at: 1)
            let expected = try #require(object["expected"] as? [[String: Any]])
            let (batch, theirs) = (session.batch, expected.first ?? [:])
            // Theirs drop the first list of each symbol, ours marks it where an ack tells that it is the first.
            let kind = theirs["type"] as? String ?? "trades dropped"
            let stamp = (theirs["timestamp"] as? String).flatMap { UnixTime.parse(rfc3339: $0) }
            switch kind {
            case "trades dropped": #expect(outcome == .decoded && batch.trades.count > 0)
            case "book_change":
                let book = try #require(batch.books.first)
                #expect(book.isSnapshot && book.exchangeTime == stamp)
                for (side, levels) in [("bids", book.bids), ("asks", book.asks)] {
                    let theirs = try #require(theirs[side] as? [[String: Double]])
                    let ours = levels.map { batch.levels[$0] }
                    #expect(ours.map(\.price.doubleValue) == theirs.map { $0["price"] })
                    #expect(ours.map(\.size.doubleValue) == theirs.map { $0["amount"] })
                }
            case "derivative_ticker":
                let (rate, interest) = (batch.fundingRates.first, batch.openInterests.first)
                #expect(rate?.rate.doubleValue == theirs["fundingRate"] as? Double)
                #expect(interest?.openInterest.doubleValue == theirs["openInterest"] as? Double)
                #expect(interest?.markPrice?.doubleValue == theirs["markPrice"] as? Double)
            default: #expect(kind == "book_ticker" && outcome == .ignored)
            }
            compared[kind, default: 0] += 1
        }
        #expect(
            compared == ["trades dropped": 2, "book_change": 1, "derivative_ticker": 1, "book_ticker": 1]
        )
    }
}
