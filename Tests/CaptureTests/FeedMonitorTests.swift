import Exchanges
import MarketModel
import Testing

@testable import Capture

@Suite("Feed monitor")
struct FeedMonitorTests {
    private func trades(_ numbers: [Int], type: String = "update") -> String {
        let data = numbers.map {
            #"{"symbol":"BTC/USD","side":"buy","price":5.0,"qty":1.0,"ord_type":"market","trade_id":\#($0),"#
                + #""timestamp":"2026-03-02T12:00:00.000000Z"}"#
        }
        return #"{"channel":"trade","type":"\#(type)","data":[\#(data.joined(separator: ","))]}"#
    }

    /// What each message told of missed trades; `-` is a lost connection.
    private func missed(_ messages: [String]) -> [String] {
        var monitor = FeedMonitor(.kraken, market: .spot)
        var told: [String] = []
        for (time, message) in messages.enumerated() {
            if message == "-" {
                monitor.connectionReset()
                continue
            }
            let bytes = Array(message.utf8)
            let findings = monitor.receive(bytes.span.bytes, at: Int64(time))
            told += findings.missed.map { "\($0.symbol) \($0.count) \($0.cause)" }
        }
        return told
    }

    @Test("a hole in the numbers of trades tells how many were missed, and why")
    func holes() {
        #expect(missed([trades([1, 2, 3]), trades([4]), trades([7, 8])]) == ["BTC/USD 2 sequence"])
        #expect(missed([trades([1]), "-", trades([12])]) == ["BTC/USD 10 disconnect"])
        #expect(missed([trades([1]), "-", trades([2]), trades([3])]).isEmpty)
    }

    @Test("the first number, older trades sent again and numbers seen twice are no holes")
    func noHoles() {
        #expect(missed([trades([500])]).isEmpty)
        #expect(missed([trades([10]), "-", trades([2, 3], type: "snapshot"), trades([11])]).isEmpty)
        #expect(missed([trades([10, 11]), trades([10]), trades([12])]).isEmpty)
    }
}
