import Foundation
import MarketModel
import Testing

@testable import Exchanges

/// A decoder with its fast path and one without, fed the same frames.
struct DecoderPair {
    private var fast: any FrameDecoder
    private var tolerant: any FrameDecoder
    private var fastBatch = EventBatch()
    private var tolerantBatch = EventBatch()

    init(_ exchange: any Exchange, _ market: Market) {
        let venue = fastBatch.instruments.venue(exchange: exchange.name, market: market)
        _ = tolerantBatch.instruments.venue(exchange: exchange.name, market: market)
        fast = exchange.makeDecoder(market: market, venue: venue)
        tolerant = exchange.makeTolerantDecoder(market: market, venue: venue)
    }

    /// What both make of a frame.
    mutating func decode(_ frame: [UInt8]) -> (fast: String, tolerant: String) {
        fastBatch.removeAll()
        tolerantBatch.removeAll()
        let first = fast.decode(frame.span.bytes, receiveTime: 5, into: &fastBatch)
        let second = tolerant.decode(frame.span.bytes, receiveTime: 5, into: &tolerantBatch)
        return (eventText(fastBatch, first, fast), eventText(tolerantBatch, second, tolerant))
    }
}

@Suite("The fast paths")
struct FastPathTests {
    static let venues: [(String, Market)] = [
        ("bybit", .linear), ("bybit", .spot), ("coinbase", .spot), ("kraken", .spot),
    ]

    @Test("say what the tolerant reading says of the fixtures, and take them", arguments: venues)
    func fixtures(name: String, market: Market) throws {
        let exchange = try #require(ExchangeCatalog.standard.named(name))
        var pair = DecoderPair(exchange, market)
        // Twice: the first time no instrument is known, and the fast path steps aside.
        for frame in Fixtures.of(name) + Fixtures.of(name) {
            let (fast, tolerant) = pair.decode(Array(frame.utf8))
            #expect(fast == tolerant, "\(frame)")
        }
    }

    @Test("take the venues' shapes: all real frames of the kinds decoded, but the first of an instrument")
    func taken() throws {
        var batch = EventBatch()
        let venue = batch.instruments.venue(exchange: "any", market: .spot)
        var bybit = BybitDecoder(market: .linear, venue: venue)
        var coinbase = CoinbaseDecoder(venue: venue)
        var kraken = KrakenDecoder(venue: venue)
        for name in ["bybit", "coinbase", "kraken"] {
            for frame in try (Fixtures.of(name) + FastPathTests.recorded(name)).map({ Array($0.utf8) }) {
                _ = bybit.decode(frame.span.bytes, receiveTime: 0, into: &batch)
                _ = coinbase.decode(frame.span.bytes, receiveTime: 0, into: &batch)
                _ = kraken.decode(frame.span.bytes, receiveTime: 0, into: &batch)
            }
        }
        let kinds =
            [#"{"topic":"orderbook."#, #"{"topic":"tickers."#, #"{"topic":"publicTrade."#]
            + [
                #"{"topic":"allLiquidation."#, #"{"channel":"l2_data""#, #"{"channel":"market_trades""#,
                #"{"channel":"book""#,
            ]
        for name in ["bybit", "coinbase", "kraken"] {
            for frame in try Fixtures.of(name) + FastPathTests.recorded(name)
            where kinds.contains(where: frame.hasPrefix) && !frame.contains("ETH-USD\",\"updates\":[]}]}") {
                coinbase.connectionReset()
                let bytes = Array(frame.utf8)
                let isTaken =
                    switch name {
                    case "bybit": bybit.decodeFast(bytes.span.bytes, 0, &batch)
                    case "coinbase": coinbase.decodeFast(bytes.span.bytes, 0, &batch)
                    default: kraken.decodeFast(bytes.span.bytes, 0, &batch)
                    }
                #expect(isTaken, "\(frame)")
            }
        }
    }

    @Test("say what the tolerant reading says of the inputs kept", arguments: venues)
    func failures(name: String, market: Market) throws {
        let folder = Fixtures.folder(of: name).appending(path: "failures")
        let files =
            (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        #expect(!files.isEmpty)
        for file in files.sorted(by: { $0.path() < $1.path() }) {
            var pair = DecoderPair(try #require(ExchangeCatalog.standard.named(name)), market)
            for frame in Fixtures.of(name) { _ = pair.decode(Array(frame.utf8)) }
            for frame in try Data(contentsOf: file).split(separator: 0) {
                let (fast, tolerant) = pair.decode(Array(frame))
                #expect(fast == tolerant, "\(file.lastPathComponent)")
            }
        }
    }

    @Test("say what the tolerant reading says of mutated frames", arguments: venues)
    func mutated(name: String, market: Market) throws {
        let seed = UInt64.random(in: .min ... .max)
        print("fast path against tolerant reading: \(name) \(market), seed \(seed)")
        let exchange = try #require(ExchangeCatalog.standard.named(name))
        var mutator = Mutator(seed: seed)
        var pair = DecoderPair(exchange, market)
        let frames = try (Fixtures.of(name) + FastPathTests.recorded(name)).map { Array($0.utf8) }
        for frame in frames { _ = pair.decode(frame) }
        #if DEBUG
        let rounds = 20_000
        #else
        let rounds = 1_000_000
        #endif
        for _ in 0..<rounds {
            let frame = mutator.mutated(frames[mutator.next(frames.count)])
            let (fast, tolerant) = pair.decode(frame)
            try #require(fast == tolerant, "\(String(decoding: frame, as: UTF8.self)) \(frame)")
        }
    }

    /// Some real frames of each kind, if there are recordings.
    private static func recorded(_ name: String) throws -> [String] {
        guard Recordings.areThere else { return [] }
        let path =
            switch name {
            case "bybit": "bybit/v5-linear-SOLUSDT-DOGEUSDT-20260809"
            case "coinbase": "coinbase/advanced-trade-BTCUSD-ETHUSD-20260809-first300"
            default: "kraken/v2-BTCUSD-book10-20230730"
            }
        return try Recordings.frames(path).filter { $0.bytes.count < 2000 }.prefix(150)
            .map { String(decoding: $0.bytes, as: UTF8.self) }
    }
}
