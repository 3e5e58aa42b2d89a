import Exchanges
import Features
import MarketModel
import Pipeline
import Rows
import Synchronizer
import Testing

/// Collects the book states of rows.
private final class RowStates: RowSink {
    var states: [String] = []

    func write(_ row: borrowing Row) {
        states.append("\(row.snapshot.ts / UnixTime.second) \(row.snapshot.quality.bookState)")
    }
}

/// A book that is gapped stays so: what ends its connection changes nothing, and holds back no later message.
struct GappedBookTests {
    private static func book(_ type: String, _ number: Int, at milliseconds: Int64) -> [UInt8] {
        let data = #"{"s":"X","b":[["1","1"]],"a":[["2","1"]],"u":\#(number),"seq":1}"#
        return Array(
            #"{"topic":"orderbook.50.X","type":"\#(type)","ts":\#(milliseconds),"data":\#(data)}"#.utf8
        )
    }

    @Test(
        "a snapshot stamped before its connection's end was told shows from its own time on",
        arguments: [ConnectionStatus.disconnected, .dropped, .stalled]
    )
    func snapshotBehindTheEnd(status: ConnectionStatus) throws {
        let states = RowStates()
        var options = SynchronizerOptions(clock: .orderbookDriven)
        options.timeBasis = .exchange
        options.period = UnixTime.second
        var pipeline = try Pipeline(options: options, into: states)
        let exchange = try #require(ExchangeCatalog.standard.named("bybit"))
        let connection = pipeline.connect(exchange, market: .linear)
        let frames = [
            Self.book("delta", 5, at: 8_800), Self.book("snapshot", 9, at: 9_900),
            Self.book("delta", 10, at: 10_500),
        ]
        for (index, frame) in frames.enumerated() {
            // The end is told at 10.1 s, the snapshot comes at 10.2 s and is stamped 9.9 s.
            let time = [10_000, 10_200, 10_600][index] * UnixTime.millisecond
            if index == 1 {
                pipeline.apply(status, on: connection, receiveTime: 10_100 * UnixTime.millisecond)
            }
            pipeline.receive(frame.span.bytes, on: connection, receiveTime: time)
        }
        #expect(states.states == ["9 gapped", "10 synced"])
    }
}
