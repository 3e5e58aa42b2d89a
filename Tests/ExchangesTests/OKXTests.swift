import ByteCoding
import Foundation
import MarketModel
import OrderBooks
import Testing

@testable import Exchanges

/// How OKX's messages are read, in shapes that no recording at hand has.
struct OKXTests {
    private func book(
        _ action: String,
        _ numbers: String,
        bids: String = "",
        asks: String = "",
        symbol: String = "BTC-USDT"
    ) -> String {
        #"{"arg":{"channel":"books","instId":"\#(symbol)"},"action":"\#(action)","data":[{"asks":[\#(asks)],"#
            + #""bids":[\#(bids)],"ts":"1781840000100","checksum":0\#(numbers)}]}"#
    }

    private func numbers(_ number: Int, _ previous: Int) -> String {
        #","seqId":\#(number),"prevSeqId":\#(previous)"#
    }

    private let bid = #"["100.5","1.25","0","4"]"#
    private let ask = #"["100.6","3","0","2"]"#

    // MARK: - Numbers of books

    @Test func `a message without changes repeats its number, counts and changes nothing`() {
        var session = Session(.okx, .multi)
        _ = session.take(book("snapshot", numbers(10, -1), bids: bid, asks: ask))
        #expect(session.take(book("update", numbers(15, 10), bids: #"["100.4","2","0","1"]"#)) == .decoded)
        #expect(session.take(book("update", numbers(15, 15))) == .decoded)
        #expect(session.batch.books.count == 1)
        #expect(session.take(book("update", numbers(18, 15), asks: #"["100.6","0","0","0"]"#)) == .decoded)
        let keeper = session.keepers[0]
        #expect(keeper.counts.sequencesVerified == 3 && keeper.counts.sequencesBroken == 0)
        #expect(keeper.book.state == .synced && keeper.book.bidCount == 2 && keeper.book.askCount == 0)
    }

