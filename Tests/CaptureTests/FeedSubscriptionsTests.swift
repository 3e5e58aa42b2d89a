import Exchanges
import MarketModel
import Testing

@testable import Capture

private func feeds(_ symbols: [String], _ kinds: FeedKinds = [.book, .trades]) -> [Subscription] {
    symbols.map { Subscription(kinds, symbol: $0, depth: kinds.contains(.book) ? 50 : nil) }
}

/// A connection to Bybit that is open: its first request has the id 1.
private func bybit(_ symbols: [String], _ kinds: FeedKinds = [.book, .trades]) -> Timeline {
    var timeline = Timeline(.bybit, .linear, feeds(symbols, kinds))
    _ = timeline.play("0 start; 0 open")
    return timeline
}

private func kraken(_ symbols: [String], _ kinds: FeedKinds = [.book, .trades]) -> Timeline {
    var timeline = Timeline(.kraken, .spot, symbols.map { Subscription(kinds, symbol: $0) })
    _ = timeline.play("0 start; 0 open")
    return timeline
}

private func coinbase(_ symbols: [String], _ kinds: FeedKinds = [.book, .trades]) -> Timeline {
    var timeline = Timeline(.coinbase, .spot, symbols.map { Subscription(kinds, symbol: $0) })
    _ = timeline.play("0 start; 0 open")
    return timeline
}

private func list(_ channels: String) -> String {
    #"frame {"channel":"subscriptions","events":[{"subscriptions":{\#(channels)}}]}"#
}

