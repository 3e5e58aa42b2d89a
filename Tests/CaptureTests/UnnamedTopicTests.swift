import Exchanges
import MarketModel
import Testing

@testable import Capture

/// Venues whose answer lists what they took, and leaves out what they refuse.
@Suite("Refusals by leaving out")
struct UnnamedTopicTests {
    private func answer(_ id: Int, _ topics: String...) -> String {
        #"frame {"jsonrpc":"2.0","id":\#(id),"result":\#(topics)}"#
    }

    private func timeline(_ symbols: [String], _ kinds: FeedKinds = .book) -> Timeline {
        Timeline(.deribit, .multi, symbols.map { Subscription(kinds, symbol: $0) })
    }

    private let asked = "?1[] +2[book.A-PERPETUAL.100ms,book.B-PERPETUAL.100ms]"

    @Test func `what the list leaves out is refused once, and asked for no more`() {
        var timeline = timeline(["A-PERPETUAL", "B-PERPETUAL"])
        #expect(timeline.play("0 start; 1 open").hasSuffix(asked))
        let told = timeline.play("10 \(answer(2, "book.A-PERPETUAL.100ms"))")
        #expect(told == "10 rejected(book/B-PERPETUAL) REPORT subscribed(book/A-PERPETUAL)")
        #expect(!timeline.pass(from: 50, to: 4_900).contains("B-PERPETUAL"))
        let lacking = timeline.machine.feeds.lacking(at: 5_000_000_000)
        #expect(lacking.refused.map(\.topic) == ["book/B-PERPETUAL"])
        #expect(timeline.machine.feeds.refusals == 1)
        // The next connection asks for the other alone.
        _ = timeline.play("5000 close; 6000 tick; 7000 tick")
        #expect(timeline.play("7010 open").hasSuffix("[book.A-PERPETUAL.100ms]"))
    }

    @Test func `an empty list refuses all, a full one nothing`() {
        var timeline = timeline(["A-PERPETUAL", "B-PERPETUAL"])
        _ = timeline.play("0 start; 1 open")
        let told = timeline.play("10 \(answer(2))")
        #expect(told == "10 rejected(book/A-PERPETUAL) REPORT rejected(book/B-PERPETUAL) REPORT")
        #expect(timeline.machine.feeds.isRefusedWhole)
        var other = self.timeline(["A-PERPETUAL", "B-PERPETUAL"])
        _ = other.play("0 start; 1 open")
        let granted = other.play("10 \(answer(2, "book.B-PERPETUAL.100ms", "book.A-PERPETUAL.100ms"))")
        #expect(granted == "10 subscribed(book/B-PERPETUAL) subscribed(book/A-PERPETUAL)")
        #expect(other.machine.feeds.refusals == 0)
    }

    @Test func `the answer to an unsubscription, or to a greeting, refuses nothing`() {
        var timeline = timeline(["A-PERPETUAL"])
        _ = timeline.play("0 start; 1 open; 10 \(answer(2, "book.A-PERPETUAL.100ms"))")
        #expect(timeline.play(#"11 frame {"jsonrpc":"2.0","id":1,"result":"ok"}"#) == "")
        _ = timeline.play("12 data book/A-PERPETUAL; 13 restored book/A-PERPETUAL")
        let told = timeline.play("6000 lost book/A-PERPETUAL")
        #expect(told.contains("-3[book.A-PERPETUAL.100ms] +4[book.A-PERPETUAL.100ms]"))
        #expect(timeline.play("6010 \(answer(3))") == "")
        // A resync that is refused is told, and tried again; the topic stays.
        let refused = timeline.play("6020 \(answer(4))")
        #expect(refused == "6020 rejected(book/A-PERPETUAL) REPORT")
        #expect(timeline.machine.feeds.lacking(at: 6_030_000_000).refused.isEmpty)
    }

    @Test func `an error with words that underscores join slows down, or divides the request`() {
        var timeline = timeline(["A-PERPETUAL", "B-PERPETUAL"])
        _ = timeline.play("0 start; 1 open")
        let error = { (id: Int, code: Int, text: String) in
            #"frame {"jsonrpc":"2.0","id":\#(id),"error":{"code":\#(code),"message":"\#(text)"}}"#
        }
        let slow = timeline.play("10 \(error(2, 10_028, "too_many_requests"))")
        #expect(slow == "10 rejected REPORT")
        #expect(timeline.pass(from: 1_000, to: 1_100).contains("+3[book.A"))
        let divided = timeline.play("1200 \(error(3, 13_778, "raw_subscriptions_not_available"))")
        #expect(divided == "" || divided.contains("+4[book.A-PERPETUAL.100ms]"))
        #expect(timeline.pass(from: 2_000, to: 4_000).contains("+5[book.B-PERPETUAL.100ms]"))
    }
}
