import Benchmark
import CSimdjson
import Exchanges
import MarketModel
import OrderBooks

/// One frame of each shape, decoded again and again; simdjson parses the same bytes beside it.
let benchmarks: @Sendable () -> Void = {
    Benchmark.defaultConfiguration = .init(
        metrics: [.wallClock, .throughput],
        scalingFactor: .kilo,
        maxDuration: .seconds(2)
    )
    for sample in Sample.all {
        Benchmark("decode \(sample.name)") { benchmark in
            var runner = DecodeRunner(sample)
            benchmark.startMeasurement()
            for _ in benchmark.scaledIterations { blackHole(runner.decode()) }
        }
        Benchmark("simdjson \(sample.name)") { benchmark in
            let parser = simdjson_parser()
            let bytes = Array(sample.frame.utf8) + [UInt8](repeating: 0, count: 64)
            let count = bytes.count - 64
            benchmark.startMeasurement()
            for _ in benchmark.scaledIterations {
                bytes.withUnsafeBytes { buffer in
                    guard let base = buffer.baseAddress?.assumingMemoryBound(to: CChar.self) else { return }
                    blackHole(simdjson_parse(parser, base, count))
                }
            }
        }
    }
    Benchmark("book deltas of six levels on two hundred") { benchmark in
        var runner = BookRunner()
        benchmark.startMeasurement()
        for index in benchmark.scaledIterations { blackHole(runner.apply(index)) }
    }
}

/// A frame of a shape.
struct Sample: Sendable {
    var name: String
    var exchange: Exchange
    var market: Market
    var frame: String

    static let all = [
        Sample(
            name: "bybit book",
            exchange: .bybit,
            market: .linear,
            frame: #"{"topic":"orderbook.200.SOLUSDT","type":"delta","ts":1700000000200,"data":{"s":"SOLUSDT","b":[["77.300","1348.2"],["77.290","905.4"],["77.250","3010"],["77.110","0"]],"a":[["77.310","0"],["77.320","211.6"],["77.400","1520.3"],["77.540","12.1"]],"u":13178638,"seq":272903628046},"cts":1700000000190}"#
        ),
        Sample(
            name: "bybit trade",
            exchange: .bybit,
            market: .linear,
            frame: #"{"topic":"publicTrade.SOLUSDT","type":"snapshot","ts":1700000000301,"data":[{"T":1700000000300,"s":"SOLUSDT","S":"Sell","v":"5.1","p":"77.300","L":"MinusTick","i":"4b0832c3-70e8-5f68-a914-c53f304f507c","BT":false,"RPI":false,"seq":272903628046}]}"#
        ),
        Sample(
            name: "coinbase book",
            exchange: .coinbase,
            market: .spot,
            frame: #"{"channel":"l2_data","timestamp":"2024-01-02T03:04:05.123456789Z","sequence_num":0,"events":[{"type":"update","product_id":"BTC-USD","updates":[{"side":"bid","event_time":"2024-01-02T03:04:05.000001Z","price_level":"65062.5","new_quantity":"0.00583"},{"side":"offer","event_time":"2024-01-02T03:04:05.000001Z","price_level":"65071.51","new_quantity":"0.4500381"}]}]}"#
        ),
        Sample(
            name: "kraken book",
            exchange: .kraken,
            market: .spot,
            frame: #"{"channel":"book","type":"update","data":[{"symbol":"BTC/USD","bids":[],"asks":[{"price":29431.1,"qty":0.00000000},{"price":29430.6,"qty":0.00100000}],"checksum":3547452596,"timestamp":"2024-01-02T03:04:06.343415Z"}]}"#
        ),
    ]
}

/// Decodes one frame again and again, each time as the first of its connection.
struct DecodeRunner {
    private var decoder: any FrameDecoder
    private var batch = EventBatch()
    private let frame: [UInt8]

    init(_ sample: Sample) {
        let venue = batch.instruments.venue(exchange: sample.exchange.name, market: sample.market)
        decoder = sample.exchange.makeDecoder(market: sample.market, venue: venue)
        frame = Array(sample.frame.utf8)
        _ = decode()
    }

    mutating func decode() -> Int {
        batch.removeAll()
        decoder.connectionReset()
        let outcome = decoder.decode(frame.span.bytes, receiveTime: 0, into: &batch)
        precondition(outcome == .decoded)
        return batch.order.count
    }
}

/// Deltas near the top of a book of two hundred levels a side.
struct BookRunner {
    private var keeper = BookKeeper()
    private var levels: [PriceLevel] = []
    private var updates: [BookUpdate] = []

    init() {
        var bids = (0..<200).map { level(10_000 - $0, 5) }
        let asks = (0..<200).map { level(10_001 + $0, 5) }
        bids += asks
        append(bids, isSnapshot: true, bidCount: 200)
        for number in 0..<256 {
            let place = number * 7 % 40
            append(
                [
                    level(10_000 - place, number % 3), level(10_000 - 2 * place, 4), level(9_990 - place, 7),
                    level(10_001 + place, number % 3), level(10_001 + 2 * place, 4), level(10_011 + place, 7),
                ],
                isSnapshot: false,
                bidCount: 3
            )
        }
        _ = apply(updates[0])
    }

    mutating func apply(_ index: Int) -> BookOutcome { apply(updates[1 + index & 255]) }

    private mutating func apply(_ update: BookUpdate) -> BookOutcome {
        keeper.apply(update, levels: levels.span, connection: 0, rules: BookRules())
    }

    private mutating func append(_ more: [PriceLevel], isSnapshot: Bool, bidCount: Int) {
        updates.append(
            BookUpdate(
                instrument: InstrumentIndex(0),
                isSnapshot: isSnapshot,
                depth: 200,
                firstLevel: levels.count,
                bidCount: bidCount,
                askCount: more.count - bidCount,
                exchangeTime: nil,
                receiveTime: 0
            )
        )
        levels += more
    }

    private func level(_ price: Int, _ size: Int) -> PriceLevel {
        PriceLevel(
            price: FixedDecimal(mantissa: Int64(price), scale: 2),
            size: FixedDecimal(mantissa: Int64(size), scale: 1)
        )
    }
}
