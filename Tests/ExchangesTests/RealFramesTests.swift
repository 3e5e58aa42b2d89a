import Exchanges
import Foundation
import MarketModel
import OrderBooks
import Testing

/// The checks that hold of the recordings of real frames, and other programs' readings of the same frames.
@Suite("Real frames", .enabled(if: Recordings.areThere, "skipped, no recordings"))
struct RealFramesTests {
    // MARK: - What must hold of each recording

    @Test("SOL and DOGE on Bybit: no break, never crossed, 248 trades, the last tickers' top")
    func bybitLinear() throws {
        var session = Session(.bybit, .linear)
        var trades = 0
        var lastTop: [String: [String: String]] = [:]
        for frame in try Recordings.frames("bybit/v5-linear-SOLUSDT-DOGEUSDT-20260809") {
            _ = try session.take(frame.bytes, at: frame.receiveTime) { seen in
                try #require(seen.outcome == .applied, "line \(frame.line)")
            }
            trades += session.batch.trades.count
            try RealFramesTests.noteTop(frame, &lastTop)
        }
        #expect(trades == 248)
        #expect(session.outcomes == [.decoded: 1194, .ignored: 54])
        #expect(session.counts.sequencesVerified == 761)
        #expect(session.counts.sequencesBroken == 0 && session.counts.crossedSeen == 0)
        for (index, keeper) in session.keepers.enumerated() {
            let top = try #require(lastTop[session.symbol(InstrumentIndex(UInt32(index)))])
            let book = keeper.book
            #expect(book.bestBids(1) == [[top["bid1Price"], top["bid1Size"]].compactMap(\.self)])
            #expect(book.bestAsks(1) == [[top["ask1Price"], top["ask1Size"]].compactMap(\.self)])
        }
        #expect(session.keepers.count == 2)
    }

    private static func noteTop(_ frame: RecordedFrame, _ tops: inout [String: [String: String]]) throws {
        let object = try JSONSerialization.jsonObject(with: Data(frame.bytes)) as? [String: Any]
        guard let topic = object?["topic"] as? String, topic.hasPrefix("tickers."),
            let data = object?["data"] as? [String: Any]
        else { return }
        let symbol = String(topic.dropFirst("tickers.".count))
        for (key, value) in data where key.hasPrefix("bid1") || key.hasPrefix("ask1") {
            tops[symbol, default: [:]][key] = value as? String
        }
    }

    @Test("depth 1 on Bybit: the same u comes again 61 times and harms nothing")
    func bybitDepthOne() throws {
        var sessions = [
            "PR1085_BYBIT.ws.1": Session(.bybit, .linear), "PR1085_BYBIT.ws.2": Session(.bybit, .spot),
        ]
        var last: [String: Int64] = [:]
        var repeats = 0
        for frame in try Recordings.frames("bybit/v5-orderbook1-20250613") {
            var session = try #require(sessions[frame.connection])
            _ = try session.take(frame.bytes, at: frame.receiveTime) { seen in
                try #require(seen.outcome == .applied)
                try #require(seen.keeper.book.bidCount == 1 && seen.keeper.book.askCount == 1)
                let symbol = frame.connection + seen.symbol
                if last[symbol] == seen.update.updateID { repeats += 1 }
                last[symbol] = seen.update.updateID
            }
            sessions[frame.connection] = session
        }
        #expect(repeats == 61)
        #expect(sessions.values.allSatisfy { $0.errors == 0 && $0.counts.gaps == 0 })
    }

    @Test(
        "other Bybit recordings rebuild without a gap",
        arguments: [
            ("bybit/v5-linear-XRPUSDT-orderbook500-20241201", Market.linear, 500, 49),
            ("bybit/v5-spot-BTCUSDT-orderbook50-20260824", Market.spot, 50, 8),
        ]
    )
    func bybitOthers(path: String, market: Market, depth: Int, deltas: Int) throws {
        var session = Session(.bybit, market)
        for frame in try Recordings.frames(path) {
            _ = try session.take(frame.bytes) { seen in
                try #require(seen.outcome == .applied)
                #expect(seen.update.depth == UInt32(depth))
                #expect(seen.keeper.book.bidCount == depth && seen.keeper.book.askCount == depth)
            }
        }
        #expect(session.counts.sequencesVerified == deltas)
        #expect(session.errors == 0 && session.counts.gaps == 0 && session.counts.crossedSeen == 0)
    }

    @Test("Coinbase: sequence_num unbroken over 300 frames, two books, 224 trades of which 200 marked")
    func coinbase() throws {
        var session = Session(.coinbase, .spot)
        var (trades, marked) = (0, 0)
        for frame in try Recordings.frames(
            "coinbase/advanced-trade-BTCUSD-ETHUSD-20260809-first300"
        ) {
            _ = try session.take(frame.bytes, at: frame.receiveTime) { seen in
                try #require(seen.outcome == .applied, "line \(frame.line)")
            }
            trades += session.batch.trades.count
            marked += session.batch.trades.count { $0.isSnapshot }
            #expect(!session.batch.statuses.contains { $0.change == .connectionBreak })
        }
        #expect(session.decoder.sequences == (299, 0))
        #expect((trades, marked) == (224, 200))
        #expect(session.outcomes == [.decoded: 239, .ignored: 61])
        #expect(session.errors == 0)
    }

    @Test("Coinbase: an ack between updates is no gap")
    func coinbaseAck() throws {
        var session = Session(.coinbase, .spot)
        for frame in try Recordings.frames("coinbase/advanced-trade-BTCUSD-20260824-midstream-ack") {
            _ = try session.take(frame.bytes) { seen in try #require(seen.outcome == .applied) }
        }
        #expect(session.decoder.sequences == (11, 0))
        #expect(session.outcomes == [.decoded: 11, .ignored: 1])
    }

    @Test(
        "Kraken: every checksum verifies",
        arguments: [("kraken/v2-BTCUSD-book10-20230730", 510), ("kraken/v2-BTCUSD-book10-20260824", 4)]
    )
    func kraken(path: String, checksums: Int) throws {
        var session = Session(.kraken, .spot)
        for frame in try Recordings.frames(path) {
            _ = try session.take(frame.bytes) { seen in
                try #require(seen.outcome == .applied, "line \(frame.line)")
            }
        }
        #expect(session.counts.checksumsVerified == checksums)
        #expect(session.counts.checksumsFailed == 0 && session.counts.gaps == 0)
        #expect(session.errors == 0)
    }

    @Test("liquidations: the side is that of the forced order")
    func liquidations() throws {
        var session = Session(.bybit, .linear)
        var seen: [String] = []
        for object in try Recordings.objects("liquidations/samples.jsonl") {
            guard object["conn"] as? String == "bybit-linear", let frame = object["frame"] as? String else {
                continue
            }
            #expect(session.take(frame) == .decoded)
            let liquidation = try #require(session.batch.liquidations.first)
            seen.append(
                "\(session.symbol(liquidation.instrument)) \(liquidation.side) \(liquidation.size) @ "
                    + "\(liquidation.price) at \(liquidation.exchangeTime)"
            )
        }
        // The notes beside the frames: a long liquidated sells; tardis expected buy; tardis expected sell.
        #expect(
            seen == [
                "STRKUSDT sell 2084.9 @ 0.05165 at 1791091285156000000",
                "PIPPINUSDT buy 2846 @ 0.02456 at 1740480207110000000",
                "GALAUSDT sell 1637 @ 0.03803 at 1673251091822000000",
            ]
        )
    }
}
