import Exchanges
import MarketModel
import Testing

@Suite("Answers to requests")
struct SubscriptionReplyTests {
    private func reply(_ exchange: any Exchange, _ frame: String) -> SubscriptionReply? {
        exchange.subscriptionReply(in: Array(frame.utf8).span.bytes)
    }

    private func refusal(_ text: String) throws -> SubscriptionReply {
        let quoted = text.replacing("\"", with: "\\\"")
        return try #require(reply(.coinbase, #"{"type":"error","message":"\#(quoted)"}"#))
    }

    @Test(
        "refusals for rate are told from others",
        arguments: [
            ("Exceeded msg rate", true), ("rate limit exceeded", true), ("Rate limit exceeded!", true),
            ("EGeneral:Too many requests", true), ("Too many visits!", true), ("RATE_LIMIT_EXCEEDED", true),
            ("request was throttled", true), ("Too many symbols", false), ("args size >10", false),
            ("exceeded maximum number of subscriptions", false), ("Invalid symbol :[RATEUSDT]", false),
            ("corporate limit", false), ("", false),
        ]
    )
    func rate(text: String, isRate: Bool) throws {
        #expect(try refusal(text).isAboutRate == isRate)
    }

    @Test(
        "a name is found as a word of its own",
        arguments: [
            ("error:handler not found,topic:orderbook.50.BTCUSDT", "orderbook.50.BTCUSDT", true),
            ("topic:orderbook.50.BTCUSDT.", "orderbook.50.BTCUSDT", true),
            ("topic:orderbook.50.BTCUSDTX", "orderbook.50.BTCUSDT", false),
            ("topic:orderbook.50.BTCUSDT-26DEC25", "orderbook.50.BTCUSDT", false),
            ("Invalid symbol :[BTCUSDT]", "BTCUSDT", true), ("topic:x.BTCUSDT", "BTCUSDT", false),
            ("'BTC/USD' unknown", "BTC/USD", true), ("WBTC/USD unknown", "BTC/USD", false),
            ("BTC/USDT unknown", "BTC/USD", false), ("BTC-USD is not a valid product", "BTC-USD", true),
            ("1000BTC-USD", "BTC-USD", false), ("", "BTC-USD", false), ("x", "", false),
        ]
    )
    func mentions(text: String, name: String, isNamed: Bool) throws {
        #expect(try refusal(text).mentions(name) == isNamed)
    }

    @Test("Bybit: id, refusal and reason; pongs, authentication and data are no answers")
    func bybit() throws {
        let bybit = Bybit()
        let ok = try #require(
            reply(
                bybit,
                #"{"success":true,"ret_msg":"subscribe","conn_id":"c","req_id":"a1","op":"subscribe"}"#
            )
        )
        #expect(ok.isAccepted && ok.id == "a1" && ok.ends == false)
        let end = try #require(
            reply(bybit, #"{"op":"unsubscribe","req_id":7,"success":false,"ret_msg":"x"}"#)
        )
        #expect(!end.isAccepted && end.id == "7" && end.ends == true && end.reason == "x")
        let bare = try #require(reply(bybit, #"{"success":false,"ret_msg":"no","req_id":"","op":""}"#))
        #expect(bare.id == nil && bare.ends == nil && bare.reason == "no")
        for frame in [
            #"{"success":true,"ret_msg":"pong","conn_id":"x","req_id":"","op":"ping"}"#,
            #"{"success":true,"ret_msg":"","op":"auth"}"#, #"{"topic":"publicTrade.A","data":[]}"#, "[]",
            "nonsense",
        ] { #expect(reply(bybit, frame) == nil, "\(frame)") }
    }

    @Test("Kraken: names its symbol, whether it takes it or not")
    func kraken() throws {
        let ok = try #require(
            reply(
                .kraken,
                #"{"method":"subscribe","req_id":3,"success":true,"result":{"channel":"book","symbol":"A/USD","depth":10}}"#
            )
        )
        #expect(ok.isAccepted && ok.id == "3" && ok.names == [.init(kinds: .book, text: "A/USD")])
        let no = try #require(
            reply(.kraken, #"{"error":"No","method":"subscribe","success":false,"symbol":"A/USD"}"#)
        )
        #expect(!no.isAccepted && no.id == nil && no.names == [.init(kinds: nil, text: "A/USD")])
        #expect(reply(.kraken, #"{"method":"pong","success":true}"#) == nil)
    }

    @Test("Kraken Futures: failures name feed and products, a bare error neither")
    func krakenFutures() throws {
        let exchange = try #require(ExchangeCatalog.standard.named("kraken-futures"))
        let failed = try #require(
            reply(
                exchange,
                #"{"event":"subscribed_failed","feed":"book","product_ids":["PI_X"],"message":"no such product"}"#
            )
        )
        #expect(!failed.isAccepted && failed.reason == "no such product")
        #expect(failed.names == [.init(kinds: .book, text: "PI_X")])
        let bare = try #require(reply(exchange, #"{"event":"error","message":"Invalid feed"}"#))
        #expect(!bare.isAccepted && bare.names.isEmpty && bare.reason == "Invalid feed")
    }

    @Test("Coinbase: a list is the whole of what is subscribed")
    func coinbase() throws {
        let list = try #require(
            reply(
                .coinbase,
                #"{"channel":"subscriptions","events":[{"subscriptions":{"level2":["A-USD"],"heartbeats":["heartbeats"],"#
                    + #""status":["x"]}}]}"#
            )
        )
        #expect(list.isWhole && list.isAccepted)
        #expect(list.names == [.init(kinds: .book, text: "A-USD"), .init(kinds: [], text: "heartbeats")])
        let empty = try #require(
            reply(.coinbase, #"{"channel":"subscriptions","events":[{"subscriptions":{}}]}"#)
        )
        #expect(empty.isWhole && empty.names.isEmpty)
    }
}
