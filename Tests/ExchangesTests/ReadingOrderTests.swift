import Foundation
import MarketModel
import Testing

@testable import Exchanges

/// A decoder that reads frames in the usual order, and one that searches all members, fed the same frames.
struct DecoderPair {
    private var ordered: any FrameDecoder
    private var searching: any FrameDecoder
    private var orderedBatch = EventBatch()
    private var searchingBatch = EventBatch()

    init(_ exchange: any Exchange, _ market: Market) {
        let venue = orderedBatch.instruments.venue(of: exchange, market)
        _ = searchingBatch.instruments.venue(of: exchange, market)
        ordered = exchange.makeDecoder(market: market, venue: venue)
        searching = exchange.makeSearchingDecoder(market: market, venue: venue)
    }

    /// What both make of a frame.
    mutating func decode(_ frame: [UInt8]) -> (ordered: String, searching: String) {
        orderedBatch.removeAll()
        searchingBatch.removeAll()
        let first = ordered.decode(frame.span.bytes, receiveTime: 5, into: &orderedBatch)
        let second = searching.decode(frame.span.bytes, receiveTime: 5, into: &searchingBatch)
        return (eventText(orderedBatch, first, ordered), eventText(searchingBatch, second, searching))
    }
}

@Suite("Reading in the usual order")
struct ReadingOrderTests {
    static let venues: [(String, Market)] = [
        ("binance", .linear), ("binance", .spot), ("binance", .inverse), ("bitfinex", .multi),
        ("bitmex", .multi),
        ("bybit", .linear), ("bybit", .spot), ("coinbase", .spot), ("deribit", .multi),
        ("hyperliquid", .multi), ("kraken", .spot), ("kraken-futures", .multi), ("okx", .multi),
    ]

    @Test("says what searching says of the fixtures", arguments: venues)
    func fixtures(name: String, market: Market) throws {
        let exchange = try #require(ExchangeCatalog.standard.named(name))
        var pair = DecoderPair(exchange, market)
        // Twice: the first time no instrument is known, and all members are searched.
        for frame in Fixtures.of(name) + Fixtures.of(name) {
            let (ordered, searching) = pair.decode(Array(frame.utf8))
            #expect(ordered == searching, "\(frame)")
        }
    }