    @Test(
        "a number that follows another, or begins anew, gaps the book until the next snapshot",
        arguments: [(21, 16), (3, 15), (14, 14), (15, 10)]
    )
    func breaks(number: Int, previous: Int) {
        var session = Session(.okx, .multi)
        _ = session.take(book("snapshot", numbers(10, -1), bids: bid, asks: ask))
        _ = session.take(book("update", numbers(15, 10)))
        _ = session.take(book("update", numbers(number, previous), bids: #"["100.4","2","0","1"]"#))
        #expect(session.keepers[0].gapCause == .sequence && session.counts.sequencesBroken == 1)
        // The chain goes on, the book does not.
        _ = session.take(book("update", numbers(number + 1, number)))
        #expect(session.keepers[0].book.state == .gapped && session.counts.gaps == 1)
        _ = session.take(book("snapshot", numbers(number + 9, -1), bids: bid, asks: ask))
        _ = session.take(book("update", numbers(number + 10, number + 9)))
        #expect(session.keepers[0].book.state == .synced && session.counts.gaps == 1)
    }

    @Test func `messages without numbers are taken as they come`() {
        var session = Session(.okx, .multi)
        _ = session.take(book("snapshot", "", bids: bid, asks: ask))
        for _ in 0..<3 { _ = session.take(book("update", "", bids: #"["100.4","2","0","1"]"#)) }
        #expect(session.keepers[0].book.state == .synced && session.counts.sequencesVerified == 0)
        // One number without the other is none of either form.
        #expect(session.take(book("update", #","seqId":7"#)) == .error)
        #expect(session.keepers[0].book.state == .synced && session.errors == 1)
        #expect(session.batch.statuses.map(\.change) == [.bookFault])
    }

    @Test func `a book goes on with whichever connection brings the next number`() {
        var session = Session(.okx, .multi)
        let updates = [numbers(11, 10), numbers(12, 11), numbers(13, 12)].map { book("update", $0) }
        let snapshot = book("snapshot", numbers(10, -1), bids: bid, asks: ask)
        func take(_ frame: String, _ connection: Int32) -> [BookOutcome] {
            var outcomes: [BookOutcome] = []
            _ = session.take(Array(frame.utf8), connection: connection) { outcomes.append($0.outcome) }
            return outcomes
        }
        #expect(take(snapshot, 0) == [.applied] && take(updates[0], 0) == [.applied])
        #expect(take(snapshot, 1) == [.duplicate] && take(updates[0], 1) == [.duplicate])
        #expect(take(updates[1], 1) == [.applied] && take(updates[1], 0) == [.duplicate])
        #expect(take(updates[2], 0) == [.applied] && session.counts.gaps == 0)
    }

    // MARK: - Orders of members and sides

    @Test func `bids before asks, other orders of members and one side are the same book`() {
        let levels = (
            bids: #"["100.5","1","0","1"],["100.4","2.50","0","1"],["99","3","0","12"]"#,
            asks: #"["100.6","4","0","1"],["101","5.125","0","1"]"#
        )
        let end = #""ts":"1781840000100","checksum":7,"seqId":9,"prevSeqId":-1}]}"#
        let (asks, bids) = (#""asks":[\#(levels.asks)],"#, #""bids":[\#(levels.bids)],"#)
        let forms = [
            #"{"arg":{"channel":"books","instId":"A-B"},"action":"snapshot","data":[{\#(asks)\#(bids)\#(end)"#,
            #"{"arg":{"channel":"books","instId":"A-B"},"action":"snapshot","data":[{\#(bids)\#(asks)\#(end)"#,
            #"{"action":"snapshot","data":[{"prevSeqId":-1,\#(bids)"seqId":9,"checksum":7,\#(asks)"new":{},"#
                + #""ts":"1781840000100"}],"arg":{"instId":"A-B","channel":"books"}}"#,
        ]
        var session = Session(.okx, .multi)
        for form in forms + forms {
            #expect(session.take(form) == .decoded)
            let (batch, update) = (session.batch, session.batch.books[0])
            let text = (update.bids.map { batch.levels[$0] } + update.asks.map { batch.levels[$0] })
                .map { "\($0.price)x\($0.size)" }
            #expect(text == ["100.5x1", "100.4x2.50", "99x3", "100.6x4", "101x5.125"])
            #expect((update.bidCount, update.askCount, update.checksum, update.updateID) == (3, 2, 7, 9))
        }
    }

    @Test(
        "a level that is none, a checksum out of range, a time that is none lose the message",
        arguments: [
            #""asks":[["1","1","0"]],"bids":[],"ts":"1","checksum":0"#,
            #""asks":[["1","1","0","1","1"]],"bids":[],"ts":"1","checksum":0"#,
            #""asks":[["0","1","0","1"]],"bids":[],"ts":"1","checksum":0"#,
            #""asks":[["1","-1","0","1"]],"bids":[],"ts":"1","checksum":0"#,
            #""asks":[],"bids":[],"ts":"1","checksum":2147483648"#, #""asks":[],"bids":[],"checksum":0"#,
            #""asks":[],"bids":[],"ts":"x","checksum":0"#, #""asks":7,"bids":[],"ts":"1","checksum":0"#,
        ]
    )
    func malformed(data: String) {
        var session = Session(.okx, .multi)
        _ = session.take(book("snapshot", "", bids: bid, asks: ask))
        let frame = #"{"arg":{"channel":"books","instId":"BTC-USDT"},"action":"update","data":[{\#(data)}]}"#
        #expect(session.take(frame) == .error && session.errors == 1)
        #expect(session.batch.statuses.map(\.change) == [.bookFault] && session.batch.books.isEmpty)
        #expect(session.batch.statuses.first?.depth == 400)
    }

    // MARK: - Names

    @Test(arguments: [
        ("pong", FrameOutcome.ignored), ("ping", .ignored), ("pong ", .error), ("", .error),
        (#"{"event":"error","code":"60012","msg":"Invalid request"}"#, .ignored),
        (#"{"event":"notice","code":"64008","msg":"…"}"#, .ignored), (#"{"event":"new"}"#, .unknown),
        (#"{"arg":{"channel":"candle1m","instId":"A-B"},"data":[]}"#, .ignored),
        (#"{"arg":{"channel":"books-rpi","instId":"A-B"},"data":[]}"#, .ignored),
        (#"{"arg":{"channel":"books","instId":"A-B"},"action":"update","data":[]}"#, .decoded),
        (#"{"arg":{"channel":"something-new","instId":"A-B"},"data":[]}"#, .unknown),
        (#"{"arg":{"channel":"trades","instId":"A-B"},"data":{}}"#, .error),
    ])
    func `messages are read, ignored or unknown by name`(frame: String, outcome: FrameOutcome) {
        var session = Session(.okx, .multi)
        #expect(session.take(frame) == outcome)
    }

    @Test(arguments: [
        ("BTC-USDT", Market.spot), ("USDT-USD", .spot), ("BTC-USDT-SWAP", .linear),
        ("BTC-USD-SWAP", .inverse),
        ("BTC-USDC-SWAP", .linear), ("BTC-USD-260925", .inverse), ("BTC-USDT-260925", .linear),
        ("BTC-USD-260925-90000-C", .option), ("BTC-USD-260925-90000-P", .option), ("", .spot), ("-", .spot),
        ("---C", .option), ("-SWAP", .spot), ("--SWAP", .linear),
    ])
    func `a symbol tells its market`(symbol: String, market: Market) {
        #expect(OKX().market(ofSymbol: symbol) == market)
    }

    // MARK: - Liquidations of a type

    private func orders(_ symbol: String, _ side: String = "sell", type: String = "SWAP") -> String {
        #"{"arg":{"channel":"liquidation-orders","instType":"\#(type)"},"data":[{"details":[{"bkPx":"99.1","#
            + #""side":"\#(side)","posSide":"long","sz":"21","ts":"1781839000955"}],"instId":"\#(symbol)"}]}"#
    }

    private func ack(_ event: String, _ argument: String) -> String {
        #"{"event":"\#(event)","arg":{\#(argument)},"connId":"c"}"#
    }

    private let swaps = #""channel":"liquidation-orders","instType":"SWAP""#

    private func statuses(_ session: Session) -> [String] {
        session.batch.statuses.map {
            "\($0.change) \($0.kinds.rawValue) \($0.instrument.map { session.symbol($0) } ?? "all")"
        }
    }

    @Test func `the ack of a type makes its instruments live that were named, and others when they are`() {
        var session = Session(.okx, .multi)
        _ = session.take(ack("subscribe", #""channel":"books","instId":"BTC-USDT-SWAP""#))
        _ = session.take(ack("subscribe", #""channel":"books","instId":"BTC-USDT""#))
        #expect(statuses(session) == ["live 1 BTC-USDT"])
        _ = session.take(ack("subscribe", swaps))
        #expect(statuses(session) == ["live 4 BTC-USDT-SWAP"])
        _ = session.take(ack("subscribe", #""channel":"trades","instId":"ETH-USDT-SWAP""#))
        #expect(statuses(session) == ["live 2 ETH-USDT-SWAP", "live 4 ETH-USDT-SWAP"])
        _ = session.take(ack("subscribe", #""channel":"trades","instId":"BTC-USD-260925""#))
        #expect(statuses(session) == ["live 2 BTC-USD-260925"])
        let snapshot = book("snapshot", numbers(10, -1), bids: bid, asks: ask, symbol: "SOL-USDT-SWAP")
        for expected in [["live 4 SOL-USDT-SWAP"], []] {
            _ = session.take(snapshot)
            #expect(statuses(session) == expected)
        }
        _ = session.take(ack("unsubscribe", swaps))
        #expect(
            statuses(session)
                == ["BTC", "ETH", "SOL"].map { "unsubscribed 4 \($0)-USDT-SWAP" }
        )
        _ = session.take(ack("subscribe", #""channel":"trades","instId":"XRP-USDT-SWAP""#))
        #expect(statuses(session) == ["live 2 XRP-USDT-SWAP"])
    }

    @Test func `the first list behind each ack is of old orders`() throws {
        var session = Session(.okx, .multi)
        // A capture that begins in mid-stream has no list.
        var marks: [Bool] = []
        let frames = [
            orders("A-USDT-SWAP"), ack("subscribe", swaps), orders("A-USDT-SWAP"),
            orders("A-USDT-SWAP", "buy"),
            orders("A-USDT-260925", type: "FUTURES"), ack("subscribe", swaps), orders("B-USDT-SWAP"),
            orders("B-USDT-SWAP"),
        ]
        for frame in frames {
            _ = session.take(frame)
            marks += session.batch.liquidations.map(\.isSnapshot)
        }
        #expect(marks == [false, true, false, false, true, false])
        session.decoder.connectionReset()
        _ = session.take(orders("A-USDT-SWAP"))
        #expect(session.batch.liquidations.first?.isSnapshot == false)
        #expect(session.batch.liquidations.first?.side == .sell)
        _ = session.take(ack("subscribe", swaps))
        // An empty list is one too.
        #expect(session.take(#"{"arg":{\#(swaps)},"data":[]}"#) == .decoded)
        _ = session.take(orders("A-USDT-SWAP"))
        #expect(session.batch.liquidations.first?.isSnapshot == false)
    }

    @Test func `orders of symbols that nobody subscribed are counted, malformed ones lost alone`() {
        var session = Session(.okx, .multi)
        session.decoder.restrict(to: SubscribedSymbols(["A-USDT-SWAP"], of: OKX()))
        #expect(session.take(orders("B-USDT-SWAP")) == .unknown)
        #expect(session.batch.unsubscribedCount == 1 && session.batch.instruments.count == 0)
        let details =
            #"{"bkPx":"1","side":"buy","sz":"2","ts":"3"},{"bkPx":"x","side":"buy","sz":"2","ts":"3"}"#
        let mixed =
            #"{"arg":{\#(swaps)},"data":[{"instId":"A-USDT-SWAP","details":[\#(details)]},{"instId":"B-USDT-SWAP","#
            + #""details":[\#(details)]},{"instId":"A-USDT-SWAP"}]}"#
        #expect(session.take(mixed) == .decoded)
        #expect(session.batch.liquidations.count == 1 && session.batch.errorCount == 2)
        #expect(session.batch.unsubscribedCount == 2 && session.batch.frameTime == 3_000_000)
    }

    // MARK: - Funding and interest

    @Test(arguments: [
        (
            #""fundingRate":"0.0001","fundingTime":"3600000","nextFundingTime":"18000000","ts":"7""#,
            "0.0001 3600 4 7"
        ),
        (#""fundingRate":"-0.0001","fundingTime":"3600000","nextFundingTime":"""#, "-0.0001 3600 - 9"),
        (#""fundingRate":"0.0001","fundingTime":"""#, "0.0001 0 - 9"),
        (#""fundingRate":"0.0001","fundingTime":"3600000","nextFundingTime":"3600001""#, "0.0001 3600 - 9"),
        (#""fundingRate":"","fundingTime":"3600000""#, "live"), (#""fundingTime":"3600000""#, "live"),
        (#""fundingRate":"x""#, "lost"), (#""fundingRate":"1","ts":"x""#, "lost"),
    ])
    func `a funding rate is that of the coming settlement`(members: String, expected: String) {
        var session = Session(.okx, .multi)
        let frame =
            #"{"arg":{"channel":"funding-rate","instId":"A-USDT-SWAP"},"data":[{"instId":"A-USDT-SWAP",\#(members)}]}"#
        let outcome = session.take(frame, at: 9_000_000)
        let found = session.batch.fundingRates.map { rate in
            let (next, hours) = (
                (rate.nextFundingTime ?? 0) / UnixTime.second, rate.intervalHours?.description
            )
            return "\(rate.rate) \(next) \(hours ?? "-") \(rate.exchangeTime / UnixTime.millisecond)"
        }
        #expect((found.first ?? (outcome == .decoded ? "live" : "lost")) == expected)
        #expect(session.batch.errorCount == (expected == "lost" ? 1 : 0))
        #expect(statuses(session) == (expected == "live" ? ["live 8 A-USDT-SWAP"] : []))
    }

    @Test func `open interest is in contracts, its value what the venue says`() {
        var session = Session(.okx, .multi)
        let start =
            #"{"arg":{"channel":"open-interest","instId":"A-USDT-SWAP"},"data":[{"instId":"A-USDT-SWAP","#
        #expect(
            session.take(start + #""oi":"2216113.01","oiCcy":"2","oiUsd":"55.5","ts":"7"}]}"#) == .decoded
        )
        #expect(session.batch.openInterests.first?.value?.description == "55.5")
        #expect(session.take(start + #""oi":"36","oiCcy":"3.6","ts":"7"}]}"#) == .decoded)
        let interest = session.batch.openInterests.first
        #expect(
            interest?.openInterest.description == "36" && interest?.value == nil && interest?.markPrice == nil
        )
        #expect(session.take(start + #""oi":"36"}]}"#) == .error)
    }

    // MARK: - Checksums

    @Test(arguments: [3, 40, 100_000])
    func `a checksum is that of the texts as sent, whatever is remembered`(spread: Int) throws {
        let seed = UInt64.random(in: .min ... .max)
        print("OKX checksum: spread \(spread), seed \(seed)")
        var random = Mutator(seed: seed)
        var book = OrderBook()
        try book.replace(bids: [PriceLevel]().span, asks: [PriceLevel]().span)
        var memory: [UInt8] = []
        for message in 0..<20_000 {
            let bids = (0..<random.next(4)).map { _ in OKXTests.level(&random, 0, spread) }
            let asks = (0..<random.next(4)).map { _ in OKXTests.level(&random, spread, spread) }
            try book.apply(bids: bids.span, asks: asks.span)
            try #require(
                AlternatingChecksum.of(book, .plain, &memory) == OKXTests.plainly(book),
                "message \(message)"
            )
        }
    }

    private static func level(_ random: inout Mutator, _ low: Int, _ spread: Int) -> PriceLevel {
        let sizes: [Int64] = [
            0, 1, 10, 18_967_538, 9_223_372_036_854_775_807, 7_000_000_000, 99_999_999_999_999_999,
        ]
        let price = Int64(1 + low + random.next(spread)) * (spread > 1000 ? 40_000_000_000 : 1)
        let size = FixedDecimal(
            mantissa: sizes[random.next(sizes.count)],
            scale: UInt8(random.next(18)),
            zeros: random.next(200) == 0 ? 7 : 0
        )
        return PriceLevel(price: FixedDecimal(mantissa: price, scale: 9), size: size)
    }

    /// As the venue describes it: in turn the best bid and ask, then the next, as long as there are some.
    private static func plainly(_ book: OrderBook) -> UInt32 {
        var texts: [String] = []
        for index in 0..<25 {
            if index < book.bidCount {
                texts += ["\(book.bid(at: index).price)", "\(book.bid(at: index).size)"]
            }
            if index < book.askCount {
                texts += ["\(book.ask(at: index).price)", "\(book.ask(at: index).size)"]
            }
        }
        return CRC32.checksum(Array(texts.joined(separator: ":").utf8).span.bytes)
    }

    // MARK: - Requests and definitions

    @Test func `one topic a type, and topics of what a symbol has alone`() {
        let symbols = ["BTC-USDT", "BTC-USDT-SWAP", "ETH-USDT-SWAP", "BTC-USD-260925"]
        let topics = OKX().topics(of: symbols.map { Subscription(.all, symbol: $0) }, market: .multi)
        #expect(
            topics.map { OKX().name(of: $0) } == [
                "books:BTC-USDT", "trades:BTC-USDT", "books:BTC-USDT-SWAP", "trades:BTC-USDT-SWAP",
                "liquidation-orders:SWAP", "funding-rate:BTC-USDT-SWAP", "open-interest:BTC-USDT-SWAP",
                "books:ETH-USDT-SWAP", "trades:ETH-USDT-SWAP", "funding-rate:ETH-USDT-SWAP",
                "open-interest:ETH-USDT-SWAP", "books:BTC-USD-260925", "trades:BTC-USD-260925",
                "liquidation-orders:FUTURES", "open-interest:BTC-USD-260925",
            ]
        )
        let shallow = OKX().topics(of: [Subscription(.book, symbol: "A-B", depth: 1)], market: .multi)
        let best = #"{"op":"subscribe","args":[{"channel":"bbo-tbt","instId":"A-B"}]}"#
        #expect(OKX().requests(topics: shallow, market: .multi).map(\.text) == [best])
    }

    @Test func `a contract's size is what the venue says that it is worth`() throws {
        let rest = #""tickSz":"0.1","lotSz":"1","minSz":"1","state":"live""#
        func entry(_ type: String, _ pair: String, _ value: String, _ asset: String, _ kind: String) -> String
        {
            #"{"instType":"\#(type)","instId":"\#(pair)-X","uly":"\#(pair)","ctVal":"\#(value)","ctMult":"1","#
                + #""ctValCcy":"\#(asset)","ctType":"\#(kind)","baseCcy":"","quoteCcy":"",\#(rest)}"#
        }
        let entries = [
            entry("SWAP", "BTC-USDT", "0.01", "BTC", "linear"),
            entry("SWAP", "BTC-USD", "100", "USD", "inverse"),
            entry("SWAP", "BTC-USDT", "10", "USDT", "linear"), entry("OPTION", "BTC-USD", "1", "BTC", ""),
            #"{"instType":"SPOT","instId":"A-B","uly":"","ctVal":"","baseCcy":"A","quoteCcy":"B",\#(rest)}"#,
        ]
        let body = Array(#"{"code":"0","msg":"","data":[\#(entries.joined(separator: ","))]}"#.utf8)
        let list = try OKX().definitions.read(body.span.bytes).list.definitions
        #expect(list.map { $0.contractSize?.description } == ["0.01", "100", nil, nil, nil])
        #expect(list.map(\.contract) == [.perpetual, .perpetual, .perpetual, nil, .spot])
        #expect(list[4].base == "A" && list[1].quote == "USD" && list[0].tickSize?.description == "0.1")
        let refusal = Array(#"{"code":"51000","msg":"Parameter instType error","data":[]}"#.utf8)
        #expect(throws: DefinitionFault.refused("Parameter instType error (code 51000)")) {
            try OKX().definitions.read(refusal.span.bytes)
        }
    }

    @Test func `a snapshot mends a gapped book, whoever has brought its number`() {
        var session = Session(.okx, .multi)
        var outcomes: [BookOutcome] = []
        func take(_ connection: Int32, _ number: Int, after previous: Int) {
            let action = previous < 0 ? "snapshot" : "update"
            let frame =
                #"{"arg":{"channel":"books","instId":"A-B"},"action":"\#(action)","data":[{"asks":[["2","1","0","1"]],"#
                + #""bids":[["1","1","0","1"]],"ts":"1780000000000","checksum":0,"seqId":\#(number),"prevSeqId":\#(previous)}]}"#
            _ = session.take(Array(frame.utf8), connection: connection) { outcomes.append($0.outcome) }
        }
        take(0, 10, after: -1)
        take(1, 10, after: -1)
        take(0, 11, after: 10)
        take(1, 11, after: 10)
        // The first connection misses 12, and the second's next change leads a book that waits.
        take(0, 13, after: 12)
        take(1, 12, after: 11)
        take(1, 13, after: 12)
        take(1, 14, after: 13)
        take(0, 14, after: -1)
        take(1, 15, after: 14)
        #expect(
            outcomes == [
                .applied, .duplicate, .applied, .duplicate, .gapped(.sequence), .unapplied, .duplicate,
                .unapplied, .applied, .applied,
            ]
        )
    }

    @Test func `a connection has the forced orders of the symbols it asked for alone`() {
        func frame(_ symbol: String) -> String {
            #"{"arg":{"channel":"liquidation-orders","instType":"SWAP"},"data":[{"details":[{"bkLoss":"0","bkPx":"2","ccy":"","#
                + #""posSide":"long","side":"sell","sz":"3","ts":"1780000000000"}],"instFamily":"X","instId":"\#(symbol)","#
                + #""instType":"SWAP","uly":"X"}]}"#
        }
        var session = Session(.okx, .multi)
        // Without requests, as in a capture of frames alone, all are.
        #expect(session.take(frame("B-USDT-SWAP")) == .decoded)
        let request = #"{"op":"subscribe","args":[{"channel":"books","instId":"A-USDT-SWAP"}]}"#
        session.decoder.sent(Array(request.utf8).span.bytes, receiveTime: 0)
        #expect(session.take(frame("B-USDT-SWAP")) == .unknown && session.batch.unsubscribedCount == 1)
        #expect(session.take(frame("A-USDT-SWAP")) == .decoded && session.batch.liquidations.count == 1)
        session.decoder.connectionReset()
        #expect(session.take(frame("B-USDT-SWAP")) == .decoded)
    }

    @Test func `options of families that are not asked for are not judged`() {
        let definitions = OKX().definitions
        #expect(definitions.lists("BTC-USD-261225-90000-C") && definitions.lists("SOL-USDT-SWAP"))
        #expect(!definitions.lists("SOL-USD-261225-200-C"))
    }
}
