import Features
import Foundation
import MarketModel
import OrderBooks
import Rows
import Sinks
import Synchronizer
import Testing

/// Accepts rows until it fails.
private final class FailingSink: RowSink {
    var taken = 0
    let limit: Int
    var name: String { "failing" }
    var status: String { "\(taken)" }

    init(after limit: Int) { self.limit = limit }

    func write(_ row: borrowing Row) throws(SinkError) {
        guard taken < limit else { throw .failed(sink: name, reason: "no room") }
        taken += 1
    }

    var calls: [String] = []

    func flush(at now: Int64) throws(SinkError) {
        calls.append("flush")
        if taken == limit { throw .failed(sink: name, reason: "still no room") }
    }

    func finish() -> SinkReceipt {
        calls.append("finish")
        return SinkReceipt()
    }
}

@Suite("Sinks")
struct SinkTests {
    private let instrument = Instrument(exchange: "bybit", market: .linear, symbol: "BTCUSDT")

    private func feed(_ fan: SinkFanOut, rows: Int) {
        for row in 1...rows {
            let time = Int64(row) * UnixTime.second
            let aggregate = MarketAggregate(instrument: InstrumentIndex(0), ts: time, tsAvailable: time)
            fan.write(Row(MarketSnapshot(), aggregate, of: instrument))
        }
    }

    @Test("a sink that fails is told of once and gets no more; the others get every row")
    func failure() {
        let (bad, good) = (FailingSink(after: 3), FailingSink(after: .max))
        let fan = SinkFanOut([bad, good])
        feed(fan, rows: 10)
        fan.finish()
        #expect(bad.taken == 3)
        #expect(good.taken == 10)
        #expect(fan.rows == 10)
        #expect(fan.failures == [.failed(sink: "failing", reason: "no room")])
        #expect(fan.reports.map(\.lostRows) == [7, 0])
        #expect(fan.drainNotes() == ["failing: no room; this sink gets no more rows"])
        #expect(fan.drainNotes().isEmpty)
    }

    @Test("a sink that failed is still flushed and finished; what it throws again and again is told once")
    func failedAndFinished() {
        let (bad, good) = (FailingSink(after: 3), FailingSink(after: .max))
        let fan = SinkFanOut([bad, good])
        feed(fan, rows: 10)
        for time in 1...3 { fan.flush(at: Int64(time)) }
        fan.finish()
        fan.finish()
        #expect(bad.calls == ["flush", "flush", "flush", "finish"] && good.calls == bad.calls)
        #expect(fan.failures == [.failed(sink: "failing", reason: "no room")])
        #expect(
            fan.drainNotes() == [
                "failing: no room; this sink gets no more rows", "failing: still no room",
            ]
        )
    }

    @Test("a slow reader loses its oldest rows, and they are counted; a reader of another topic gets none")
    func slow() async {
        let channel = ChannelSink(capacity: 4)
        let (all, other) = (channel.rows(), channel.rows("rows.kraken.spot.BTC/USD"))
        let fan = SinkFanOut([channel])
        feed(fan, rows: 10)
        fan.finish()
        var times: [Int64] = []
        for await row in all { times.append(row.aggregate.ts / UnixTime.second) }
        #expect(times == [7, 8, 9, 10])
        #expect(channel.dropped == 6)
        for await row in other { Issue.record("\(row)") }
    }

    @Test("the terminal shows an instrument at most once a second")
    func terminal() {
        var lines: [String] = []
        let sink = TerminalSink { lines.append($0) }
        let fan = SinkFanOut([sink])
        feed(fan, rows: 5)
        feed(fan, rows: 1)
        #expect(lines.count == 6)
        #expect(lines[0].hasPrefix("time") && lines[0].hasSuffix("book"))
        #expect(lines.dropFirst().allSatisfy { $0.contains("BTCUSDT") })
        // One below the other.
        let ends = lines.map { $0.count - ($0.split(separator: " ").last?.count ?? 0) }
        #expect(Set(ends).count == 1)
    }

    @Test("events go to the readers of their topics, of one instrument or of all")
    func events() async throws {
        let channel = ChannelSink()
        let readers = ["trade", "trade.bybit.linear.BTCUSDT", "trade.bybit.spot.BTCUSDT", "book"].map {
            channel.events($0)
        }
        let fan = SinkFanOut([channel])
        #expect(fan.wants == .events)
        var batch = EventBatch()
        let index = batch.instruments.index(of: instrument)
        batch.append(
            Trade(
                instrument: index,
                side: .sell,
                price: try FixedDecimal("1.5"),
                size: try FixedDecimal("2"),
                id: .none,
                exchangeTime: 7,
                receiveTime: 8
            )
        )
        fan.applied(batch.order[0], of: batch, books: [BookKeeper]().span)
        fan.finish()
        var counts: [Int] = []
        for reader in readers {
            var count = 0
            for await event in reader {
                guard case .trade(let trade) = event else { continue }
                #expect(trade.receiveTime == 8)
                count += 1
            }
            counts.append(count)
        }
        #expect(counts == [1, 1, 0, 0])
    }
}