@Suite("Requests for feeds")
struct FeedRequestTests {
    @Test("symbols go in arrays where the venue takes them, with ids where it knows them")
    func arrays() {
        var kraken = Timeline(
            .kraken,
            .spot,
            feeds(["A/USD", "B/USD"], [.book, .trades]).map {
                Subscription($0.kinds, symbol: $0.symbol, depth: 25)
            }
        )
        _ = kraken.play("0 start")
        #expect(
            kraken.play("5 open") == "5 connected +1[25/book:A/USD,B/USD] +2[trade:A/USD,B/USD]"
        )
        var coinbase = Timeline(.coinbase, .spot, feeds(["A-USD", "B-USD"]))
        _ = coinbase.play("0 start")
        #expect(
            coinbase.play("5 open")
                == "5 connected +[heartbeats:A-USD,B-USD] +[level2:A-USD,B-USD] +[market_trades:A-USD,B-USD]"
        )
    }

    @Test("requests keep the venue's pace, and connections share it")
    func pace() {
        let symbols = (0..<45).map { "S\($0)" }
        for (sharers, burst) in [(1, 5), (5, 1)] {
            var timeline = Timeline(.bybit, .linear, feeds(symbols), feeds: { $0.sharers = Int64(sharers) })
            let first = timeline.play("0 start; 0 open")
            #expect(first.split(separator: "+").count - 1 == burst)
            let rest = timeline.pass(from: 50, to: 4_900)
            #expect((first + rest).split(separator: "+").count - 2 == 9 - 1)
            for second in 0..<4 {
                let sent = rest.split(separator: ";").filter { line in
                    let time = Int(line.split(separator: " ").first ?? "") ?? 0
                    return line.contains("+") && time / 1_000 == second
                }
                #expect(sent.count <= 20 / sharers)
            }
        }
    }

    @Test("one refused topic costs no other of its request; it is told once and not asked for again")
    func named() {
        var timeline = bybit(["A", "B"])
        let told = timeline.play(
            "10 no 1 error:handler not found,topic:orderbook.50.B; 20 ok 2; 90 data trades/A; 100 close; "
                + "200 tick; 210 open"
        )
        #expect(
            told == "10 rejected(book/B) REPORT +2[orderbook.50.A,publicTrade.A,publicTrade.B]; "
                + "20 subscribed(book/A) subscribed(trades/A) subscribed(trades/B); "
                + "100 disconnected gap[disconnect,all]; 200 connecting CONNECT; "
                + "210 connected +3[orderbook.50.A,publicTrade.A,publicTrade.B]"
        )
        let lacking = timeline.machine.feeds.lacking(at: 0)
        #expect(lacking.refused.map(\.topic) == ["book/B"])
        #expect(lacking.refused[0].reason == "error:handler not found,topic:orderbook.50.B")
    }

    @Test("a refusal that names a symbol alone costs that symbol's topics; several may be named")
    func namedSymbols() {
        var timeline = bybit(["A", "B", "AB"])
        #expect(
            timeline.play("10 no 1 Invalid symbol :[B]")
                == "10 rejected(book/B) REPORT rejected(trades/B) REPORT "
                + "+2[orderbook.50.A,publicTrade.A,orderbook.50.AB,publicTrade.AB]"
        )
        #expect(
            timeline.play("20 no 2 not found: publicTrade.A, orderbook.50.AB.")
                == "20 rejected(trades/A) REPORT rejected(book/AB) REPORT +3[orderbook.50.A,publicTrade.AB]"
        )
    }

    @Test("where no topic is named the request is halved until the one is alone")
    func halved() {
        var timeline = bybit(["A", "B"])
        #expect(
            timeline.play("10 no 1 Bad request")
                == "10 +2[orderbook.50.A,publicTrade.A] +3[orderbook.50.B,publicTrade.B]"
        )
        #expect(timeline.play("20 ok 2") == "20 subscribed(book/A) subscribed(trades/A)")
        #expect(timeline.play("30 no 3 Bad request") == "30 +4[orderbook.50.B] +5[publicTrade.B]")
        #expect(
            timeline.play("40 no 4 Bad request; 50 ok 5")
                == "40 rejected(book/B) REPORT; 50 subscribed(trades/B)"
        )
        // Never again, not after a reconnect either.
        _ = timeline.play("60 close; 160 tick")
        #expect(timeline.play("170 open") == "170 connected +6[orderbook.50.A,publicTrade.A,publicTrade.B]")
    }

    @Test("a server that refuses everything is asked for every topic once, and left after a while")
    func allRefused() {
        var timeline = bybit(["A", "B"])
        var told = ""
        for id in 1...7 { told += timeline.play("\(id * 100) no \(id) no; \(id * 100 + 50) tick") + "; " }
        #expect(told.split(separator: " ").count { $0 == "REPORT" || $0 == "REPORT;" } == 4)
        #expect(timeline.machine.feeds.isRefusedWhole)
        #expect(timeline.pass(from: 800, to: 5_700).isEmpty)
        #expect(timeline.play("5750 tick") == "5750 disconnected CLOSE")
        #expect(timeline.machine.isStopped)
    }

    @Test("answers are matched by id in any order; one with another id confirms nothing")
    func ids() {
        var timeline = Timeline(.bybit, .linear, feeds((0..<6).map { "S\($0)" }))
        _ = timeline.play("0 start; 0 open")
        #expect(
            timeline.play("10 no 2 error:handler not found,topic:publicTrade.S5").contains(
                "rejected(trades/S5)"
            )
        )
        #expect(timeline.play("20 ok 1").split(separator: " ").count == 11)
        #expect(timeline.play("30 ok 77").isEmpty)
        #expect(timeline.play("40 ok 1").isEmpty)
        #expect(timeline.play("50 ok 3") == "50 subscribed(book/S5)")
    }

    @Test("without ids answers are taken in the order of the requests")
    func order() {
        var timeline = bybit((0..<6).map { "S\($0)" })
        #expect(timeline.play("10 ok -").split(separator: " ").count == 11)
        #expect(timeline.play("20 no - no such topic") == "20 +3[orderbook.50.S5] +4[publicTrade.S5]")
        #expect(
            timeline.play("30 ok -; 40 no - no such topic")
                == "30 subscribed(book/S5); 40 rejected(trades/S5) REPORT"
        )
    }

    @Test("Kraken answers each symbol: one that it lacks costs no other, in either channel")
    func symbols() {
        var timeline = kraken(["A/USD", "B/USD"])
        let refusal = { (id: String) in
            #"frame {"error":"Currency pair not supported B/USD","method":"subscribe",\#(id)"success":false,"symbol":"B/USD"}"#
        }
        let told = timeline.play(
            "10 ok 1 book A/USD; 20 \(refusal(#""req_id":1,"#)); 30 \(refusal("")); 40 ok - trade A/USD"
        )
        #expect(
            told == "10 subscribed(book/A/USD); 20 rejected(book/B/USD) REPORT; "
                + "30 rejected(trades/B/USD) REPORT; 40 subscribed(trades/A/USD)"
        )
        #expect(timeline.pass(from: 50, to: 4_000).isEmpty)
    }

    @Test("a server that refuses a whole list by the name of one is asked for the rest")
    func wholeList() {
        var timeline = kraken(["A/USD", "B/USD"], .trades)
        #expect(timeline.play("10 no 1 B/USD is not offered") == "10 rejected(trades/B/USD) REPORT")
        #expect(timeline.pass(from: 50, to: 1_100) == "1050 +2[trade:A/USD]")
    }

    @Test("a refusal for rate is asked again after growing pauses, all the slower, until it is taken")
    func rate() {
        var timeline = kraken((0..<3).map { "A\($0)/USD" })
        let refusal =
            #"frame {"error":"Exceeded msg rate","method":"subscribe","success":false,"symbol":"A0/USD"}"#
        #expect(timeline.play("10 \(refusal); 11 \(refusal)") == "10 rejected REPORT; 11 rejected REPORT")
        #expect(
            timeline.pass(from: 50, to: 1_900)
                == "1050 +3[10/book:A0/USD,A1/USD,A2/USD]; 1450 +4[trade:A0/USD,A1/USD,A2/USD]"
        )
        #expect(timeline.play("1910 no 3 Exceeded msg rate") == "1910 rejected REPORT")
        #expect(timeline.play("1920 ok 4 trade A1/USD") == "1920 subscribed(trades/A1/USD)")
        #expect(timeline.pass(from: 1_950, to: 4_000) == "3950 +5[10/book:A0/USD,A1/USD,A2/USD]")
        #expect(timeline.machine.feeds.lacking(at: 0).refused.isEmpty)
    }

    @Test("refusals for rate are told a few times and not for ever")
    func rateForEver() {
        var timeline = coinbase(["A-USD"], .trades)
        var told = 0
        for step in 1...2_000 {
            for frame in ["tick", "no - rate limit exceeded"] {
                told += timeline.play("\(step * 50) \(frame)").split(separator: " ").count { $0 == "REPORT" }
            }
        }
        #expect(3...FeedSubscriptions.strangersLimit ~= told)
        #expect(timeline.machine.feeds.lacking(at: 0).unconfirmed == ["trades/A-USD"])
    }

    @Test("of Coinbase's channels the one that is refused for rate comes later")
    func coinbaseRate() {
        var timeline = coinbase(["A-USD"])
        _ = timeline.play("10 \(list(#""heartbeats":["heartbeats"]"#))")
        let both = #""heartbeats":["heartbeats"],"level2":["A-USD"]"#
        #expect(timeline.play("20 \(list(both))") == "20 subscribed(book/A-USD)")
        #expect(timeline.play("30 no - rate limit exceeded") == "30 rejected REPORT")
        #expect(timeline.pass(from: 50, to: 1_100) == "1050 +[market_trades:A-USD]")
        #expect(
            timeline.play("1100 \(list(both + #","market_trades":["A-USD"]"#))")
                == "1100 subscribed(trades/A-USD)"
        )
    }

    @Test("a request that is not answered is made again a few times, without what speaks already")
    func unanswered() {
        var timeline = bybit(["A"])
        #expect(timeline.play("10 data trades/A").isEmpty)
        #expect(timeline.pass(from: 50, to: 5_000) == "5000 +2[orderbook.50.A]")
        let later = timeline.play("5100 data trades/A") + timeline.pass(from: 5_150, to: 14_950)
        #expect(!later.contains("+"))
        #expect(
            timeline.pass(from: 15_000, to: 200_000).split(separator: " ").count { $0.contains("+") } == 2
        )
        #expect(timeline.machine.feeds.lacking(at: 0).unconfirmed == ["book/A"])
    }

    @Test(
        "a repeated subscription is a confirmation; an answer that comes twice, or of nothing asked, is none"
    )
    func repetitions() {
        var timeline = bybit(["A"])
        #expect(
            timeline.play("10 no 1 error:already subscribed,topic:publicTrade.A")
                == "10 subscribed(trades/A) +2[orderbook.50.A]"
        )
        #expect(timeline.play("20 ok 2; 30 ok 2; 40 ok -") == "20 subscribed(book/A)")
        var kraken = kraken(["A/USD"])
        #expect(kraken.play("10 ok 1 book EVIL/USD; 20 ok - trade EVIL/USD").isEmpty)
    }

    @Test("what was refused and is given after all is not lacking")
    func given() {
        var timeline = bybit(["A"], .trades)
        #expect(timeline.play("10 no 1 no") == "10 rejected(trades/A) REPORT")
        _ = timeline.play("20 data trades/A")
        #expect(timeline.machine.feeds.lacking(at: 0) == FeedsLacking())
    }

    @Test("200,000 refusals of nothing that was asked are counted, and ten are told")
    func strangers() {
        var timeline = bybit(["A"])
        var told = 0
        let frame = #"{"success":false,"ret_msg":"no","req_id":"999","op":"subscribe"}"#
        let reply = Bybit().subscriptionReply(in: Array(frame.utf8).span.bytes)
        for _ in 0..<200_000 {
            guard let reply else { break }
            told += timeline.machine.answered(reply, at: 1).count
        }
        #expect(told == 2 * FeedSubscriptions.strangersLimit)
        #expect(timeline.machine.feeds.refusals == 200_000)
        #expect(timeline.machine.feeds.lacking(at: 0).refused.isEmpty)
    }

    @Test("a list that names nothing confirms nothing: what does not speak is asked for again")
    func emptyList() {
        var timeline = coinbase(["A-USD"], .trades)
        #expect(timeline.play("10 \(list(""))").isEmpty)
        #expect(timeline.pass(from: 50, to: 5_050).contains("[market_trades:A-USD]"))
        #expect(
            timeline.play("5100 \(list(#""market_trades":["A-USD"]"#))") == "5100 subscribed(trades/A-USD)"
        )
        #expect(timeline.play("5200 \(list(""))").isEmpty)
        #expect(timeline.pass(from: 5_250, to: 16_000).contains("[market_trades:A-USD]"))
    }

    @Test("Coinbase's products in USDC come back in USD")
    func aliases() {
        var timeline = coinbase(["A-USDC"], .trades)
        #expect(timeline.play("10 \(list(#""market_trades":["A-USD"]"#))") == "10 subscribed(trades/A-USDC)")
        #expect(timeline.machine.feeds.index(of: .trades, Coinbase().key(of: "A-USD")) == 1)
    }
}

