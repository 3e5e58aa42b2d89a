import Exchanges
import Features
import MarketModel
import Pipeline
import Rows
import Synchronizer
import Testing

/// Only subscribed symbols create instruments: what names them, and from when.
struct SubscribedSymbolsTests {
    private var pipeline: Pipeline

    init() throws {
        pipeline = try Pipeline(options: SynchronizerOptions(clock: .tradeDriven), into: DiscardingSink())
    }

    private mutating func connect(_ venue: String = "bybit", session: Int32 = 0) -> Int32 {
        pipeline.connect(
            ExchangeCatalog.standard.named(venue),
            market: venue == "bybit" ? .linear : .spot,
            session: session
        )
    }

    @discardableResult
    private mutating func receive(_ frame: String, on connection: Int32 = 0) -> FrameOutcome {
        pipeline.receive(Array(frame.utf8).span.bytes, on: connection, receiveTime: 5)
    }

    private mutating func send(_ frame: String, on connection: Int32 = 0) {
        pipeline.sent(Array(frame.utf8).span.bytes, on: connection, receiveTime: 4)
    }

    private static func trade(_ symbols: String...) -> String {
        let entries = symbols.map { #"{"T":1,"s":"\#($0)","S":"Buy","v":"1","p":"1","i":"1"}"# }
        return
            #"{"topic":"publicTrade.X","type":"snapshot","ts":1,"data":[\#(entries.joined(separator: ","))]}"#
    }

    private static func ask(_ symbol: String) -> String {
        #"{"op":"subscribe","args":["publicTrade.\#(symbol)"]}"#
    }

    private func isSubscribed(_ symbol: String, _ naming: SymbolNaming) -> Bool {
        naming.symbols.contains(Array(symbol.utf8).span.bytes)
    }

    private var symbols: [String] { pipeline.instruments.map(\.symbol) }

    @Test(
        "metadata of every form names symbols; kinds alone name none",
        arguments: [
            ("bybit", "book,trades:BTCUSDT funding:ETHUSDT", ["BTCUSDT", "ETHUSDT"]),
            ("bybit", "BTCUSDT,ETHUSDT", ["BTCUSDT", "ETHUSDT"]),
            ("bybit", "orderbook.50.BTCUSDT publicTrade.ETHUSDT", ["BTCUSDT", "ETHUSDT"]),
            ("bybit", #"["orderbook.50.BTCUSDT","tickers.ETHUSDT"]"#, ["BTCUSDT", "ETHUSDT"]),
            ("bybit", #"{"op":"subscribe","args":["orderbook.50.BTCUSDT"]}"#, ["BTCUSDT"]),
            (
                "bybit",
                #"[{"op":"subscribe","args":["tickers.BTCUSDT"]},{"op":"subscribe","args":["tickers.ETHUSDT"]}]"#,
                ["BTCUSDT", "ETHUSDT"]
            ),
            ("bybit", "book,trades,open_interest", []), ("bybit", "", []), ("bybit", "publicTrade", []),
            ("bybit", "insurance.USDT", []),
            ("kraken", "book:BTC/USD trades:ETH/USD", ["BTC/USD", "ETH/USD"]),
            (
                "kraken", #"{"method":"subscribe","params":{"channel":"book","symbol":["BTC/USD"]}}"#,
                ["BTC/USD"]
            ),
            ("coinbase", "level2,market_trades:BTC-USD,ETH-USD", ["BTC-USD", "ETH-USD"]),
            ("coinbase", #"{"type":"subscribe","product_ids":["BTC-USD"],"channel":"level2"}"#, ["BTC-USD"]),
            ("coinbase", "heartbeats level2", []),
            ("binance", "btcusdt@depth@100ms ethusdt@trade !forceOrder@arr", ["BTCUSDT", "ETHUSDT"]),
            (
                "binance", #"{"method":"SUBSCRIBE","params":["btcusdt@depth","!markPrice@arr"],"id":1}"#,
                ["BTCUSDT"]
            ),
        ]
    )
    func metadata(venue: String, text: String, expected: [String]) throws {
        let exchange = try #require(ExchangeCatalog.standard.named(venue))
        var naming = SymbolNaming(exchange)
        _ = naming.described(text)
        #expect(naming.symbols.restricts == !expected.isEmpty)
        for symbol in expected { #expect(isSubscribed(symbol, naming)) }
        #expect(isSubscribed("NOBODYS", naming) == expected.isEmpty)
    }

    @Test(
        "entries of others are counted; a frame that has no others is unknown, read in the usual order or not"
    )
    mutating func entries() {
        let connection = connect()
        send(Self.ask("XUSDT"))
        for _ in 0..<2 {
            #expect(receive(Self.trade("XUSDT", "EVIL", "XUSDT")) == .decoded)
            #expect(receive(Self.trade("EVIL")) == .unknown)
            #expect(receive(Self.trade("EVIL", "EVIL")) == .unknown)
        }
        #expect(receive(#"{"topic":"publicTrade.EVIL","type":"snapshot","ts":1,"data":[]}"#) == .unknown)
        #expect(connection == 0 && symbols == ["XUSDT"])
        #expect(pipeline.counts.unsubscribedSymbols == 8 && pipeline.counts.trades == 4)
        #expect(pipeline.counts.unknown == 5 && pipeline.counts.decodeErrors == 0)
    }

    @Test(
        "books, tickers and liquidations of others are unknown, and gap nothing",
        arguments: [
            #"{"topic":"orderbook.50.EVIL","type":"delta","ts":1,"data":{"s":"EVIL","b":[["x","1"]],"a":[],"u":2,"seq":1},"cts":1}"#,
            #"{"topic":"tickers.EVIL","type":"snapshot","data":{"symbol":"EVIL","fundingRate":"0.1"},"cs":1,"ts":1}"#,
            #"{"topic":"tickers.EVIL","type":"new"}"#,
            #"{"topic":"allLiquidation.EVIL","type":"snapshot","ts":1,"data":[{"T":1,"s":"EVIL","S":"Buy","v":"1","p":"1"}]}"#,
        ]
    )
    mutating func kinds(frame: String) {
        _ = connect()
        send(Self.ask("XUSDT"))
        #expect(receive(frame) == .unknown)
        #expect(symbols.isEmpty && pipeline.counts.unsubscribedSymbols == 1)
        #expect(pipeline.checks.gaps == 0 && pipeline.counts.decodeErrors == 0)
    }

    @Test("a request behind the first data widens a restriction and begins none")
    mutating func later() {
        _ = connect()
        receive(Self.trade("AUSDT"))
        send(Self.ask("BUSDT"))
        #expect(receive(Self.trade("CUSDT")) == .decoded)
        pipeline.apply(.disconnected, on: 0, receiveTime: 6)
        pipeline.apply(.connected, on: 0, receiveTime: 7)
        send(Self.ask("BUSDT"))
        #expect(receive(Self.trade("AUSDT")) == .unknown)
        #expect(receive(Self.trade("BUSDT")) == .decoded)
        send(Self.ask("AUSDT"))
        #expect(receive(Self.trade("AUSDT")) == .decoded)
    }

    @Test("an ack neither names a symbol nor makes an instrument")
    mutating func acks() {
        _ = connect("kraken")
        let ack = { (symbol: String) in
            #"{"method":"subscribe","result":{"channel":"trade","symbol":"\#(symbol)"},"success":true}"#
        }
        let trade = { (symbol: String) in
            #"{"channel":"trade","type":"update","data":[{"symbol":"\#(symbol)","side":"buy","price":1.0,"qty":1.0,"ord_type":"limit","trade_id":1,"timestamp":"2024-01-01T00:00:00Z"}]}"#
        }
        #expect(receive(ack("A/B")) == .ignored)
        #expect(receive(trade("C/D")) == .decoded)
        pipeline.described("trades:A/B", on: 0)
        receive(ack("E/F"))
        #expect(receive(trade("E/F")) == .unknown)
        #expect(receive(trade("C/D")) == .unknown)
        #expect(receive(trade("A/B")) == .decoded)
        #expect(symbols == ["A/B", "C/D"])
    }

    @Test("names count for all connections of a session, exchange and market, and end with the session")
    mutating func sessions() {
        for session: Int32 in [0, 0, 1] { _ = connect(session: session) }
        send(Self.ask("XUSDT"), on: 1)
        #expect(receive(Self.trade("YUSDT"), on: 0) == .unknown)
        #expect(receive(Self.trade("XUSDT"), on: 0) == .decoded)
        #expect(receive(Self.trade("YUSDT"), on: 2) == .decoded)
    }

    @Test("Coinbase's USDC products come back as USD; its numbers go on through frames of others")
    mutating func coinbase() {
        _ = connect("coinbase")
        send(#"{"type":"subscribe","product_ids":["btc-usdc"],"channel":"market_trades"}"#)
        let trade = { (number: Int, product: String) in
            #"{"channel":"market_trades","timestamp":"2024-01-01T00:00:00Z","sequence_num":\#(number),"events":[{"type":"update","trades":[{"product_id":"\#(product)","trade_id":"1","price":"1","size":"1","time":"2024-01-01T00:00:00Z","side":"BUY"}]}]}"#
        }
        #expect(receive(trade(1, "BTC-USD")) == .decoded)
        #expect(receive(trade(2, "ETH-USD")) == .unknown)
        #expect(receive(trade(3, "BTC-USDC")) == .decoded)
        #expect(receive(trade(4, "BTC-USD")) == .decoded)
        #expect(pipeline.checks.sequences == (3, 0))
    }
}
