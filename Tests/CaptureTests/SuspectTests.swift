import Exchanges
import MarketModel
import Testing

@testable import Capture

/// Venues that close the connection on a request for what they do not have, without a word.
@Suite("Refusals by closing")
struct SuspectTests {
    private func ack(_ coin: String, _ type: String = "trades") -> String {
        #"frame {"channel":"subscriptionResponse","data":{"method":"subscribe","subscription":"#
            + #"{"type":"\#(type)","coin":"\#(coin)"}}}"#
    }

    private func timeline(_ coins: [String], _ kinds: FeedKinds = .trades) -> Timeline {
        Timeline(.hyperliquid, .multi, coins.map { Subscription(kinds, symbol: $0) })
    }

    @Test func `what the connection closes on twice by itself is left out with all of its symbol`() {
        var timeline = timeline(["A", "b", "C"], [.book, .trades])
        let first = timeline.play("0 start; 1 open; 2 close")
        #expect(first.contains("+[l2Book:A] +[trades:A] +[l2Book:b] +[trades:b] +[l2Book:C] +[trades:C]"))
        // From now on one after the other; each answer lets the next go.
        #expect(timeline.play("110 tick; 120 open").hasSuffix("120 connected +[l2Book:A]"))
        #expect(timeline.play("130 \(ack("A", "l2Book"))") == "130 subscribed(book/A) +[trades:A]")
        #expect(timeline.play("140 \(ack("A"))") == "140 subscribed(trades/A) +[l2Book:b]")
        #expect(timeline.play("150 tick; 160 tick") == "")
        #expect(!timeline.play("170 close").contains("REPORT"))
        _ = timeline.play("600 tick; 610 open; 620 \(ack("A", "l2Book")); 630 \(ack("A"))")
        let told = timeline.play("640 close")
        #expect(told.contains("rejected(book/b) REPORT"))
        let last = timeline.play("2000 tick; 2010 open")
        #expect(last.hasSuffix("connected +[l2Book:A] +[trades:A] +[l2Book:C] +[trades:C]"))
        let lacking = timeline.machine.feeds.lacking(at: 2_020_000_000)
        #expect(lacking.refused.map(\.topic) == ["book/b", "trades/b"])
    }

    @Test func `an answer that does not come holds the others up no longer than it is waited for`() {
        var timeline = timeline(["A", "B"])
        _ = timeline.play("0 start; 1 open; 2 close; 110 tick; 120 open")
        #expect(timeline.play("5000 tick") == "")
        #expect(timeline.pass(from: 5_050, to: 5_300).contains("+[trades:B]"))
    }

    @Test func `a connection that is lost once all was answered, or by us, suspects nobody`() {
        var timeline = timeline(["A", "B"])
        _ = timeline.play("0 start; 1 open; 2 \(ack("A")); 3 \(ack("B")); 10 close; 200 tick")
        #expect(timeline.play("210 open").hasSuffix("connected +[trades:A] +[trades:B]"))
        #expect(timeline.play("220 \(ack("A")); 60300 tick").contains("CLOSE"))
        _ = timeline.play("60301 close; 62000 tick")
        #expect(timeline.play("62010 open").hasSuffix("connected +[trades:A] +[trades:B]"))
    }

    @Test func `a topic that was granted once is no suspect, however often the connection closes`() {
        var timeline = timeline(["A"])
        var told = timeline.play("0 start; 1 open; 2 \(ack("A")); 10 close; 200 tick; 210 open; 220 close")
        told += timeline.play("900 tick; 910 open; 920 close; 2500 tick; 2510 open; 2520 close; 6000 tick")
        #expect(!told.contains("rejected") && !told.contains("REPORT"))
        #expect(timeline.play("6010 open").hasSuffix("connected +[trades:A]"))
    }

    @Test func `care ends when all that was asked for was answered`() {
        var timeline = timeline(["A", "B"])
        _ = timeline.play("0 start; 1 open; 2 close; 110 tick; 120 open; 130 \(ack("A")); 140 \(ack("B"))")
        _ = timeline.play("150 tick; 160 close; 600 tick")
        #expect(timeline.play("610 open").hasSuffix("connected +[trades:A] +[trades:B]"))
    }

    @Test func `other venues are asked for all at once, whatever closes`() {
        var timeline = Timeline(.kraken, .spot, [Subscription([.book, .trades], symbol: "A/USD")])
        _ = timeline.play("0 start; 1 open; 2 close; 110 tick")
        #expect(timeline.play("120 open").hasSuffix("+3[10/book:A/USD] +4[trade:A/USD]"))
    }

    @Test func `a book that comes seldom is silent after its own time, trades after the usual one`() {
        var timeline = timeline(["A"], [.book, .trades])
        _ = timeline.play("0 start; 1 open; 10 \(ack("A", "l2Book")); 10 \(ack("A"))")
        #expect(timeline.play("5010 tick") == "5010 silent(trades/A)")
        #expect(timeline.play("11900 tick; 12010 tick").contains("12010 silent(book/A)"))
        #expect(timeline.machine.feeds.lacking(at: 11_000_000_000).silent.isEmpty)
        #expect(timeline.machine.feeds.lacking(at: 12_010_000_000).silent == ["book/A"])
    }

    @Test func `a book of which each message is whole is awaited, and never asked for again`() {
        var timeline = timeline(["A"], .book)
        _ = timeline.play("0 start; 1 open; 10 \(ack("A", "l2Book")); 20 data book/A; 20 restored book/A")
        #expect(timeline.play("30 lost book/A") == "30 gap[sequence,book/A]")
        #expect(timeline.pass(from: 50, to: 9_000).contains("+[") == false)
        #expect(timeline.play("9010 restored book/A") == "9010 healed[book/A]")
        #expect(timeline.play("9020 renew; 9030 tick; 9040 restored book/A") == "")
    }
}