    @Test("takes the venues' shapes: all real frames of the kinds decoded, but the first of an instrument")
    func taken() throws {
        var batch = EventBatch()
        let venue = batch.instruments.venue(exchange: "any", market: .spot)
        var binance = BinanceDecoder(market: .linear, venue: venue)
        var bitfinex = BitfinexDecoder(venue: venue)
        var bitmex = BitMEXDecoder(venue: venue)
        var bybit = BybitDecoder(market: .linear, venue: venue)
        var coinbase = CoinbaseDecoder(venue: venue)
        var deribit = DeribitDecoder(venue: venue)
        var hyperliquid = HyperliquidDecoder(venue: venue)
        var kraken = KrakenDecoder(venue: venue)
        var krakenFutures = KrakenFuturesDecoder(venue: venue)
        var okx = OKXDecoder(venue: venue)
        let venues = [
            "binance", "bitfinex", "bitmex", "bybit", "coinbase", "deribit", "hyperliquid", "kraken",
            "kraken-futures", "okx",
        ]
        for name in venues {
            for frame in try (Fixtures.of(name) + ReadingOrderTests.recorded(name)).map({ Array($0.utf8) }) {
                _ = binance.decode(frame.span.bytes, receiveTime: 0, into: &batch)
                _ = bitfinex.decode(frame.span.bytes, receiveTime: 0, into: &batch)
                _ = bitmex.decode(frame.span.bytes, receiveTime: 0, into: &batch)
                _ = bybit.decode(frame.span.bytes, receiveTime: 0, into: &batch)
                _ = coinbase.decode(frame.span.bytes, receiveTime: 0, into: &batch)
                _ = deribit.decode(frame.span.bytes, receiveTime: 0, into: &batch)
                _ = hyperliquid.decode(frame.span.bytes, receiveTime: 0, into: &batch)
                _ = kraken.decode(frame.span.bytes, receiveTime: 0, into: &batch)
                _ = krakenFutures.decode(frame.span.bytes, receiveTime: 0, into: &batch)
                _ = okx.decode(frame.span.bytes, receiveTime: 0, into: &batch)
            }
        }
        let kinds =
            [#"{"topic":"orderbook."#, #"{"topic":"tickers."#, #"{"topic":"publicTrade."#]
            + [
                #"{"topic":"allLiquidation."#, #"{"channel":"l2_data""#, #"{"channel":"market_trades""#,
                #"{"channel":"book""#, #"{"stream":"btcusdt@depth@"#, #"{"stream":"btcusdt@trade""#,
                #"{"stream":"btcusdt@aggTrade""#, #"{"stream":"btcusdt@bookTicker""#,
                #"{"channel":"l2Book""#, #"{"channel":"trades""#,
                #"{"channel":"activeAssetCtx","data":{"coin":"BTC""#,
                #"{"table":"trade","action":"insert","data":[{"timestamp":"2021"#,
                #"{"table":"orderBookL2","action":"partial","keys":["symbol","id","side"],"types":{"symbol":"symbol","id""#,
                #"{"table":"trade","action":"partial","keys":[],"types":{"timestamp":"timestamp","symbol":"symbol","side""#,
                #"{"table":"quote","action":"insert","data":[{"timestamp":"2021"#,
                #"{"feed":"book","product_id":"PI_ETHUSD""#, #"{"feed":"ticker_lite""#,
                #"{"feed":"book_snapshot","product_id":"FI_"#,
                "[146465,[0.", "[501,[[100.5,2,1.25],[100,1,7e-8]", "[146465,[[", "[117757,[[",
                #"[501,"cs",1034567890"#,
                #"[502,"te",[44,"#,
                #"{"arg":{"channel":"books"#, #"{"arg":{"channel":"bbo-tbt""#, #"{"arg":{"channel":"trades"#,
            ]
            + ["book.BTC", "book.ETH-1", "book.ETH-3", "ticker.ETH-", "ticker.BTC-", "trades.BTC-27MAR27"].map
        {
            #"{"jsonrpc":"2.0","method":"subscription","params":{"channel":"\#($0)"#
        }
        for name in venues {
            for frame in try Fixtures.of(name) + ReadingOrderTests.recorded(name)
            where kinds.contains(where: frame.hasPrefix) && !frame.contains("ETH-USD\",\"updates\":[]}]}") {
                coinbase.connectionReset()
                let bytes = Array(frame.utf8)
                let isTaken = bytes.withUnsafeBytes { buffer in
                    switch name {
                    case "binance": binance.decodeInOrder(buffer, receiveTime: 0, into: &batch)
                    case "bitfinex": bitfinex.decodeInOrder(buffer, receiveTime: 0, into: &batch)
                    case "bitmex": bitmex.decodeInOrder(buffer, receiveTime: 0, into: &batch)
                    case "bybit": bybit.decodeInOrder(buffer, receiveTime: 0, into: &batch)
                    case "deribit": deribit.decodeInOrder(buffer, receiveTime: 0, into: &batch)
                    case "hyperliquid": hyperliquid.decodeInOrder(buffer, receiveTime: 0, into: &batch)
                    case "coinbase": coinbase.decodeInOrder(buffer, receiveTime: 0, into: &batch)
                    case "kraken-futures":
                        krakenFutures.decodeInOrder(buffer, receiveTime: 0, into: &batch)
                    case "okx": okx.decodeInOrder(buffer, receiveTime: 0, into: &batch)
                    default: kraken.decodeInOrder(buffer, receiveTime: 0, into: &batch)
                    }
                }
                #expect(isTaken, "\(frame)")
            }
        }
    }

    @Test("takes acks of what is known, heartbeats and what nothing is made of, and no frame that goes on")
    func rest() throws {
        var batch = EventBatch()
        let venue = batch.instruments.venue(exchange: "any", market: .multi)
        func check(_ decoder: some OrderingDecoder, _ frames: [String]) {
            var decoder = decoder
            for frame in frames {
                _ = decoder.decode(Array(frame.utf8).span.bytes, receiveTime: 0, into: &batch)
            }
            for frame in frames where !frame.contains("chanId") {
                let outcomes = [frame, frame + " ", String(frame.dropLast())].map { text in
                    Array(text.utf8).withUnsafeBytes {
                        decoder.decodeRestInOrder($0, receiveTime: 0, into: &batch)
                    }
                }
                let outcome: FrameOutcome = frame.hasPrefix("[8") ? .decoded : .ignored
                #expect(outcomes == [outcome, nil, nil], "\(frame)")
            }
        }
        check(
            BitfinexDecoder(venue: venue),
            [
                #"{"event":"subscribed","channel":"ticker","chanId":7,"symbol":"tBTCUSD","pair":"BTCUSD"}"#,
                #"{"event":"subscribed","channel":"trades","chanId":8,"symbol":"tBTCUSD","pair":"BTCUSD"}"#,
                #"[7,"hb"]"#, #"[8,"hb",3]"#, "[7,[1.5,null,-2e-7,123456789012],4,1617643607462]",
            ]
        )
        check(
            BitMEXDecoder(venue: venue),
            ["trade", "quote", "orderBookL2", "instrument"].map {
                #"{"success":true,"subscribe":"\#($0):XBTUSD","request":{"op":"subscribe","args":["\#($0):XBTUSD"]}}"#
            }
        )
        check(
            HyperliquidDecoder(venue: venue),
            [
                #""l2Book","coin":"BTC","nSigFigs":null,"mantissa":null,"fast":true"#,
                #""trades","coin":"BTC""#, #""activeAssetCtx","coin":"BTC""#,
            ].map {
                #"{"channel":"subscriptionResponse","data":{"method":"subscribe","subscription":{"type":\#($0)}}}"#
            }
        )
        check(
            OKXDecoder(venue: venue),
            [
                #"{"event":"subscribe","arg":{"channel":"books","instId":"BTC-USDT"},"connId":"a4d3ae55"}"#,
                #"{"event":"subscribe","arg":{"channel":"tickers","instId":"BTC-USDT"}}"#,
                #"{"arg":{"channel":"tickers","instId":"BTC-USDT"},"data":[{"instType":"SPOT","last":"9999.99"}]}"#,
            ]
        )
    }

    @Test("says what searching says of the inputs kept", arguments: venues)
    func failures(name: String, market: Market) throws {
        let folder = Fixtures.folder(of: name).appending(path: "failures")
        let files =
            (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        #expect(!files.isEmpty)
        for file in files.sorted(by: { $0.path() < $1.path() }) {
            var pair = DecoderPair(try #require(ExchangeCatalog.standard.named(name)), market)
            for frame in Fixtures.of(name) { _ = pair.decode(Array(frame.utf8)) }
            for frame in try Data(contentsOf: file).split(separator: 0) {
                let (ordered, searching) = pair.decode(Array(frame))
                #expect(ordered == searching, "\(file.lastPathComponent)")
            }
        }
    }

    @Test("takes no zero bytes for a time, whatever was read before", arguments: ["coinbase", "kraken"])
    func zeroBytes(name: String) throws {
        let time = String(repeating: "\0", count: 16) + ":05.1Z"
        let frame =
            name == "coinbase"
            ? #"{"channel":"l2_data","timestamp":"\#(time)","sequence_num":7,"events":[]}"#
            : #"{"channel":"book","type":"snapshot","data":[{"symbol":"BTC/USD","bids":[],"asks":[],"#
                + #""timestamp":"\#(time)"}]}"#
        var pair = DecoderPair(try #require(ExchangeCatalog.standard.named(name)), .spot)
        // An ack makes the symbol known and leaves the clock as it began.
        if name == "kraken" { _ = pair.decode(Array(try #require(Fixtures.of(name).first).utf8)) }
        let (ordered, searching) = pair.decode(Array(frame.utf8))
        #expect(ordered == searching)
        #expect(ordered.hasPrefix("error errors 1"))
    }

    @Test("says what searching says of mutated frames", arguments: venues)
    func mutated(name: String, market: Market) throws {
        let seed = UInt64.random(in: .min ... .max)
        print("ordered against searching reading: \(name) \(market), seed \(seed)")
        let exchange = try #require(ExchangeCatalog.standard.named(name))
        var mutator = Mutator(seed: seed)
        var pair = DecoderPair(exchange, market)
        let frames = try (Fixtures.of(name) + ReadingOrderTests.recorded(name)).map { Array($0.utf8) }
        for frame in frames { _ = pair.decode(frame) }
        #if DEBUG
        let rounds = 20_000
        #else
        let rounds = 1_000_000
        #endif
        for _ in 0..<rounds {
            let frame = mutator.mutated(frames[mutator.next(frames.count)])
            let (ordered, searching) = pair.decode(frame)
            try #require(ordered == searching, "\(String(decoding: frame, as: UTF8.self)) \(frame)")
        }
    }

    @Test("says what searching says of lists of levels, alike or not")
    func lists() throws {
        let seed = UInt64.random(in: .min ... .max)
        print("lists of levels: seed \(seed)")
        var random = Mutator(seed: seed)
        func digits(_ count: Int) -> String { (0..<count).map { _ in "\(random.next(10))" }.joined() }
        func number(_ whole: Int, _ fraction: Int) -> String {
            digits(whole) + (fraction > 0 ? "." + digits(fraction) : "")
        }
        func list() -> String {
            var form = (random.next(10), random.next(10), random.next(9))
            return (0..<random.next(12)).map { _ in
                if random.next(8) == 0 { form = (random.next(10), random.next(10), random.next(9)) }
                let size = random.next(6) == 0 ? "0" : number(1 + random.next(7), form.2)
                var level = "[\"\(number(1 + form.0, form.1))\",\"\(size)\"]"
                if random.next(60) == 0 {
                    let place = level.index(level.startIndex, offsetBy: random.next(level.count))
                    level.replaceSubrange(
                        place...place,
                        with: ["", "x", ".", "\"", " ", "-", "]"][random.next(7)]
                    )
                }
                return level
            }.joined(separator: ",")
        }
        var pair = DecoderPair(try #require(ExchangeCatalog.standard.named("binance")), .linear)
        for number in 1...4000 {
            let frame =
                #"{"stream":"btcusdt@depth","data":{"e":"depthUpdate","E":1723161255308,"T":1723161255300,"s":"BTCUSDT","#
                + #""U":\#(number),"u":\#(number),"pu":\#(number - 1),"b":[\#(list())],"a":[\#(list())]}}"#
            let (ordered, searching) = pair.decode(Array(frame.utf8))
            #expect(ordered == searching, "\(frame)")
        }
    }

    /// Some real frames of each kind, if there are recordings.
    private static func recorded(_ name: String) throws -> [String] {
        guard Recordings.areThere else { return [] }
        let path =
            switch name {
            case "binance": "binance/usdm-BTCUSDT-20230404-markprice"
            case "bitfinex": "bitfinex/v2-seqall-8pairs-20210405-first11000"
            case "bitmex": "bitmex/orderBookL2-XBTUSD-10inst-20210722"
            case "bybit": "bybit/v5-linear-SOLUSDT-DOGEUSDT-20260809"
            case "deribit": "deribit/v2-options10-20210405"
            case "hyperliquid": "hyperliquid/BTC-l2Book-trades-activeAssetCtx-20260805"
            case "coinbase": "coinbase/advanced-trade-BTCUSD-ETHUSD-20260809-first300"
            case "kraken-futures": "kraken-futures/book-10inst-20210722"
            case "okx": "okx/v5-books-3inst-20220513"
            default: "kraken/v2-BTCUSD-book10-20230730"
            }
        return try Recordings.frames(path).filter { $0.bytes.count < 2000 }.prefix(150)
            .map { String(decoding: $0.bytes, as: UTF8.self) }
    }
}
