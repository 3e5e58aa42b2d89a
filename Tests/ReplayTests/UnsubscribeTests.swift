import Exchanges
import Features
import MarketModel
import OrderBooks
import Pipeline
import Rows
import Synchronizer
import Testing

/// Collects the book states and live feeds of rows.
private final class RowLog: RowSink {
    var rows: [String] = []

    func write(_ row: borrowing Row) {
        let quality = row.snapshot.quality
        let gap = quality.gap ? " gap" : ""
        let trades = quality.observed.contains(.trades) ? " trades" : ""
        rows.append("\(row.snapshot.ts / UnixTime.second) \(quality.bookState)\(gap)\(trades)")
    }
}

/// A confirmed unsubscription under the external clock: periods of 1 s, times in ms after 2024-01-01.
struct UnsubscribeTests {
    private static let start: Int64 = 1_704_067_200 * UnixTime.second

    private static func ack(_ method: String, _ channel: String, _ milliseconds: Int64) -> String {
        let time = "2024-01-01T00:00:0\(milliseconds / 1000).\(milliseconds % 1000)Z"
        return
            #"{"method":"\#(method)","result":{"channel":"\#(channel)","symbol":"A/B"},"success":true,"time_out":"\#(time)"}"#
    }

    private static func rows(_ frames: [(Int64, String)], _ options: SynchronizerOptions) throws -> [String] {
        let log = RowLog()
        var pipeline = try Pipeline(options: options, into: log)
        let exchange = try #require(ExchangeCatalog.standard.named("kraken"))
        let connection = pipeline.connect(exchange, market: .spot)
        for (milliseconds, frame) in frames {
            pipeline.receive(
                Array(frame.utf8).span.bytes,
                on: connection,
                receiveTime: start + milliseconds * 1_000_000
            )
        }
        return log.rows.map { row in
            guard let space = row.firstIndex(of: " "), let second = Int64(row[..<space]) else { return row }
            return "\(second - start / UnixTime.second)\(row[space...])"
        }
    }

    private static let snapshot =
        #"{"channel":"book","type":"snapshot","data":[{"symbol":"A/B","bids":[{"price":1.0,"qty":1.0}],"asks":[{"price":2.0,"qty":1.0}],"timestamp":"2024-01-01T00:00:00.200Z"}]}"#
    private static let pong = #"{"method":"pong"}"#

    /// The row emitted by the ack's tick does not claim to be complete, and shows the book from before the
    /// ack.
    @Test("the feed ends before the tick of the frame that confirms it, the book after", arguments: [0, 500])
    func external(watermarkDelay: Int64) throws {
        var options = SynchronizerOptions(clock: .external, watermarkDelay: watermarkDelay * 1_000_000)
        options.period = UnixTime.second
        let frames: [(Int64, String)] = [
            (100, UnsubscribeTests.ack("subscribe", "book", 100)),
            (150, UnsubscribeTests.ack("subscribe", "trade", 150)), (200, UnsubscribeTests.snapshot),
            (2500, UnsubscribeTests.pong), (3100, UnsubscribeTests.ack("unsubscribe", "book", 3100)),
            (3200, UnsubscribeTests.ack("unsubscribe", "trade", 3200)), (5600, UnsubscribeTests.pong),
        ]
        let expected = [
            "1 synced gap", "2 synced trades", "3 synced gap trades", "4 awaitingSnapshot gap",
        ]
        #expect(Array(try UnsubscribeTests.rows(frames, options).prefix(4)) == expected)
    }

    @Test("trades are not observed in the row whose tick the ack fires")
    func trades() throws {
        var options = SynchronizerOptions(clock: .external)
        options.period = UnixTime.second
        let frames: [(Int64, String)] = [
            (100, UnsubscribeTests.ack("subscribe", "trade", 100)), (200, UnsubscribeTests.snapshot),
            (2500, UnsubscribeTests.pong), (3100, UnsubscribeTests.ack("unsubscribe", "trade", 3100)),
        ]
        let expected = ["1 synced gap", "2 synced trades", "3 synced gap"]
        #expect(try UnsubscribeTests.rows(frames, options) == expected)
    }
}