@Suite("Topics that do not speak")
struct SilentTopicTests {
    @Test("silence counts from the confirmation, on every connection; liquidations are exempt")
    func silence() {
        var timeline = bybit(["A"], .all)
        _ = timeline.play("1000 ok 1")
        #expect(timeline.pass(from: 1_050, to: 5_950) == "")
        #expect(
            timeline.play("6000 tick").hasPrefix(
                "6000 silent(book/A) silent(trades/A) silent(ticker/A)"
            )
        )
        #expect(timeline.play("6100 data ticker/A") == "6100 resumed(ticker/A)")
        let again = timeline.play(
            "6200 close; 6300 tick; 6310 open; 6320 ok -; 6400 data trades/A; 11319 tick"
        )
        #expect(again.contains("subscribed(ticker/A)") && !again.contains("silent"))
        #expect(timeline.play("11320 tick").hasPrefix("11320 silent(book/A) silent(ticker/A)"))
    }

    @Test("what comes seldom by its venue's word is silent only after that")
    func cadence() throws {
        let okx = try #require(ExchangeCatalog.standard.named("okx"))
        var timeline = Timeline(okx, .multi, feeds(["A-USDT-SWAP"], [.trades, .fundingRates]))
        let ack = #"{"event":"subscribe","arg":{"channel":"CHANNEL","instId":"A-USDT-SWAP"}}"#
        _ = timeline.play("0 start; 0 open")
        for channel in ["trades", "funding-rate"] {
            _ = timeline.play("10 frame \(ack.replacing("CHANNEL", with: channel))")
        }
        #expect(timeline.play("5011 tick") == "5011 silent(trades/A-USDT-SWAP)")
        _ = timeline.play("50000 data trades/A-USDT-SWAP")
        #expect(timeline.play("94000 tick") == "94000 silent(trades/A-USDT-SWAP)")
        #expect(timeline.play("95011 tick") == "95011 silent(ticker/A-USDT-SWAP)")
    }

    @Test("a connection of such topics alone is not stale before their time")
    func seldom() throws {
        let okx = try #require(ExchangeCatalog.standard.named("okx"))
        var timeline = Timeline(okx, .multi, feeds(["A-USDT-SWAP"], .fundingRates))
        let ack = #"{"event":"subscribe","arg":{"channel":"funding-rate","instId":"A-USDT-SWAP"}}"#
        _ = timeline.play("0 start; 0 open; 10 frame \(ack)")
        #expect(timeline.play("94000 tick") == "")
        #expect(timeline.play("95000 tick") == "95000 stalled gap[stalled,all] CLOSE")
    }

    @Test("a topic that spoke is silent once it has been quiet, and resumes")
    func resumes() {
        var timeline = bybit(["A", "B"], .trades)
        _ = timeline.play("0 ok 1; 10 data trades/A; 20 data trades/B; 4000 data trades/B")
        #expect(
            timeline.play("5010 tick; 5020 tick; 6000 data trades/A")
                == "5010 silent(trades/A); 6000 resumed(trades/A)"
        )
    }

    @Test("what is lacking: refused, unconfirmed, silent though it speaks by itself, without a snapshot")
    func lacking() {
        var timeline = bybit(["A", "B"], .all)
        let second: Int64 = 1_000_000_000
        #expect(timeline.machine.feeds.lacking(at: 0).unconfirmed.count == 8)
        _ = timeline.play("0 ok 1; 10 data book/A; 20 restored book/A; 30 data ticker/B")
        let early = timeline.machine.feeds.lacking(at: 4 * second)
        #expect(early.silent.isEmpty && early.unconfirmed.isEmpty)
        #expect(early.quiet == ["trades/A", "liquidations/A", "trades/B", "liquidations/B"])
        _ = timeline.play("3000 lost book/A")
        let late = timeline.machine.feeds.lacking(at: 8 * second)
        #expect(late.silent == ["ticker/A", "book/B"])
        #expect(late.withoutSnapshot == ["book/A"])
    }
}

