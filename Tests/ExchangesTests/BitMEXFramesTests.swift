import Foundation
import MarketModel
import OrderBooks
import Testing

@testable import Exchanges

/// Real frames of BitMEX against the venue's quotes, and another reading of the same frames.
@Suite("Real frames of BitMEX", .enabled(if: Recordings.areThere, "skipped, no recordings"))
struct BitMEXFramesTests {
    @Test(
        arguments: [
            ("bitmex/orderBookL2-10inst-20210417", 101, [.decoded: 1_990, .ignored: 31]),
            ("bitmex/orderBookL2-XBTUSD-10inst-20210722", 83, [.decoded: 2_089, .ignored: 31]),
        ] as [(String, Int, [FrameOutcome: Int])],
        [true, false]
    )
    func `every book and trade is the expected one, every quote is its book's`(
        file: (String, Int, [FrameOutcome: Int]),
        readsInOrder: Bool
    ) throws {
        let (recording, quotes, outcomes) = file
        var session = Session(.bitmex, .multi, readsInOrder: readsInOrder)
        var expected = Expected(try Recordings.objects(recording + ".expected"))
        var (old, books) = (0, 0)
        for frame in try Recordings.frames(recording) {
            _ = try session.take(frame.bytes, at: frame.receiveTime) {
                books += 1
                try expected.compare($0, at: frame.line)
            }
            try expected.compare(session, at: frame.line)
            old += session.batch.trades.filter(\.isSnapshot).count
        }
        #expect(expected.left == [] && old == 10 && books > 1_800)
        let counts = session.counts
        #expect((counts.topsVerified, counts.topsFailed) == (quotes, 0))
        #expect((session.errors, counts.gaps, counts.crossedSeen) == (0, 0, 0))
        #expect(session.outcomes == outcomes)
    }

    /// All that changes rows is read in the venue's order, but what names an instrument for the first time.
    @Test func `the venue's order is the one expected`() throws {
        var batch = EventBatch()
        var decoder = BitMEXDecoder(venue: batch.instruments.venue(of: .bitmex, .multi))
        var taken = 0
        for frame in try Recordings.frames("bitmex/orderBookL2-XBTUSD-10inst-20210722") {
            batch.removeAll()
            if frame.bytes.withUnsafeBytes({ decoder.decodeInOrder($0, receiveTime: 0, into: &batch) }) {
                taken += 1
            } else {
                _ = decoder.decode(frame.bytes.span.bytes, receiveTime: 0, into: &batch)
            }
        }
        // Rows, quotes, trades, and the partials of ten instruments.
        #expect(taken == 1_969 + 83 + 7 + 30)
    }

    /// A frame left out shows in a row that is not there, or is there already.
    @Test func `a lost frame is found by the rows of a later one`() throws {
        let frames = try Recordings.frames("bitmex/orderBookL2-XBTUSD-10inst-20210722")
        let changes = frames.filter { frame in
            let text = String(decoding: frame.bytes.prefix(60), as: UTF8.self)
            return text.contains(#""orderBookL2","action":"insert""#)
        }
        var found = 0
        for lost in changes.prefix(200).enumerated().filter({ $0.offset % 20 == 0 }).map(\.element) {
            var session = Session(.bitmex, .multi)
            for frame in frames where frame.line != lost.line { _ = session.take(frame.bytes) }
            found += session.errors
        }
        // Of the rows of one frame nothing is said again.
        #expect(found == 9)
    }

    @Test func `single messages`() throws {
        var session = Session(.bitmex, .multi)
        for line in try Recordings.objects("bitmex/samples.jsonl") {
            let frame = try #require(line["frame"] as? String)
            #expect(session.take(frame, at: 7) == .decoded, "\(frame)")
            if let rate = session.batch.fundingRates.first {
                #expect("\(rate.rate) \(rate.intervalHours?.description ?? "")" == "0.000817 8")
            }
            for trade in session.batch.trades {
                // A settlement has no side, and its price is that of an index.
                #expect(trade.isExcluded == (session.symbol(trade.instrument) == "XBTF23"))
            }
        }
        #expect(session.errors == 0 && session.batch.books.isEmpty)
    }

    @Test func `tardis's readings of single messages`() throws {
        var compared: [String: Int] = [:]
        // One connection: what changes rows comes after the partial that has them.
        var session = Session(.bitmex, .multi)
        for object in try Recordings.objects("bitmex/oracle-tardis-18.2.0-messages") {
            let frame = try JSONSerialization.data(withJSONObject: try #require(object["message"]))
            #expect(session.take(Array(frame), at: 1) == .decoded)
            let theirs = try #require(object["expected"] as? [[String: Any]])
            var books = 0
            for event in theirs {
                let kind = try #require(event["type"] as? String)
                compared[kind, default: 0] += 1
                switch kind {
                case "book_change":
                    try compare(event, session.batch.books[books], session)
                    books += 1
                case "trade":
                    let trade = try #require(session.batch.trades.first)
                    #expect(trade.id.description == event["id"] as? String)
                    #expect("\(trade.side)" == event["side"] as? String)
                    #expect(trade.price.doubleValue == event["price"] as? Double)
                    #expect(trade.size.doubleValue == event["amount"] as? Double)
                // Theirs repeat what an earlier message said.
                default: #expect(session.batch.statuses.count == 1)
                }
            }
            #expect(session.batch.books.count == books)
        }
        #expect(compared == ["book_change": 5, "trade": 1, "derivative_ticker": 1])
    }

    private func compare(_ theirs: [String: Any], _ book: BookUpdate, _ session: Session) throws {
        #expect(session.symbol(book.instrument) == theirs["symbol"] as? String)
        #expect(book.isSnapshot == theirs["isSnapshot"] as? Bool)
        for (side, levels) in [("bids", book.bids), ("asks", book.asks)] {
            let theirs = try #require(theirs[side] as? [[String: Double]])
            let ours = levels.map { session.batch.levels[$0] }
            #expect(ours.map(\.price.doubleValue) == theirs.map { $0["price"] })
            #expect(ours.map(\.size.doubleValue) == theirs.map { $0["amount"] })
        }
    }
}
