import Dispatch
import Features
import Foundation
import MarketModel
import Rows
import Synchronization
import Synchronizer
import Testing

@testable import Sinks

/// Accepts rows only while its gate is open.
private final class GatedSink: RowSink, @unchecked Sendable {
    let gate = DispatchSemaphore(value: 0)
    let isOpen = Atomic(false)
    let hasBegun = Atomic(false)
    let seen = Mutex<[String]>([])
    let name = "gated"
    var status: String { "\(seen.withLock(\.count)) seen" }
    var failsAt: Int64 = .max

    func open() {
        isOpen.store(true, ordering: .relaxed)
        gate.signal()
    }

    func write(_ row: borrowing Row) throws(SinkError) {
        hasBegun.store(true, ordering: .relaxed)
        if !isOpen.load(ordering: .relaxed) { gate.wait() }
        if row.aggregate.ts == failsAt { throw .failed(sink: name, reason: "no room") }
        let prices = row.snapshot.trades.map { "\($0.price)" }.joined(separator: ",")
        seen.withLock { $0.append("\(row.aggregate.ts):\(prices)") }
    }

    func lost(_ rows: LostRows) throws(SinkError) {
        seen.withLock { $0.append("lost \(rows.count) \(rows.first)-\(rows.last)") }
    }

    func finish() -> SinkReceipt {
        seen.withLock { $0.append("finish") }
        return SinkReceipt()
    }
}

@Suite("Queued sink")
struct QueuedSinkTests {
    private let instrument = Instrument(exchange: "bybit", market: .linear, symbol: "BTCUSDT")

    private func write(_ numbers: ClosedRange<Int64>, to sink: any RowSink) throws {
        // One snapshot reused for all rows, as the synchronizer does.
        var snapshot = MarketSnapshot(instrument: InstrumentIndex(0), ts: 0, tsAvailable: 0)
        for number in numbers {
            snapshot.ts = number
            snapshot.trades.removeAll(keepingCapacity: true)
            snapshot.trades.append(
                Trade(
                    instrument: InstrumentIndex(0),
                    side: .buy,
                    price: try FixedDecimal("\(number)"),
                    size: try FixedDecimal("1"),
                    id: .none,
                    exchangeTime: number,
                    receiveTime: number
                )
            )
            let row = MarketAggregate(instrument: InstrumentIndex(0), ts: number, tsAvailable: number)
            try sink.write(Row(snapshot, row, of: instrument))
        }
    }

    @Test("a sink that takes nothing keeps nobody waiting and gets all rows, as they were, once it goes on")
    func waits() throws {
        let gated = GatedSink()
        let sink = try QueuedSink(gated)
        // More than are removed from the queue's front at once.
        try write(1...5_000, to: sink)
        gated.open()
        while gated.seen.withLock(\.count) < 3_000 { usleep(1_000) }
        try write(5_001...5_100, to: sink)
        try sink.finish()
        #expect(gated.seen.withLock { $0 } == (1...5_100).map { "\($0):\($0)" } + ["finish"])
        #expect(sink.lostRows == 0)
    }

    @Test("rows that find no room are lost, counted, and told before the next row")
    func losses() throws {
        let gated = GatedSink()
        let sink = try QueuedSink(gated, limit: 12_000)
        try write(1...1, to: sink)
        // Once the sink has the first row, no room is freed until the gate opens.
        while !gated.hasBegun.load(ordering: .relaxed) { usleep(1_000) }
        try write(2...50, to: sink)
        let lost = sink.lostRows
        #expect(lost > 30 && lost < 50)
        gated.open()
        while gated.seen.withLock(\.count) < 50 - Int(lost) { usleep(1_000) }
        try write(51...51, to: sink)
        try sink.finish()
        let seen = gated.seen.withLock { $0 }
        let kept = 50 - Int64(lost)
        #expect(seen.prefix(Int(kept)) == (1...kept).map { "\($0):\($0)" }[...])
        #expect(seen.suffix(3) == ["lost \(lost) \(kept + 1)-50", "51:51", "finish"])
        #expect(sink.drainNotes().joined().contains("rows are lost from here on"))
        #expect(sink.lostRows == lost)
    }

    @Test("at the end a sink that gets nowhere is given up, and what waits for it counts as lost")
    func givenUp() throws {
        let gated = GatedSink()
        let sink = try QueuedSink(gated, patience: 100)
        try write(1...10, to: sink)
        #expect(throws: SinkError.self) { try sink.finish() }
        #expect(sink.lostRows >= 9)
        gated.open()
    }

    @Test("a sink that throws gets no more rows; those that waited are lost, and it is finished")
    func failure() throws {
        let gated = GatedSink()
        gated.failsAt = 4
        let sink = try QueuedSink(gated)
        try write(1...10, to: sink)
        gated.open()
        #expect(throws: SinkError.failed(sink: "gated", reason: "no room")) { try sink.finish() }
        #expect(gated.seen.withLock { $0 } == ["1:1", "2:2", "3:3", "finish"])
        #expect(sink.lostRows == 7)
    }
}