@Suite("Books without a snapshot")
struct SnapshotTests {
    /// Connected, confirmed, synced, lost and connected again: the second request has the id 2.
    private func reconnected() -> Timeline {
        var timeline = bybit(["A"])
        _ = timeline.play(
            "10 ok 1; 20 data book/A; 20 restored book/A; 30 data trades/A; 1000 close; 1100 tick; 1110 open"
        )
        return timeline
    }

    @Test("deltas without a snapshot ask for one on every connection; the gap lasts until it stands")
    func everyConnection() {
        var first = bybit(["A"])
        #expect(
            first.play("10 ok 1; 20 delta book/A; 20 data book/A").hasSuffix(
                "20 gap[noSnapshot,book/A] resync(book/A)[noSnapshot] -2[orderbook.50.A] +3[orderbook.50.A]"
            )
        )
        var second = reconnected()
        #expect(
            second.play(
                "1120 ok 2; 1130 data trades/A; 1140 delta book/A; 1140 data book/A; 1200 restored book/A"
            )
                == "1120 subscribed(book/A) subscribed(trades/A); 1140 gap[noSnapshot,book/A] "
                + "resync(book/A)[noSnapshot] -3[orderbook.50.A] +4[orderbook.50.A]; 1140 healed[all]; "
                + "1200 healed[book/A]"
        )
    }

    @Test("the gap of a lost connection lasts until its books stand")
    func connectionGap() {
        var timeline = reconnected()
        #expect(
            timeline.play("1120 ok 2; 1130 data trades/A; 1200 restored book/A; 1200 data book/A")
                .hasSuffix("1200 healed[all]")
        )
    }

    @Test("a confirmed book that brings nothing is asked for again; other topics are left alone")
    func nothing() {
        var timeline = reconnected()
        _ = timeline.play("1120 ok 2")
        let told = timeline.pass(from: 1_150, to: 6_200)
        #expect(told.hasSuffix("resync(book/A)[noSnapshot] -3[orderbook.50.A] +4[orderbook.50.A]"))
        #expect(told.hasPrefix("6150 silent(book/A)"))
    }

    @Test(
        "a resync without a snapshot is made again with growing waits, then by a reconnect; its cause stays"
    )
    func backoff() {
        var timeline = bybit(["A"])
        _ = timeline.play("10 ok 1; 20 data book/A; 20 restored book/A; 30 data trades/A")
        #expect(
            timeline.play("1000 lost book/A")
                == "1000 gap[sequence,book/A] resync(book/A)[sequence] -2[orderbook.50.A] +3[orderbook.50.A]"
        )
        // Refused, with the venue's words in the log; the resync failed, not the topic.
        #expect(
            timeline.play("1010 no 3 error:already subscribed,topic:orderbook.50.A")
                == "1010 rejected(book/A) REPORT"
        )
        let told = timeline.pass(from: 1_050, to: 7_000).split(separator: "; ").filter {
            $0.contains("resync")
        }
        #expect(
            told == [
                "3000 resync(book/A)[sequence] -4[orderbook.50.A] +5[orderbook.50.A]",
                "7000 resync(book/A)[sequence] disconnected gap[disconnect,all] CLOSE",
            ]
        )
        // On the next connection the waits keep growing while there is no snapshot.
        #expect(
            timeline.play("7100 close; 7300 tick; 7310 open; 7320 delta book/A").hasSuffix(
                "+6[orderbook.50.A,publicTrade.A]"
            )
        )
        let further = timeline.pass(from: 7_350, to: 15_000).split(separator: "; ").filter {
            $0.contains("resync")
        }
        #expect(further == ["15000 resync(book/A)[noSnapshot] -8[orderbook.50.A] +9[orderbook.50.A]"])
        #expect(timeline.play("15100 restored book/A") == "15100 healed[book/A]")
    }

    @Test("a book that breaks again after its snapshot is asked for at most once in five seconds")
    func limited() {
        var timeline = bybit(["A"], .book)
        _ = timeline.play("0 ok 1; 5 data book/A; 5 restored book/A")
        let told = timeline.play("10 lost book/A; 20 restored book/A; 30 lost book/A; 4000 tick; 5010 tick")
        #expect(
            told == "10 gap[sequence,book/A] resync(book/A)[sequence] -2[orderbook.50.A] +3[orderbook.50.A]; "
                + "20 healed[book/A]; 30 gap[sequence,book/A]; "
                + "5010 silent(book/A) resync(book/A)[sequence] -4[orderbook.50.A] +5[orderbook.50.A]"
        )
    }

    @Test("where the connection is numbered, a wrong book reconnects, and again until it stands")
    func byReconnect() {
        var timeline = coinbase(["A-USD"], .book)
        _ = timeline.play("10 data book/A-USD; 10 restored book/A-USD")
        #expect(
            timeline.play("1000 lost book/A-USD; 1010 close; 1110 tick; 1120 open; 1130 delta book/A-USD")
                == "1000 gap[sequence,book/A-USD] resync(book/A-USD)[sequence] disconnected gap[disconnect,all] "
                + "CLOSE; 1110 connecting CONNECT; 1120 connected +[heartbeats:A-USD] +[level2:A-USD]"
        )
        #expect(
            timeline.play("3000 tick")
                == "3000 resync(book/A-USD)[noSnapshot] disconnected CLOSE"
        )
    }

    @Test("a connection whose numbers break is one gap until all its books stand again")
    func broken() {
        var timeline = coinbase(["A-USD", "B-USD"], .book)
        _ = timeline.play(
            "10 data book/A-USD; 10 restored book/A-USD; 10 data book/B-USD; 10 restored book/B-USD"
        )
        let told = timeline.play(
            "1000 broken; 1010 close; 1110 tick; 1120 open; 1200 restored book/A-USD; "
                + "1200 data book/A-USD; 1300 restored book/B-USD; 1300 data book/B-USD"
        )
        #expect(
            told == "1000 gap[sequence,all] resync(book/A-USD)[sequence] resync(book/B-USD)[sequence] "
                + "disconnected CLOSE; 1110 connecting CONNECT; "
                + "1120 connected +[heartbeats:A-USD,B-USD] +[level2:A-USD,B-USD]; 1300 healed[all]"
        )
    }

    @Test("at a rotation all books are asked for in one request, and again until their snapshots came")
    func rotation() {
        var timeline = kraken(["A/USD", "B/USD"], .book)
        _ = timeline.play(
            "0 ok 1 book A/USD; 0 ok 1 book B/USD; 10 restored book/A/USD; 10 restored book/B/USD"
        )
        #expect(
            timeline.play("60000 renew")
                == "60000 resync(book/A/USD)[rotation] resync(book/B/USD)[rotation] "
                + "-2[10/book:A/USD,B/USD] +3[10/book:A/USD,B/USD]"
        )
        _ = timeline.play("60100 restored book/A/USD; 60100 data book/A/USD")
        #expect(
            timeline.play("62000 tick").hasSuffix(
                "resync(book/B/USD)[rotation] -4[10/book:B/USD] +5[10/book:B/USD]"
            )
        )
        #expect(timeline.play("62100 restored book/B/USD").isEmpty)
    }

    @Test("nothing is ever asked for that the plan does not name")
    func onlyPlanned() {
        let feeds = FeedSubscriptions(.bybit, market: .linear, feeds(["A"]))
        #expect(feeds.index(of: .book, "EVIL", depth: 50) == nil)
        #expect(feeds.index(of: .book, "A", depth: 200) == nil)
        #expect(feeds.index(of: .book, "A", depth: 50) == 0)
        #expect(feeds.index(of: .liquidations, "A") == nil)
    }
}
