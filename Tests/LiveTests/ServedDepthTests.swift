import Exchanges
import FakeExchange
import MarketModel
import Testing

/// A fake exchange refuses what it does not have in the venue's words, and acks name the request.
@Suite("Refusals of a fake exchange")
struct ServedDepthTests {
    private func answer(_ exchange: String, _ market: Market, _ request: String) throws -> [String] {
        let venue = try #require(ExchangeCatalog.standard.named(exchange))
        var responder = SubscriptionResponder(
            venue.server(of: market),
            ServedOffer(symbols: ["BTCUSDT", "BTC/USD", "BTC-USD"], depths: [50])
        )
        return responder.answer(request, at: 0)
    }

    @Test(
        "topics that are not served",
        arguments: [
            "orderbook.200.BTCUSDT", "orderbook.50.XUSDT", "orderbook.BTCUSDT", "kline.1.BTCUSDT", "",
            "allLiquidation.BTCUSDT",
        ]
    )
    func bybit(topic: String) throws {
        let request = #"{"req_id":"a7","op":"subscribe","args":["publicTrade.BTCUSDT","\#(topic)"]}"#
        let answers = try answer("bybit", .spot, request)
        #expect(answers.count == 1)
        #expect(answers[0].contains(#""success":false,"ret_msg":"error:handler not found,topic:\#(topic)""#))
        #expect(answers[0].contains(#""req_id":"a7""#))
    }

    @Test("a depth that is served is acknowledged with the id of the request")
    func served() throws {
        let request =
            #"{"req_id":"a8","op":"subscribe","args":["orderbook.50.BTCUSDT","allLiquidation.BTCUSDT"]}"#
        let answers = try answer("bybit", .linear, request)
        #expect(answers.count == 1 && answers[0].contains(#""success":true"#))
        #expect(answers[0].contains(#""req_id":"a8""#))
    }

    @Test("Kraken's refusals are for a symbol, those of Coinbase for a request")
    func others() throws {
        let kraken = { (channel: String, depth: Int) in
            try answer(
                "kraken",
                .spot,
                #"{"method":"subscribe","req_id":3,"params":{"channel":"\#(channel)","symbol":["BTC/USD","X/Y"],"#
                    + #""depth":\#(depth)}}"#
            )
        }
        let refused = try kraken("book", 25)
        #expect(refused.count == 2)
        #expect(refused[0].contains(#""error":"Subscription depth not supported""#))
        #expect(refused[1].contains(#""error":"Currency pair not supported X/Y""#))
        #expect(refused.allSatisfy { $0.contains(#""success":false,"req_id":3"#) })
        #expect(try kraken("book", 50)[0].contains(#""depth":50,"snapshot":true},"success":true,"req_id":3"#))
        #expect(try kraken("ohlc", 50)[0].contains("Channel not supported"))
        let channel = #"{"type":"subscribe","product_ids":["BTC-USD"],"channel":"nothing"}"#
        #expect(try answer("coinbase", .spot, channel)[0].contains(#""type":"error""#))
        let product = #"{"type":"subscribe","product_ids":["Y-USD"],"channel":"level2"}"#
        #expect(try answer("coinbase", .spot, product)[0].contains("Y-USD is not a valid product"))
    }
}
