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

    /// The missed trades reported by each message; `-` is a lost connection.
    private func missed(_ messages: [String]) -> [String] {
        let feeds = FeedSubscriptions(.kraken, market: .spot, [Subscription(.trades, symbol: "BTC/USD")])
        var monitor = FeedMonitor(feeds)
        var told: [String] = []
        for (time, message) in messages.enumerated() {
            if message == "-" {
                monitor.connectionReset()
                continue
            }
            let bytes = Array(message.utf8)
            let findings = monitor.receive(bytes.span.bytes, at: Int64(time))
            told += findings.missed.map { "\(feeds.topics[$0.topic].name) \($0.count) \($0.cause)" }
        }
        return told
    }

    @Test("a hole in the numbers of trades tells how many were missed, and why")
    func holes() {
        #expect(missed([trades([1, 2, 3]), trades([4]), trades([7, 8])]) == ["trades/BTC/USD 2 sequence"])
        #expect(missed([trades([1]), "-", trades([12])]) == ["trades/BTC/USD 10 disconnect"])
        #expect(missed([trades([1]), "-", trades([2]), trades([3])]).isEmpty)
    }

    @Test("the first number, older trades sent again and numbers seen twice are no holes")
    func noHoles() {
        #expect(missed([trades([500])]).isEmpty)
        #expect(missed([trades([10]), "-", trades([2, 3], type: "snapshot"), trades([11])]).isEmpty)
        #expect(missed([trades([10, 11]), trades([10]), trades([12])]).isEmpty)
    }

    // MARK: - Topics and books

    /// The findings of each Bybit message: topics, `!` books lost with cause, `=` books restored, `@` an
    /// answer.
    private func told(_ subscriptions: [Subscription], _ messages: [String]) -> [String] {
        let feeds = FeedSubscriptions(.bybit, market: .linear, subscriptions)
        var monitor = FeedMonitor(feeds)
        var lines: [String] = []
        for (time, message) in messages.enumerated() {
            if message == "-" {
                monitor.connectionReset()
                continue
            }
            let findings = monitor.receive(Array(message.utf8).span.bytes, at: Int64(time))
            let words =
                monitor.topics.map { feeds.topics[$0].name }
                + findings.lost.map { "!\(feeds.topics[$0.topic].name) \($0.cause)" }
                + findings.restored.map { "=\(feeds.topics[$0].name)" }
                + (findings.reply == nil ? [] : ["@"])
            lines.append(words.joined(separator: " "))
        }
        lines.append("unknown \(monitor.unknownFrames) unsubscribed \(monitor.unsubscribed)")
        return lines
    }

    private func book(_ symbol: String, _ type: String, _ number: Int, depth: Int = 50) -> String {
        #"{"topic":"orderbook.\#(depth).\#(symbol)","type":"\#(type)","ts":1780000000000,"data":{"s":"\#(symbol)","#
            + #""b":[["1.0","2"]],"a":[["1.1","3"]],"u":\#(number),"seq":5},"cts":1780000000000}"#
    }

    private func trade(_ symbol: String) -> String {
        #"{"topic":"publicTrade.\#(symbol)","type":"snapshot","ts":1780000000000,"data":[{"T":1780000000000,"#
            + #""s":"\#(symbol)","S":"Buy","v":"1","p":"1.05","L":"x","i":"\#(symbol)1","BT":false}]}"#
    }

    @Test("a delta without a snapshot is noticed on every connection, once; the snapshot is told once")
    func noSnapshot() {
        let feed = [Subscription([.book, .trades], symbol: "A", depth: 50)]
        let delta = { book("A", "delta", $0) }
        #expect(
            told(feed, [delta(1), delta(2), book("A", "snapshot", 3), delta(4), book("A", "snapshot", 9)])
                == [
                    "book/A !book/A noSnapshot", "book/A", "book/A =book/A", "book/A", "book/A",
                    "unknown 0 unsubscribed 0",
                ]
        )
        #expect(
            told(
                feed,
                [book("A", "snapshot", 3), "-", delta(4), delta(5), book("A", "snapshot", 6), delta(8)]
            )
                == [
                    "book/A =book/A", "book/A !book/A noSnapshot", "book/A", "book/A =book/A",
                    "book/A !book/A sequence", "unknown 0 unsubscribed 0",
                ]
        )
    }

    @Test("what nobody asked for is counted, and no book of it is watched")
    func unsubscribed() {
        let feed = [Subscription(.book, symbol: "A", depth: 50)]
        let frames = [
            book("EVIL", "snapshot", 5), book("EVIL", "delta", 9), trade("A"), trade("EVIL"),
            book("A", "snapshot", 1, depth: 200),
        ]
        #expect(told(feed, frames).dropLast() == ["", "", "", "", ""])
        #expect(told(feed, frames).last == "unknown 5 unsubscribed 5")
    }

    @Test("symbols without end do not keep the feeds that were asked for from being watched")
    func madeUp() {
        let frames =
            [book("A", "snapshot", 1)] + (0..<20_100).map { trade("EVIL\($0)") } + [
                book("A", "delta", 2), book("A", "delta", 4),
            ]
        let told = told([Subscription(.book, symbol: "A", depth: 50)], frames)
        #expect(told.first == "book/A =book/A")
        #expect(told.suffix(3) == ["book/A", "book/A !book/A sequence", "unknown 20100 unsubscribed 20100"])
    }

    @Test("several depths of a symbol are watched each by itself")
    func depths() {
        let feed = [50, 200].map { Subscription(.book, symbol: "A", depth: $0) }
        #expect(
            told(
                feed,
                [
                    book("A", "snapshot", 1, depth: 200), book("A", "delta", 7),
                    book("A", "delta", 2, depth: 200),
                ]
            )
                == [
                    "book.200/A =book.200/A", "book.50/A !book.50/A noSnapshot", "book.200/A",
                    "unknown 0 unsubscribed 0",
                ]
        )
    }

    @Test("answers are no data; a ticker without news of funding or interest is")
    func answers() {
        let feed = [Subscription(.all, symbol: "A", depth: 50)]
        #expect(
            told(
                feed,
                [
                    #"{"success":true,"ret_msg":"","req_id":"1","op":"subscribe"}"#,
                    #"{"req_id":"","op":"pong","args":["0"],"conn_id":"x"}"#,
                    #"{"topic":"tickers.A","type":"delta","ts":1,"data":{"symbol":"A","lastPrice":"1"}}"#,
                ]
            ) == ["@", "", "ticker/A", "unknown 0 unsubscribed 0"]
        )
    }
}
