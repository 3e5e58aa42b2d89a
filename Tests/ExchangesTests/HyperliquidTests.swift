import MarketModel
import OrderBooks
import Testing

@testable import Exchanges

/// What becomes of single frames of Hyperliquid, in the shapes of its documentation.
@Suite("Hyperliquid")
struct HyperliquidTests {
    private static let hyperliquid = Hyperliquid()

    private func ack(_ method: String, _ subscription: String) -> String {
        #"{"channel":"subscriptionResponse","data":{"method":"\#(method)","subscription":{\#(subscription)}}}"#
    }

    private func trades(_ coin: String, _ ids: Int...) -> String {
        let list = ids.map {
            #"{"coin":"\#(coin)","side":"B","px":"10.5","sz":"2.0","time":1780000000100,"hash":"0x0","tid":\#($0)}"#
        }
        return #"{"channel":"trades","data":[\#(list.joined(separator: ","))]}"#
    }

    private func book(_ levels: String, coin: String = "BTC", _ rest: String = "") -> String {
        #"{"channel":"l2Book","data":{"coin":"\#(coin)","time":1780000000100,"levels":\#(levels)\#(rest)}}"#
    }

    private let level = #"{"px":"10.5","sz":"2.0","n":1}"#

    @Test(
        "each frame has the outcome of its kind",
        arguments: [
            (#"{"channel":"pong"}"#, FrameOutcome.ignored), (#"{"channel":"error","data":"x"}"#, .ignored),
            (#"{"channel":"bbo","data":{"coin":"BTC","time":1,"bbo":[null,null]}}"#, .ignored),
            (#"{"channel":"allMids","data":{"mids":{"BTC":"1.0"}}}"#, .ignored),
            (#"{"channel":"candle","data":{"s":"BTC"}}"#, .ignored),
            (#"{"channel":"activeSpotAssetCtx","data":{"coin":"@107","ctx":{"markPx":"1.0"}}}"#, .ignored),
            (#"{"channel":"userFills","data":{"user":"0x1"}}"#, .ignored),
            (#"{"channel":"somethingNew","data":{"user":"0x1"}}"#, .unknown),
            (#"{"channel":7}"#, .unknown), (#"{"data":[]}"#, .unknown),
            (#"{"channel":"subscriptionResponse","data":7}"#, .ignored),
        ]
    )
    func outcomes(frame: String, outcome: FrameOutcome) {
        var session = Session(.hyperliquid, .multi)
        #expect(session.take(frame) == outcome && session.errors == 0 && session.batch.order.isEmpty)
    }

    @Test("the first list of trades after each ack is of before, and no other")
    func firstLists() {
        var session = Session(.hyperliquid, .multi)
        func marks() -> [Bool] { session.batch.trades.map(\.isSnapshot) }
        _ = session.take(trades("BTC", 1))
        #expect(marks() == [false], "no ack told that it is the first")
        _ = session.take(ack("subscribe", #""type":"trades","coin":"BTC""#))
        _ = session.take(ack("subscribe", #""type":"trades","coin":"@107""#))
        _ = session.take(trades("BTC", 2, 3))
        #expect(marks() == [true, true])
        _ = session.take(trades("BTC", 4))
        #expect(marks() == [false])
        _ = session.take(trades("@107", 5))
        #expect(marks() == [true])
        _ = session.take(ack("unsubscribe", #""type":"trades","coin":"BTC""#))
        _ = session.take(ack("subscribe", #""type":"trades","coin":"BTC""#))
        _ = session.take(trades("BTC", 6))
        #expect(marks() == [true])
        _ = session.take(ack("subscribe", #""type":"trades","coin":"BTC""#))
        session.decoder.connectionReset()
        _ = session.take(trades("BTC", 7))
        #expect(marks() == [false])
    }

    @Test("books are whole, at the depth that they say; a book without levels is empty")
    func books() throws {
        var session = Session(.hyperliquid, .multi)
        #expect(session.take(book("[[\(level)],[]]")) == .decoded)
        #expect(session.batch.books.first?.depth == 20 && session.batch.books.first?.bidCount == 1)
        #expect(session.take(book("[[],[\(level)]]", #","fast":true"#)) == .decoded)
        #expect(session.batch.books.first?.depth == 5 && session.batch.books.first?.askCount == 1)
        #expect(session.take(book("[[],[]]", #","fast":false"#)) == .decoded)
        let empty = try #require(session.batch.books.first)
        #expect(empty.isSnapshot && empty.depth == 20 && session.batch.levels.count == 0)
        #expect(session.keepers[0].book.state == .synced && session.keepers[0].book.bidCount == 0)
    }

    @Test(
        "a book that cannot be read is wrong",
        arguments: [
            "[]", "[[]]", "[[],[],[]]", "{}", "7", "[[],{}]", #"[[{"px":"1.0"}],[]]"#,
            #"[[{"px":"0","sz":"1"}],[]]"#, #"[[],[{"px":"1.0","sz":"-1"}]]"#,
        ]
    )
    func malformedBook(levels: String) {
        var session = Session(.hyperliquid, .multi)
        #expect(session.take(book("[[\(level)],[]]")) == .decoded)
        #expect(session.take(book(levels)) == .error && session.errors == 1)
        #expect(session.batch.statuses.map(\.change) == [.bookFault] && session.batch.levels.count == 0)
    }

    @Test("books whose levels were asked for summed up are ignored until they end")
    func summed() {
        var session = Session(.hyperliquid, .multi)
        _ = session.take(book("[[\(level)],[]]"))
        #expect(session.take(ack("subscribe", #""type":"l2Book","coin":"BTC","nSigFigs":4"#)) == .ignored)
        #expect(session.batch.statuses.isEmpty)
        #expect(session.take(book("[[\(level)],[]]")) == .ignored && session.batch.order.isEmpty)
        #expect(session.take(book("[[\(level)],[]]", coin: "ETH")) == .decoded)
        _ = session.take(ack("unsubscribe", #""type":"l2Book","coin":"BTC","nSigFigs":4"#))
        #expect(session.take(book("[[\(level)],[]]")) == .decoded)
    }

    @Test("acks make feeds live and end them, at their depth; a pair has no funding")
    func acks() {
        var session = Session(.hyperliquid, .multi)
        func feeds(_ method: String, _ subscription: String) -> String {
            _ = session.take(ack(method, subscription))
            return session.batch.statuses.map { "\($0.change) \($0.kinds.names) \($0.depth ?? 0)" }.joined()
        }
        let book = #""type":"l2Book","coin":"BTC","nSigFigs":null,"mantissa":null,"fast":"#
        #expect(feeds("subscribe", book + "false") == #"live ["book"] 20"#)
        #expect(feeds("unsubscribe", book + "true") == #"unsubscribed ["book"] 5"#)
        let kinds = #"live ["funding", "open_interest"] 0"#
        #expect(feeds("subscribe", #""type":"activeAssetCtx","coin":"dex:COIN""#) == kinds)
        #expect(feeds("subscribe", #""type":"activeAssetCtx","coin":"A/B""#).isEmpty)
        #expect(feeds("subscribe", #""type":"candle","coin":"BTC","interval":"1m""#).isEmpty)
        #expect(feeds("subscribe", #""type":"allMids""#).isEmpty)
    }

    @Test("a context without a rate or an interest tells the other; a malformed one tells nothing")
    func contexts() {
        var session = Session(.hyperliquid, .multi)
        func take(_ context: String) -> FrameOutcome {
            session.take(#"{"channel":"activeAssetCtx","data":{"coin":"BTC","ctx":{\#(context)}}}"#, at: 9)
        }
        #expect(take(#""openInterest":"5.0","markPx":"0.0","funding":null"#) == .decoded)
        #expect(session.batch.fundingRates.isEmpty && session.batch.openInterests.first?.markPrice == nil)
        #expect(session.batch.openInterests.first?.exchangeTime == 9 && session.batch.frameTime == nil)
        #expect(take(#""funding":"-0.1""#) == .decoded)
        #expect(session.batch.openInterests.isEmpty && session.batch.fundingRates.count == 1)
        for wrong in [#""openInterest":"-1""#, #""funding":"x""#, #""markPx":[]"#] {
            #expect(take(wrong) == .error && session.batch.fundingRates.isEmpty, "\(wrong)")
        }
    }

    @Test("a symbol tells its market")
    func markets() {
        let markets = ["BTC", "kPEPE", "dex:COIN", "PURR/USDC", "@107"]
            .map { Self.hyperliquid.market(ofSymbol: $0) }
        #expect(markets == [.linear, .linear, .linear, .spot, .spot])
        let pair = Self.hyperliquid.topics(of: [Subscription(.all, symbol: "@107")], market: .multi)
        #expect(pair.map(\.kinds) == [.book, .trades] && pair.first?.depth == 20)
    }

    @Test("requests name one topic each, and tell their symbol")
    func requests() {
        let wanted = [Subscription(.all, symbol: "BTC", depth: 5)]
        let requests = Self.hyperliquid.requests(for: wanted, market: .multi)
        #expect(
            requests == [
                #"{"method":"subscribe","subscription":{"type":"l2Book","coin":"BTC","fast":true}}"#,
                #"{"method":"subscribe","subscription":{"type":"trades","coin":"BTC"}}"#,
                #"{"method":"subscribe","subscription":{"type":"activeAssetCtx","coin":"BTC"}}"#,
            ]
        )
        for request in requests {
            #expect(ClientRequest(request).map { Self.hyperliquid.symbols(subscribedBy: $0) } == ["BTC"])
        }
        let other = ClientRequest(#"{"method":"unsubscribe","subscription":{"type":"trades","coin":"BTC"}}"#)
        #expect(other.map { Self.hyperliquid.symbols(subscribedBy: $0) } == [])
    }

    @Test("an error repeats what was asked: a repetition is no refusal of a topic")
    func errors() throws {
        let text = #"Already subscribed: {\"type\":\"trades\",\"coin\":\"BTC\"}"#
        let frame = Array(#"{"channel":"error","data":"\#(text)"}"#.utf8)
        let found = Self.hyperliquid.subscriptionReply(in: frame.span.bytes)
        let reply = try #require(found)
        #expect(!reply.isAccepted && reply.isRepetition)
        #expect(reply.names == [.init(kinds: .trades, text: "BTC")])
        let plain = Array(#"{"channel":"error","data":"Error parsing JSON"}"#.utf8)
        #expect(Self.hyperliquid.subscriptionReply(in: plain.span.bytes)?.names == [])
    }

    // MARK: - Definitions

    private func read(_ text: String) throws -> DefinitionList {
        let bytes = Array(text.utf8)
        return try Self.hyperliquid.definitions.read(bytes.span.bytes).list
    }

    @Test("perpetuals: the step of sizes, what is no longer traded, and no step of prices")
    func perpetuals() throws {
        let list = try read(
            #"{"universe":[{"szDecimals":5,"name":"BTC","maxLeverage":40,"marginTableId":56},"#
                + #"{"szDecimals":0,"name":"OLD","isDelisted":true},{"szDecimals":-1,"name":"X"},{"szDecimals":1}],"#
                + #""marginTables":[],"collateralToken":0}"#
        )
        #expect(list.definitions.map(\.symbol) == ["BTC", "OLD", "X"] && list.lost == 1)
        #expect(list.definitions.map { $0.sizeStep?.description } == ["0.00001", "1", nil])
        #expect(list.definitions.map(\.status) == ["", "delisted", ""])
        #expect(list.definitions.allSatisfy { $0.contract == .perpetual && $0.tickSize == nil })
    }

    @Test("pairs: their assets, and the step of sizes of the one that is traded")
    func pairs() throws {
        let list = try read(
            #"{"universe":[{"tokens":[1,0],"name":"PURR/USDC","index":0,"isCanonical":true},"#
                + #"{"tokens":[150,0],"name":"@107","index":107},{"tokens":[9,0],"name":"@1"}],"tokens":["#
                + #"{"name":"USDC","szDecimals":8,"index":0},{"name":"PURR","szDecimals":0,"index":1},"#
                + #"{"name":"HYPE","szDecimals":2,"index":150}]}"#
        )
        let names = list.definitions.map { "\($0.symbol) \($0.base) \($0.quote) \($0.sizeStep.text)" }
        #expect(names == ["PURR/USDC PURR USDC 1", "@107 HYPE USDC 0.01", "@1   "])
        #expect(list.definitions.allSatisfy { $0.contract == .spot })
    }

    @Test("what is written of pairs is read back")
    func writtenPairs() throws {
        let rules = Self.hyperliquid.definitions
        let model = try #require(Self.hyperliquid.simulation(of: .multi))
        let definitions = model.symbols.map { profile -> InstrumentDefinition in
            var definition = profile.definition(on: Self.hyperliquid.market(ofSymbol: profile.symbol))
            (definition.tickSize, definition.minimumSize) = (nil, nil)
            return definition
        }
        let pairs = definitions.filter { $0.contract == .spot }
        #expect(pairs.count == 2 && pairs.allSatisfy { rules.query(listing: $0) == 1 })
        let text = rules.list(pairs.map { rules.entry($0, market: .multi) }, next: nil, market: .multi)
        #expect(try read(text).definitions == pairs)
    }

    // MARK: - The other side

    @Test("what is not there closes the connection without a word; other requests are answered")
    func server() throws {
        let server = Self.hyperliquid.server(of: .multi)
        func answer(_ text: String) throws -> ServedAnswer {
            let offer = ServedOffer(symbols: ["BTC"], depths: [20])
            return server.answer(try #require(ClientRequest(text)), offer, at: 1)
        }
        func subscribe(_ subscription: String) throws -> ServedAnswer {
            try answer(#"{"method":"subscribe","subscription":{\#(subscription)}}"#)
        }
        #expect(try answer(#"{"method":"ping"}"#).frames == [#"{"channel":"pong"}"#])
        #expect(try answer(#"{"method":"post"}"#).frames.count == 1)
        for wrong in [
            #""type":"trades","coin":"btc""#, #""type":"new","coin":"BTC""#,
            #""type":"l2Book","coin":"BTC","fast":true"#,
        ] {
            let refusal = try subscribe(wrong)
            #expect(refusal.closes && refusal.frames.isEmpty && refusal.topics.isEmpty, "\(wrong)")
        }
        let granted = try subscribe(#""type":"l2Book","coin":"BTC""#)
        #expect(!granted.closes && granted.topics.first?.state == .book(symbol: "BTC", depth: 20))
    }

    @Test("a sample of a frame is without the values that are of persons")
    func samples() {
        func shown(_ text: String) -> String {
            let frame = Array(text.utf8)
            return FrameSample(frame.span.bytes, without: Self.hyperliquid.privateMembers).text(atMost: 400)
        }
        let trade = #"{"coin":"BTC","hash" : "0xab","users":["0x12","0x34"],"tid":1}"#
        #expect(
            shown(#"{"channel":"new","data":[\#(trade)]}"#)
                == #"{"channel":"new","data":[{"coin":"BTC","hash" : "…","users":"…","tid":1}]}"#
        )
        #expect(
            shown(#"{"\u0075sers":{"a":"0x12"},"x":{"user":"0x34"}}"#)
                == #"{"\u0075sers":"…","x":{"user":"…"}}"#
        )
        #expect(shown(#"{"users":["0x12""#) == #""…""#)
        let frame = Array(#"{"users":["0x12"]}"#.utf8)
        #expect(FrameSample(frame.span.bytes, without: []).text(atMost: 9) == #"{"users":"#)
    }
}
