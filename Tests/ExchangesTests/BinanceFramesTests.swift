import Exchanges
import Foundation
import MarketModel
import OrderBooks
import Testing

/// Real frames of Binance against another reading of the same frames: every book, trade and funding rate of theirs.
@Suite("Real frames of Binance", .enabled(if: Recordings.areThere, "skipped, no recordings"))
struct BinanceFramesTests {
    /// A recording, and what must hold of all of it.
    struct Recording: CustomTestStringConvertible {
        var name: String
        var market: Market
        /// Changes of books that follow the one before.
        var links: Int
        /// Tickers at the number of a book, all of them equal to it.
        var tops: Int
        var testDescription: String { name }
    }

    static let recordings = [
        Recording(name: "usdm-BTCUSDT-20230404-markprice", market: .linear, links: 4_321, tops: 310),
        Recording(name: "usdm-multi5-20210405", market: .linear, links: 4_418, tops: 215),
        Recording(name: "spot-multi10-20210405", market: .spot, links: 4_699, tops: 1_152),
        Recording(name: "spot-ETHUSDT-20240808", market: .spot, links: 1_848, tops: 297),
        Recording(name: "coinm-multi10-20210722", market: .inverse, links: 2_037, tops: 212),
        Recording(name: "coinm-BTCUSD_PERP-20240808", market: .inverse, links: 10_466, tops: 426),
    ]

    @Test(arguments: recordings, [true, false])
    func `every book, trade and funding rate is the expected one`(
        _ recording: Recording,
        readsInOrder: Bool
    ) throws {
        var session = Session(.binance, recording.market, readsInOrder: readsInOrder)
        var expected = Expected(try Recordings.objects("binance/\(recording.name).expected"))
        for frame in try Recordings.frames("binance/\(recording.name)") {
            let request = frame.request
            let outcome = try session.take(frame.bytes, at: frame.receiveTime, request: request) { seen in
                try expected.compare(seen, at: frame.line)
            }
            try #require(outcome == .decoded || frame.bytes.contains("kline"), "line \(frame.line)")
            try expected.compare(session, at: frame.line)
        }
        #expect(expected.left == [])
        let counts = session.counts
        #expect((counts.sequencesVerified, counts.sequencesBroken) == (recording.links, 0))
        #expect((counts.topsVerified, counts.topsFailed) == (recording.tops, 0))
        #expect((session.errors, counts.gaps) == (0, 0))
    }

    @Test func `two files without a request's path are one session, and seed it by a plain frame`() throws {
        var session = Session(.binance, .linear)
        for name in ["usdm-BTCUSDT-20240718", "usdm-BTCUSDT-20240719"] {
            for frame in try Recordings.frames("binance/\(name)") {
                let outcome = session.take(frame.bytes, at: frame.receiveTime)
                try #require(outcome == .decoded, "\(name), line \(frame.line)")
            }
        }
        let counts = session.counts
        #expect(session.keepers.count == 1 && session.keepers[0].book.state == .synced)
        #expect((counts.sequencesVerified, counts.sequencesBroken) == (9_021, 0))
        #expect((counts.topsVerified, counts.topsFailed) == (625, 0))
    }

    @Test func `a raw stream without a seed stays awaiting`() throws {
        var session = Session(Binance(isUS: true), .spot)
        for frame in try Recordings.frames("binance/spot-binanceus-rawstream-BTCUSDT-20260824") {
            #expect(session.take(frame.bytes) == .decoded)
        }
        #expect(session.keepers[0].book.state == .awaitingSnapshot)
        #expect((session.counts.sequencesVerified, session.counts.gaps) == (24, 0))
    }
}

extension [UInt8] {
    fileprivate func contains(_ text: String) -> Bool { String(decoding: self, as: UTF8.self).contains(text) }
}
