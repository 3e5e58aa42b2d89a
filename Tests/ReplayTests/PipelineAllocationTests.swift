import CAllocationCount
import Exchanges
import Features
import MarketModel
import OrderBooks
import Pipeline
import Rows
import Synchronizer
import Testing

/// Counts rows.
private final class RowCount: RowSink {
    var rows = 0

    func write(_ row: borrowing Row) { rows += 1 }
}

/// From a frame's bytes to the row: the path that live and replay share.
struct PipelineAllocationTests {
    @Test("a frame on its way through decoder, book and synchronizer allocates nothing between rows")
    func steady() throws {
        let sink = RowCount()
        var pipeline = try Pipeline(options: SynchronizerOptions(clock: .orderbookDriven), into: sink)
        let connection = pipeline.connect(.bybit, market: .linear)
        let frames = PipelineAllocationTests.frames(5500)
        func feed(_ range: Range<Int>, _ pipeline: inout Pipeline) -> UInt64 {
            let before = allocation_count()
            for index in range {
                let time = PipelineAllocationTests.time(of: index)
                let frame = frames[index]
                pipeline.receive(frame.span.bytes, on: connection, receiveTime: time)
            }
            return allocation_count() - before
        }
        _ = feed(0..<5001, &pipeline)
        let rows = sink.rows
        let allocations = feed(5001..<5500, &pipeline)
        #expect(rows > 250 && sink.rows - rows <= 1)
        #expect(pipeline.counts.decodeErrors == 0 && pipeline.counts.trades > 500)
        #expect(allocations == 0, "499 frames")
    }

    /// Ten milliseconds apart, so that ten frames make a row; then a microsecond, for a thousand frames in each of two
    /// rows, whose memory, used in turns, a later row of five hundred uses again.
    ///
    /// Rows themselves are excluded: unoptimized code allocates coroutine frames for each, which the
    /// optimizer removes.
    private static func time(of index: Int) -> Int64 {
        let (wide, narrow) = (Int64(min(index, 3000)), Int64(max(index - 3000, 0)))
        let pause = 200_000_000 * Int64(index < 4000 ? 0 : index < 5000 ? 1 : 2)
        return 1_700_000_000_000_000_000 + wide * 10_000_000 + narrow * 1000 + pause
    }

    /// A snapshot of 200 levels a side, then deltas, every fourth frame a trade, every tenth a ticker.
    private static func frames(_ count: Int) -> [[UInt8]] {
        let bids = (0..<200).map { #"["\#(1000 - $0).5","1.\#($0)"]"# }.joined(separator: ",")
        let asks = (0..<200).map { #"["\#(1001 + $0).5","2.\#($0)"]"# }.joined(separator: ",")
        var number = 0
        return (0..<count).map { index in
            let text: String
            if index % 4 == 3 {
                text =
                    #"{"topic":"publicTrade.BTCUSDT","type":"snapshot","ts":1700000000301,"data":[{"T":1700000000300,"#
                    + #""s":"BTCUSDT","S":"Sell","v":"5.1","p":"100.5","i":"\#(index)","BT":false}]}"#
            } else if index % 10 == 6 {
                text =
                    #"{"topic":"tickers.BTCUSDT","type":"delta","data":{"symbol":"BTCUSDT","#
                    + #""openInterest":"51\#(index)","fundingRate":"0.0001"},"cs":1,"ts":1700000000500}"#
            } else {
                number += 1
                let isFirst = number == 1
                let size = number % 3 == 0 ? "0" : "7.5"
                let bid = isFirst ? bids : #"["\#(1000 - number % 190).5","\#(size)"]"#
                let ask = isFirst ? asks : #"["\#(1001 + number % 150).5","\#(number)"]"#
                text =
                    #"{"topic":"orderbook.200.BTCUSDT","type":"\#(isFirst ? "snapshot" : "delta")","ts":1700000000100,"#
                    + #""data":{"s":"BTCUSDT","b":[\#(bid)],"a":[\#(ask)],"u":\#(number),"seq":1}}"#
            }
            return Array(text.utf8)
        }
    }
}
