import FakeExchange
import Testing

/// What a fake exchange does not have it refuses in the venue's words, and acks name the request.
@Suite("Refusals of a fake exchange")
struct ServedDepthTests {
    private func answer(_ exchange: String, _ market: String, _ request: String) -> [String] {
        var desk = SubscriptionDesk(
            exchange: exchange,
            market: market,
            offered: ["BTCUSDT", "BTC/USD", "BTC-USD"],
            depths: [50]
        )
        return desk.answer(request, at: 0)
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
        let answers = answer("bybit", "spot", request)
        #expect(answers.count == 1)
        #expect(answers[0].contains(#""success":false,"ret_msg":"error:handler not found,topic:\#(topic)""#))
        #expect(answers[0].contains(#""req_id":"a7""#))
    }

    @Test("a depth that is served is acknowledged with the id of the request")
    func served() {
        let request =
            #"{"req_id":"a8","op":"subscribe","args":["orderbook.50.BTCUSDT","allLiquidation.BTCUSDT"]}"#
        let answers = answer("bybit", "linear", request)
        #expect(answers.count == 1 && answers[0].contains(#""success":true"#))
        #expect(answers[0].contains(#""req_id":"a8""#))
    }

    @Test("Kraken's refusals are for a symbol, those of Coinbase for a request")
    func others() {
        let kraken = { (channel: String, depth: Int) in
            answer(
                "kraken",
                "spot",
                #"{"method":"subscribe","req_id":3,"params":{"channel":"\#(channel)","symbol":["BTC/USD","X/Y"],"#
                    + #""depth":\#(depth)}}"#
            )
        }
        let refused = kraken("book", 25)
        #expect(refused.count == 2)
        #expect(refused[0].contains(#""error":"Subscription depth not supported""#))
        #expect(refused[1].contains(#""error":"Currency pair not supported X/Y""#))
        #expect(refused.allSatisfy { $0.contains(#""success":false,"req_id":3"#) })
        #expect(kraken("book", 50)[0].contains(#""depth":50,"snapshot":true},"success":true,"req_id":3"#))
        #expect(kraken("ohlc", 50)[0].contains("Channel not supported"))
        let channel = #"{"type":"subscribe","product_ids":["BTC-USD"],"channel":"nothing"}"#
        #expect(answer("coinbase", "spot", channel)[0].contains(#""type":"error""#))
        let product = #"{"type":"subscribe","product_ids":["Y-USD"],"channel":"level2"}"#
        #expect(answer("coinbase", "spot", product)[0].contains("Y-USD is not a valid product"))
    }
}
