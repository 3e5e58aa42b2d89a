import Exchanges
import Foundation
import MarketModel
import OrderBooks
import Testing

/// What every exchange of the catalog must do, those to come included.
@Suite("Every exchange")
struct CatalogTests {
    @Test("has its own name and protocol, in order, and is found by both")
    func names() {
        let names = ExchangeCatalog.standard.all.map(\.name)
        #expect(names == names.sorted() && Set(names).count == names.count)
        #expect(Set(ExchangeCatalog.standard.all.map(\.protocolID)).count == names.count)
        for exchange in ExchangeCatalog.standard.all {
            #expect(ExchangeCatalog.standard.named(exchange.name)?.protocolID == exchange.protocolID)
            #expect(
                ExchangeCatalog.standard.exchange(forProtocol: exchange.protocolID)?.name == exchange.name
            )
            #expect(exchange.name == exchange.name.lowercased())
        }
        #expect(
            ExchangeCatalog.standard.named("nobody") == nil
                && ExchangeCatalog.standard.exchange(forProtocol: "nobody-v1") == nil
        )
    }

    @Test("has an endpoint for each of its markets, and for no other")
    func endpoints() {
        for exchange in ExchangeCatalog.standard.all {
            for market in Market.allCases {
                let endpoint = exchange.endpoint(of: market)
                if exchange.markets.contains(market) {
                    #expect(endpoint?.hasPrefix("wss://") == true)
                } else {
                    #expect(endpoint == nil)
                }
            }
            #expect(!exchange.markets.isEmpty && exchange.kinds.contains([.book, .trades]))
        }
    }

    @Test("has the kinds of its channels, and a request for each topic of theirs")
    func channels() {
        for exchange in ExchangeCatalog.standard.all {
            for market in exchange.markets {
                let wanted = [Subscription(.all, symbol: "A"), Subscription(.trades, symbol: "B")]
                let topics = exchange.topics(of: wanted, market: market)
                let kinds = topics.reduce(FeedKinds()) { $0.union($1.kinds) }
                #expect(kinds.isSubset(of: exchange.kinds) && kinds.contains([.book, .trades]))
                #expect(
                    topics.allSatisfy { ($0.depth != nil) == ($0.kinds == .book && !exchange.depths.isEmpty) }
                )
                for operation in SubscriptionOperation.allCases {
                    let requests = exchange.requests(operation, topics: topics, market: market)
                    #expect(requests.flatMap(\.indexes).sorted() == Array(topics.indices))
                    #expect(requests.allSatisfy { $0.indexes.count <= exchange.session.requestSize })
                }
            }
        }
    }

    @Test("survives any frame: nothing but an outcome and counted errors")
    func anyFrame() {
        let frames = [
            "", " ", "null", "{}", "[]", "\"x\"", "{\"data\":[]}", "{\"channel\":{}}", "{\"topic\":[]}",
            "\u{0}",
        ]
        for exchange in ExchangeCatalog.standard.all {
            for market in exchange.markets {
                var session = Session(exchange, market)
                for frame in frames {
                    let outcome = session.take(frame)
                    #expect(outcome == .unknown || outcome == .error)
                    #expect((outcome == .error) == (session.batch.errorCount == 1))
                    #expect(session.batch.order.isEmpty && session.batch.frameTime == nil)
                }
            }
        }
    }

    @Test("subscribes with frames that are JSON and hold any symbol safely")
    func requests() throws {
        let subscriptions = (0..<13).map { Subscription(.all, symbol: "S\($0)\"\\\u{1}") }
        for exchange in ExchangeCatalog.standard.all {
            for market in exchange.markets {
                let requests = exchange.requests(for: subscriptions, market: market)
                #expect(!requests.isEmpty)
                for request in requests {
                    let object = try JSONSerialization.jsonObject(with: Data(request.utf8))
                    if let arguments = (object as? [String: Any])?["args"] as? [String] {
                        #expect(arguments.count <= 10)
                    }
                }
                #expect(exchange.requests(for: [], market: market).isEmpty)
            }
        }
        #expect(
            Bybit().requests(
                for: [Subscription([.book, .trades], symbol: "A", depth: 50)],
                market: .spot
            )
                == [#"{"op":"subscribe","args":["orderbook.50.A","publicTrade.A"]}"#]
        )
        #expect(
            Coinbase().requests(for: [Subscription(.trades, symbol: "A")], market: .spot) == [
                #"{"type":"subscribe","product_ids":["A"],"channel":"heartbeats"}"#,
                #"{"type":"subscribe","product_ids":["A"],"channel":"market_trades"}"#,
            ]
        )
        #expect(
            Kraken().requests(for: [Subscription(.book, symbol: "A/B", depth: 25)], market: .spot) == [
                #"{"method":"subscribe","params":{"channel":"book","symbol":["A/B"],"depth":25,"snapshot":true}}"#
            ]
        )
    }

    @Test(
        "states the venue's time of its frames as its decoder does",
        arguments: ExchangeCatalog.standard.all.map(\.name)
    )
    func venueTimes(name: String) throws {
        let exchange = try #require(ExchangeCatalog.standard.named(name))
        for market in exchange.markets {
            var session = Session(exchange, market)
            var seen = 0
            for frame in Fixtures.of(name) where session.take(frame) == .decoded {
                seen += 1
                #expect(exchange.venueTime(of: Array(frame.utf8).span.bytes) == session.batch.frameTime)
            }
            #expect(seen > 2)
        }
    }

    @Test("keeps what it learned to itself: a fresh decoder says what the first said")
    func fresh() {
        for exchange in ExchangeCatalog.standard.all {
            var first = Session(exchange, exchange.markets[0])
            var second = Session(exchange, exchange.markets[0])
            for frame in Fixtures.of(exchange.name) {
                let one = first.take(frame)
                let other = second.take(frame)
                #expect(
                    eventText(first.batch, one, first.decoder)
                        == eventText(second.batch, other, second.decoder)
                )
            }
        }
    }

    @Test(
        "Bybit's market shows in its frames",
        arguments: [
            (#"{"success":true,"ret_msg":"subscribe","op":"subscribe"}"#, "BTCUSDT", Market.spot as Market?),
            (#"{"success":true,"ret_msg":"","op":"subscribe"}"#, "BTCUSDT", .linear),
            (#"{"success":true,"ret_msg":"","op":"subscribe"}"#, "BTCPERP", .linear),
            (#"{"success":true,"ret_msg":"","op":"subscribe"}"#, "BTCUSD", .inverse),
            (#"{"success":true,"ret_msg":"","op":"subscribe"}"#, "BTCUSDZ25", .inverse),
            (#"{"success":true,"ret_msg":"","op":"subscribe"}"#, "BTCUSDT-26DEC25", .linear),
            (#"{"topic":"tickers.X","data":{"openInterest":"1"}}"#, "BTCUSD", .inverse),
            (#"{"topic":"tickers.X","data":{"usdIndexPrice":"1"}}"#, "BTCUSDT", .spot),
            (#"{"topic":"publicTrade.X","data":[{"i":"2290000000012345678"}]}"#, "BTCUSDT", .spot),
            (
                #"{"topic":"publicTrade.X","data":[{"i":"4b0832c3-70e8-5f68-a914-c53f304f507c"}]}"#,
                "BTCUSDT", .linear
            ),
            (#"{"op":"pong"}"#, "BTCUSDT", nil),
        ]
    )
    func markets(evidence: String, symbol: String, market: Market?) throws {
        var found = try #require(Bybit().makeMarketEvidence())
        #expect(found.market == nil)
        found.observe(Array(evidence.utf8).span.bytes)
        found.observe(Array(#"{"topic":"orderbook.50.\#(symbol)","data":{}}"#.utf8).span.bytes)
        #expect(found.market == market)
    }
}
