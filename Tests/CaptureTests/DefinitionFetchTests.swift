import Exchanges
import MarketModel
import Testing

@testable import Capture

@Suite("Asking for definitions")
struct DefinitionFetchTests {
    private func page(_ symbols: [String], next: String? = nil) -> DefinitionPage {
        var list = DefinitionList()
        list.definitions = symbols.map { InstrumentDefinition(symbol: $0) }
        return DefinitionPage(list: list, next: next)
    }

    @Test("asks query by query, page by page, and knows all symbols at the end")
    func pages() throws {
        var fetch = DefinitionFetch(["/a?x=1", "/b"])
        #expect(fetch.path == "/a?x=1")
        try fetch.append(page(["A", "B"], next: "p%3D2"), size: 10)
        #expect(fetch.path == "/a?x=1&cursor=p%3D2")
        try fetch.append(page(["C"]), size: 10)
        #expect(fetch.path == "/b")
        try fetch.append(page([]), size: 10)
        #expect(fetch.path == nil)
        #expect(fetch.symbols == ["A", "B", "C"])
    }

    @Test("pages that never end are given up: one that names itself, too many, too large")
    func bounds() throws {
        var fetch = DefinitionFetch(["/a"])
        try fetch.append(page(["A"], next: "same"), size: 10)
        #expect(throws: DefinitionFault.unreadable("a page names itself as the next")) {
            try fetch.append(page(["A"], next: "same"), size: 10)
        }
        fetch = DefinitionFetch(["/a"])
        #expect(throws: DefinitionFault.unreadable("more than 64 pages")) {
            for number in 0...64 { try fetch.append(page(["A"], next: "\(number)"), size: 10) }
        }
        fetch = DefinitionFetch(["/a"])
        #expect(throws: DefinitionFault.self) {
            for number in 0..<4 { try fetch.append(page(["A"], next: "\(number)"), size: 20 << 20) }
        }
    }

    @Test("the nearest of what is offered, at most three")
    func nearest() {
        let offered = OfferedSymbols(["BTCUSDT", "BTCUSDC", "ETHUSDT", "SOLUSDT", "BTCPERP"])
        #expect(offered.contains("BTCUSDT") && !offered.contains("btcusdt"))
        #expect(offered.nearest(to: "btcusdt") == ["BTCUSDT", "BTCUSDC", "ETHUSDT"])
    }

    // MARK: - Where it asks

    private func plan(_ endpoint: String?, _ rest: String?, _ exchange: any Exchange = .bybit) -> CapturePlan
    {
        let market = exchange.markets.contains(.linear) ? Market.linear : .spot
        var connection = CapturePlan.Connection(exchange: exchange, market: market, subscriptions: [])
        (connection.endpoint, connection.restEndpoint) = (endpoint, rest)
        return CapturePlan(connections: [connection], folder: "")
    }

    @Test("the venue's own REST host is never asked where its socket has another address")
    func addresses() {
        #expect(plan(nil, nil).restAddress(0) == "https://api.bybit.com")
        #expect(plan(nil, nil, .coinbase).restAddress(0) == "https://api.coinbase.com")
        #expect(plan("ws://127.0.0.1:1", nil).restAddress(0) == nil)
        #expect(plan("ws://127.0.0.1:1", "http://127.0.0.1:2").restAddress(0) == "http://127.0.0.1:2")
        #expect(plan(nil, "http://127.0.0.1:2").restAddress(0) == "http://127.0.0.1:2")
        var silent = plan(nil, nil)
        silent.fetchesDefinitions = false
        #expect(silent.restAddress(0) == nil && !silent.asksDefinitions(0))
        #expect(plan("ws://127.0.0.1:1", nil, .kraken).asksDefinitions(0))
        #expect(plan(nil, nil, .kraken).restAddress(0) == nil)
    }

    @Test("of several connections to a market one asks")
    func once() {
        var two = plan(nil, nil)
        two.connections += two.connections
        two.connections.append(
            CapturePlan.Connection(exchange: .bybit, market: .spot, subscriptions: [])
        )
        #expect((0..<3).map { two.restAddress($0) != nil } == [true, false, true])
        two.connections[0].endpoint = "ws://127.0.0.1:1"
        #expect((0..<3).map { two.restAddress($0) != nil } == [false, true, true])
    }

    @Test("takes REST addresses apart, and refuses what is none")
    func rest() throws {
        let plain = try Endpoint(rest: "http://127.0.0.1:8080/proxy/")
        #expect(
            plain.host == "127.0.0.1" && plain.port == 8080 && !plain.isSecure && plain.prefix == "/proxy"
        )
        let secure = try Endpoint(rest: "https://api.example")
        #expect(secure.port == 443 && secure.isSecure && secure.prefix.isEmpty)
        #expect(secure.restText == "https://api.example/")
        for text in [
            "api.example", "ws://a", "ftp://a", "http://", "http://a:0", "https://a?b=1", "http://a b",
        ] {
            #expect(throws: CaptureError.badRESTEndpoint(text)) { try Endpoint(rest: text) }
        }
    }

    // MARK: - What a connection does when symbols turn out to be unknown

    private func timeline() -> Timeline {
        Timeline(.bybit, .linear, ["good", "bad"].map { Subscription(.trades, symbol: $0) })
    }

    @Test("symbols that are none are left out of what is asked for next, whatever was asked before")
    func leftOut() {
        var early = timeline()
        #expect(
            early.play("0 start; 1 leave bad; 2 open")
                == "0 connecting CONNECT; 2 connected +1[publicTrade.good]"
        )
        var late = timeline()
        _ = late.play("0 start; 1 open; 2 leave bad")
        #expect(late.play("3 no 1 handler not found,topic:publicTrade.bad") == "3 +2[publicTrade.good]")
        var again = timeline()
        _ = again.play("0 start; 1 open; 2 leave bad; 3 close; 103 tick")
        #expect(again.play("110 open") == "110 connected +2[publicTrade.good]")
    }

    @Test("a connection without any symbol left is closed for good")
    func stopped() {
        var machine = Timeline(.bybit, .linear, [Subscription(.trades, symbol: "bad")]).machine
        _ = machine.start(at: 0)
        _ = machine.opened(at: 1)
        #expect(machine.stop(reason: "no symbol is offered").contains(.close))
        #expect(machine.closed(at: 2, reason: "").isEmpty && machine.tick(at: 99_000_000_000).isEmpty)
    }
}
