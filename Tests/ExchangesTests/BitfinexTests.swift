import MarketModel
import OrderBooks
import Testing

@testable import Exchanges

/// What real frames do not show of Bitfinex, in frames written by hand.
@Suite("Bitfinex")
struct BitfinexTests {
    /// A connection with a book, trades, a derivative's status and the liquidations of all.
    private func session(readsInOrder: Bool = true) -> Session {
        var session = Session(.bitfinex, .multi, readsInOrder: readsInOrder)
        let acks = [
            #""channel":"book","chanId":1,"symbol":"tBTCUSD","prec":"P0","freq":"F0","len":"25""#,
            #""channel":"trades","chanId":2,"symbol":"tBTCUSD""#,
            #""channel":"status","chanId":3,"key":"deriv:tBTCF0:USTF0""#,
            #""channel":"status","chanId":4,"key":"liq:global""#,
        ]
        for ack in acks { _ = session.take(#"{"event":"subscribed",\#(ack)}"#) }
        return session
    }

    private func reply(_ frame: String) -> SubscriptionReply? {
        Bitfinex().subscriptionReply(in: Array(frame.utf8).span.bytes)
    }

    @Test(
        "a checksum is of the texts that JavaScript writes, asks with a minus",
        arguments: [
            ("[100.5,2,1.25],[100,1,7e-8],[101,1,-0.5],[101.5,3,-12]", -1_811_824_271, true),
            ("[100.5,2,1.25],[100,1,0.00000015],[101,1,-0.5]", -932_899_849, true),
            ("[101,1,-0.5],[100.5,2,1.25]", 1_130_321_766, true),
            ("[101,1,-0.5],[100.5,2,1.26]", 1_130_321_766, false),
        ]
    )
    func checksums(levels: String, checksum: Int32, isRight: Bool) {
        for readsInOrder in [true, false] {
            var session = session(readsInOrder: readsInOrder)
            #expect(session.take("[1,[\(levels)],1]") == .decoded)
            #expect(session.take(#"[1,"cs",\#(checksum),2]"#) == .decoded)
            let counts = session.counts
            #expect((counts.checksumsVerified, counts.checksumsFailed) == (isRight ? 1 : 0, isRight ? 0 : 1))
            #expect(session.keepers[0].book.state == (isRight ? .synced : .gapped))
        }
    }

    @Test("a number that does not follow breaks the connection before what its message holds")
    func numbers() {
        var session = session()
        _ = session.take("[1,[[100,1,1],[101,1,-1]],7]")
        #expect(session.take(#"[9,"hb",8]"#) == .ignored)
        #expect(session.take("[1,[100,1,2],10]") == .decoded)
        #expect(session.decoder.sequences == (1, 1))
        #expect(session.batch.statuses.first?.change == .connectionBreak)
        #expect(session.batch.order.map(\.kind) == [.status, .book])
        _ = session.take("[1,[100,1,3],11]")
        #expect(session.decoder.sequences == (2, 1))
        session.decoder.connectionReset()
        // The numbers of channels are gone with the connection.
        #expect(session.take("[1,[100,1,3],1]") == .unknown && session.decoder.sequences == (2, 1))
    }

    @Test("a trade counts the first time it is told, as it is executed or again")
    func trades() {
        for readsInOrder in [true, false] {
            var session = session(readsInOrder: readsInOrder)
            var told: [String] = []
            for text in [
                "[[10,1700000000000,1,5],[9,1699999999999,-1,5]]", #""tu",[10,1700000000000,1,5]"#,
                #""te",[12,1700000000001,1,5]"#, #""te",[11,1700000000001,-2,5]"#,
                #""tu",[12,1700000000001,1,5]"#, #""tu",[11,1700000000001,-2,5]"#,
                #""tu",[13,1700000000002,3,5]"#,
            ] {
                #expect(session.take("[2,\(text)]") == .decoded)
                told += session.batch.trades.map { "\($0.id) \($0.side) \($0.isSnapshot)" }
            }
            let live = ["12 buy false", "11 sell false", "13 buy false"]
            #expect(told == ["10 buy true", "9 sell true"] + live)
        }
    }

    @Test("changes come in bulk where that was asked for, behind the whole book")
    func bulk() {
        var session = session()
        _ = session.take(#"{"event":"conf","status":"OK","flags":536870912}"#)
        _ = session.take("[1,[[100,1,1],[99,1,1],[101,1,-1]]]")
        #expect(session.batch.books.first?.isSnapshot == true)
        _ = session.take("[1,[[101,2,-3],[99,0,1]]]")
        #expect(session.batch.books.first?.isSnapshot == false)
        let book = session.keepers[0].book
        #expect(book.bestBids(9) == [["100", "1"]] && book.bestAsks(9) == [["101", "3"]])
    }

    @Test("forced orders: what is old of the first list, those of other symbols are not the connection's own")
    func liquidations() {
        var session = session()
        func order(
            _ symbol: String,
            _ amount: String,
            _ rest: String,
            at time: Int64 = 1_700_000_000_000
        )
            -> String
        {
            #"["pos",7,\#(time),null,"\#(symbol)",\#(amount),99.5,null,\#(rest)]"#
        }
        let (old, new) = (
            order("tBTCUSD", "2", "0,1,null,98"),
            order("tBTCUSD", "3", "0,1,null,98", at: 1_700_000_060_000)
        )
        _ = session.take("[4,[\(old),\(new)],1700000060001]")
        #expect(session.batch.liquidations.map(\.isSnapshot) == [true, false])
        let orders = [
            order("tBTCUSD", "2", "0,1,null,98"), order("tBTCUSD", "2", "1,1,null,98"),
            order("tBTCF0:USTF0", "-3", "0,0,null,null"), order("tETHUSD", "1", "0,1,null,98"),
        ]
        #expect(session.take("[4,[\(orders.joined(separator: ","))]]") == .decoded)
        let found = session.batch.liquidations.map { "\($0.side) \($0.size) \($0.price) \($0.isSnapshot)" }
        #expect(found == ["sell 2 99.5 false", "buy 3 99.5 false"])
        #expect(session.batch.unsubscribedCount == 1 && session.batch.errorCount == 0)
        // A symbol's orders are told from its first channel on.
        _ = session.take(#"{"event":"subscribed","channel":"trades","chanId":5,"symbol":"tETHUSD"}"#)
        #expect(session.batch.statuses.map(\.kinds) == [.trades, .liquidations])
        _ = session.take("[4,[\(orders[3])]]")
        #expect(session.batch.liquidations.count == 1)
    }

    @Test("two connections' frames of an order differ in number, counter and time, not in what they hold")
    func copies() {
        let order = #"[["pos",7,1700000000000,null,"tBTCUSD",2,99.5,null,0,1,null,98]]"#
        let frames = ["[4,\(order),37,1700000000400]", "[907, \(order) ]"].map { Array($0.utf8) }
        let decoder = session().decoder
        for frame in frames {
            #expect(frame[decoder.payload(of: frame.span.bytes)].elementsEqual(order.utf8))
        }
        let torn = Array(#"[4,[["pos""#.utf8)
        #expect(decoder.payload(of: torn.span.bytes) == 0..<torn.count)
    }

    @Test("a channel that ends behind a saved state ends the feed of what it was of")
    func endsAfterRestriction() {
        var session = session()
        var symbols = SubscribedSymbols()
        _ = symbols.add([Array("tBTCUSD".utf8)])
        session.decoder.restrict(to: symbols)
        _ = session.take(#"{"event":"unsubscribed","status":"OK","chanId":2}"#)
        #expect(session.batch.statuses.map(\.change) == [.unsubscribed])
    }

    @Test("serve passes on what is no JSON")
    func torn() {
        let server = BitfinexServer()
        for text in [#"{"event":""#, #"{"chanId""#, #"{"event":"subscribed","chanId""#, "[1,[", "pong", ""] {
            let frame = Array(text.utf8)
            var numbers = BitfinexNumbers()
            #expect(numbers.renumber(frame) == frame)
            #expect(server.topic(of: frame.span.bytes) == .answer)
            #expect(server.bookDepth(in: frame.span.bytes) == nil)
            #expect(server.messageNumber(in: frame.span.bytes) == nil)
        }
    }

    @Test("after maintenance all books are to be asked for again")
    func maintenance() {
        var session = session()
        #expect(session.take(#"{"event":"info","code":20060,"msg":""}"#) == .ignored)
        #expect(session.batch.statuses.isEmpty)
        #expect(session.take(#"{"event":"info","code":20061,"msg":""}"#) == .ignored)
        #expect(session.batch.statuses.map(\.change) == [.connectionBreak])
    }

    @Test("answers name topics, and what ends them; the greeting's is none to a topic")
    func replies() throws {
        let granted = try #require(
            reply(#"{"event":"subscribed","channel":"status","chanId":77,"key":"deriv:tBTCF0:USTF0"}"#)
        )
        #expect(granted.isAccepted && granted.handle == "77" && granted.names.map(\.text) == ["tBTCF0:USTF0"])
        var topic = Subscription(.trades, symbol: "tBTCUSD")
        topic.handle = "77"
        #expect(
            Bitfinex().requests(.unsubscribe, topics: [topic], market: .multi).map(\.text)
                == [#"{"event":"unsubscribe","chanId":77}"#]
        )
        let twice = try #require(
            reply(
                #"{"event":"error","msg":"subscribe: dup","code":10301,"channel":"trades","symbol":"tBTCUSD"}"#
            )
        )
        #expect(!twice.isAccepted && twice.isRepetition && twice.names.map(\.text) == ["tBTCUSD"])
        #expect(reply(#"{"event":"error","msg":"unsubscribe: invalid","code":10400}"#)?.ends == true)
        for frame in [
            #"{"event":"conf","status":"OK","flags":229376}"#, #"{"event":"info","version":2}"#, "[1,[],2]",
            #"{"event":"subscribed","channel":"ticker","chanId":7,"symbol":"tBTCUSD"}"#,
        ] { #expect(reply(frame) == nil, "\(frame)") }
    }

    @Test("the channels of a recording get the numbers that clients are given")
    func renumbering() throws {
        var numbers = try #require(BitfinexServer().makeNumbers())
        func renumber(_ frame: String) -> String {
            String(decoding: numbers.renumber(Array(frame.utf8)), as: UTF8.self)
        }
        let topic = Subscription(.trades, symbol: "tBTCUSD")
        let number = BitfinexNumbers.number(of: topic)
        #expect(renumber(#"[7,"hb",1]"#) == #"[7,"hb",1]"#)
        let ack = #"{"event":"subscribed","channel":"trades","chanId":7,"symbol":"tBTCUSD"}"#
        #expect(renumber(ack) == ack.replacing(#""chanId":7"#, with: #""chanId":\#(number)"#))
        #expect(renumber(#"[7,"hb",1]"#) == #"[\#(number),"hb",1]"#)
        let frame = Array(#"[7,"te",[1,1700000000000,1,5],42,1700000000000]"#.utf8)
        let found = BitfinexServer().messageNumber(in: frame.span.bytes)
        #expect(found?.value == 42)
        // Behind this is a time alone.
        let stamped = Array("[7,[1,1,1],1700000000000]".utf8)
        let none = BitfinexServer().messageNumber(in: stamped.span.bytes)
        #expect(none == nil)
    }
}
