import Exchanges
import Foundation
import MarketModel
import OrderBooks
import Testing

/// Real frames of OKX against the venue's checksums and numbers, and another reading of the same frames.
@Suite("Real frames of OKX", .enabled(if: Recordings.areThere, "skipped, no recordings"))
struct OKXFramesTests {
    /// A recording, and what must hold of all of it.
    struct Recording: CustomTestStringConvertible {
        var name: String
        /// Messages with a checksum, each equal to the book's.
        var checksums: Int
        /// Changes of books that name the number before.
        var links: Int
        /// Acks and tickers.
        var ignored: Int
        var testDescription: String { name }
    }

    static let recordings = [
        Recording(name: "v5-books-l2-tbt-10inst-20210722", checksums: 1_504, links: 0, ignored: 76),
        Recording(name: "v5-books-3inst-20220513", checksums: 290, links: 0, ignored: 46),
        Recording(name: "v5-BTCUSDT-books-20260619-first30", checksums: 31, links: 30, ignored: 1),
    ]

    @Test(arguments: recordings, [true, false])
    func `every book and trade is the expected one, every checksum and link holds`(
        _ recording: Recording,
        readsInOrder: Bool
    ) throws {
        var session = Session(.okx, .multi, readsInOrder: readsInOrder)
        var expected = Expected(try Recordings.objects("okx/\(recording.name).expected"), isOfSums: true)
        for frame in try Recordings.frames("okx/\(recording.name)") {
            _ = try session.take(frame.bytes, at: frame.receiveTime) { seen in
                try expected.compare(seen, at: frame.line)
                // The venue deletes what is pushed out: nothing is cut.
                #expect(max(seen.keeper.book.bidCount, seen.keeper.book.askCount) <= 400)
            }
            try expected.compare(session, at: frame.line)
        }
        #expect(expected.left == [])
        let counts = session.counts
        #expect((counts.checksumsVerified, counts.checksumsFailed) == (recording.checksums, 0))
        #expect((counts.sequencesVerified, counts.sequencesBroken) == (recording.links, 0))
        #expect((session.errors, counts.gaps, counts.crossedSeen) == (0, 0, 0))
        #expect(session.outcomes[.ignored] == recording.ignored && session.outcomes[.unknown] == nil)
    }

    @Test func `the market of each instrument follows from its symbol`() throws {
        var session = Session(.okx, .multi)
        for name in ["v5-books-l2-tbt-10inst-20210722", "v5-books-3inst-20220513"] {
            for frame in try Recordings.frames("okx/\(name)") { _ = session.take(frame.bytes) }
        }
        let markets = Dictionary(
            session.batch.instruments.instruments.map { ($0.symbol, $0.market) },
            uniquingKeysWith: { first, _ in first }
        )
        let expected: [String: Market] = [
            "FUN-BTC": .spot, "BTC-USDT": .spot, "XMR-USDT-SWAP": .linear, "UNI-USD-SWAP": .inverse,
            "TRX-USDT-210924": .linear, "BTC-USD-220527": .inverse, "BTC-USD-210924-66000-C": .option,
            "BTC-USD-210924-42000-P": .option,
        ]
        for (symbol, market) in expected { #expect(markets[symbol] == market, "\(symbol)") }
    }

    @Test func `takers bought at the ask and sold at the bid`() throws {
        // The tops of BTC-USDT's book around each trade: the trade's side is where it took.
        var session = Session(.okx, .multi)
        var (right, wrong) = (0, 0)
        for frame in try Recordings.frames("okx/v5-books-3inst-20220513") {
            _ = session.take(frame.bytes)
            for trade in session.batch.trades {
                let book = session.keepers[trade.instrument.position].book
                guard book.state == .synced else { continue }
                let (bid, ask) = (book.bid(at: 0).price, book.ask(at: 0).price)
                let (toBid, toAsk) = (
                    abs(trade.price.doubleValue - bid.doubleValue),
                    abs(trade.price.doubleValue - ask.doubleValue)
                )
                if (trade.side == .buy) == (toAsk < toBid) { right += 1 } else { wrong += 1 }
            }
        }
        #expect(right > 50 && right > 9 * wrong, "\(right), \(wrong)")
    }

    @Test func `changes before a snapshot gap the book once, and a checksum of 0 is none`() throws {
        var session = Session(.okx, .multi)
        var trades: [String] = []
        for frame in try Recordings.frames("okx/v5-BTCUSDT-midstream-checksum0-20260715") {
            #expect(session.take(frame.bytes) == .decoded)
            trades += session.batch.trades.map { "\($0.id) \($0.side) \($0.size) @ \($0.price)" }
        }
        #expect(trades == ["1033093119 buy 0.00002972 @ 64797.2"])
        let counts = session.counts
        #expect((counts.checksumsVerified, counts.checksumsFailed, counts.gaps) == (0, 0, 1))
        #expect((counts.sequencesVerified, counts.sequencesBroken) == (1, 0))
    }

    @Test func `a lost change shows in the checksum where messages have no numbers`() throws {
        var session = Session(.okx, .multi)
        var isLost = false
        for frame in try Recordings.frames("okx/v5-books-3inst-20220513") {
            let text = String(decoding: frame.bytes, as: UTF8.self)
            let isChange = text.contains(#""update""#) && text.contains(#""BTC-USDT""#)
            if isChange, !isLost, session.counts.checksumsVerified > 100 {
                isLost = true
                continue
            }
            _ = session.take(frame.bytes)
        }
        #expect(isLost && session.counts.checksumsFailed == 1 && session.counts.gaps == 1)
    }

    @Test func `single frames: funding, forced orders, best levels`() throws {
        var session = Session(.okx, .multi)
        var seen: [String] = []
        for object in try Recordings.objects("okx/samples.jsonl") {
            let frame = try #require(object["frame"] as? String)
            #expect(session.take(frame, at: 9) == .decoded)
            let batch = session.batch
            seen += batch.fundingRates.map {
                "funding \($0.rate) \($0.nextFundingTime ?? 0) \($0.intervalHours?.description ?? "-") \($0.exchangeTime)"
            }
            seen += batch.trades.map { "trade \($0.id) \($0.side) \($0.size) @ \($0.price)" }
            seen += batch.books.map { "book \($0.depth) \($0.isSnapshot) \($0.bidCount)+\($0.askCount)" }
            seen += batch.liquidations.map {
                "forced \(session.symbol($0.instrument)) \($0.side) \($0.size) @ \($0.price) \($0.isSnapshot)"
            }
        }
        #expect(
            seen == [
                "funding 0.0001534702159002 1646323200000000000 - 9", "trade 219066264 buy 7 @ 43568.8",
                "book 1 true 1+1", "forced CNPY-USDT-SWAP buy 2137 @ 0.4162 false",
            ]
        )
    }
}
