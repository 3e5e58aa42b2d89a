import ByteCoding
import Exchanges
import MarketModel
import OrderBooks
import Simulation
import Testing

/// What decoders and books make of a session.
private struct Reading {
    var outcomes: [FrameOutcome: Int] = [:]
    var errors = 0
    var trades = 0
    var liquidations = 0
    var funding = 0
    var interest = 0
    var books = BookCounts()
    var sequences: (verified: Int, broken: Int) = (0, 0)
    var misplacedTrades = 0
    var changes = 0
    private var orders: [InstrumentIndex: Int64] = [:]
    var text: [UInt8] = []

    init(_ plan: SimulationPlan) throws {
        var session = try SimulatedSession(plan)
        var batch = EventBatch()
        var decoders: [any FrameDecoder] = []
        var rules: [BookRules] = []
        for venue in plan.venues {
            let exchange = try #require(ExchangeCatalog.standard.named(venue.exchange))
            let index = batch.instruments.venue(exchange: venue.exchange, market: venue.market)
            decoders.append(exchange.makeDecoder(market: venue.market, venue: index))
            rules.append(exchange.bookRules)
        }
        var keepers: [BookKeeper] = []
        var last: Int64 = 0
        var going = true
        while going {
            going = session.next { frame, bytes in
                #expect(frame.time >= last)
                last = frame.time
                bytes.withUnsafeBytes { text.append(contentsOf: $0) }
                text.append(0x0a)
                switch frame.kind {
                case .reply:
                    batch.removeAll()
                    _ = decoders[frame.connection].decodeReply(
                        bytes,
                        path: frame.path,
                        receiveTime: frame.time,
                        into: &batch
                    )
                    take(batch, frame.connection, rules[frame.connection], &keepers)
                case .status: if bytes.byteCount == 12 { decoders[frame.connection].connectionReset() }
                case .sent: decoders[frame.connection].sent(bytes, receiveTime: frame.time)
                case .received:
                    batch.removeAll()
                    let outcome = decoders[frame.connection].decode(
                        bytes,
                        receiveTime: frame.time,
                        into: &batch
                    )
                    outcomes[outcome, default: 0] += 1
                    errors += batch.errorCount
                    take(batch, frame.connection, rules[frame.connection], &keepers)
                }
            }
        }
        for keeper in keepers { add(keeper.counts) }
        for decoder in decoders {
            sequences.verified += decoder.sequences.verified
            sequences.broken += decoder.sequences.broken
        }
    }

    private mutating func take(
        _ batch: EventBatch,
        _ connection: Int,
        _ rules: BookRules,
        _ keepers: inout [BookKeeper]
    ) {
        while keepers.count < batch.instruments.count { keepers.append(BookKeeper()) }
        liquidations += batch.liquidations.count
        funding += batch.fundingRates.count
        interest += batch.openInterests.count
        for (position, event) in batch.order.filter({ $0.kind == .trade }).enumerated() {
            let trade = batch.trades[event.index]
            trades += 1
            // The first fill of an order is at the best price of the book as published before it; where fills have
            // messages of their own, those of an order have its time.
            let last = orders.updateValue(trade.exchangeTime, forKey: trade.instrument)
            let isFirst = last != trade.exchangeTime
            let book = keepers[trade.instrument.position].book
            guard position == 0, isFirst, !trade.isSnapshot, book.state == .synced else { continue }
            let best = trade.side == .buy ? book.ask(at: 0).price : book.bid(at: 0).price
            if trade.price != best { misplacedTrades += 1 }
        }
        for update in batch.books {
            changes += update.isSnapshot ? 0 : 1
            _ = keepers[update.instrument.position].apply(
                update,
                levels: batch.levels.span,
                connection: Int32(connection),
                rules: rules
            )
        }
    }

    private mutating func add(_ counts: BookCounts) {
        books.sequencesVerified += counts.sequencesVerified
        books.sequencesBroken += counts.sequencesBroken
        books.checksumsVerified += counts.checksumsVerified
        books.checksumsFailed += counts.checksumsFailed
        books.crossedSeen += counts.crossedSeen
        books.gaps += counts.gaps
    }
}

@Suite("Simulated sessions")
struct SimulationTests {
    private static let venues: [(String, Market)] = [
        ("bybit", .linear), ("bybit", .inverse), ("bybit", .spot), ("coinbase", .spot), ("kraken", .spot),
        ("binance", .linear), ("binance", .inverse), ("binance", .spot), ("kraken-futures", .multi),
        ("okx", .multi), ("deribit", .multi), ("bitfinex", .multi), ("bitmex", .multi),
    ]

    private func plan(_ exchange: String, _ market: Market, faults: String = "") throws -> SimulationPlan {
        let venue = try SimulationPlan.Venue(exchange: exchange, market: market, depth: depth(exchange))
        var plan = SimulationPlan(seed: 7, venues: [venue])
        plan.frames = 3_000
        plan.faults = try SimulationFaults(parsing: faults)
        return plan
    }

    private func depth(_ exchange: String) -> Int? { exchange == "coinbase" ? 200 : nil }

    @Test("is clean without faults: nothing unknown or malformed, no gap, never crossed", arguments: venues)
    func clean(exchange: String, market: Market) throws {
        let reading = try Reading(plan(exchange, market))
        #expect(reading.errors == 0)
        #expect(reading.outcomes[.unknown] == nil)
        #expect(reading.outcomes[.error] == nil)
        #expect(reading.books.gaps == 0)
        #expect(reading.books.crossedSeen == 0)
        #expect(reading.books.checksumsFailed == 0)
        #expect(reading.trades > 100)
        #expect(reading.misplacedTrades == 0)
        switch exchange {
        case "bybit": #expect(reading.books.sequencesVerified > 1_000)
        case "binance", "deribit", "kraken-futures", "okx": #expect(reading.books.sequencesVerified > 500)
        case "kraken": #expect(reading.books.checksumsVerified > 1_000)
        case "bitfinex":
            #expect(reading.sequences.verified > 2_900 && reading.sequences.broken == 0)
            #expect(reading.books.checksumsVerified > 500)
        // A row that is not there, or twice, would gap.
        case "bitmex": #expect(reading.changes > 500)
        default: #expect(reading.sequences.verified == 2_999 && reading.sequences.broken == 0)
        }
        if market != .spot {
            #expect(reading.liquidations > 0 && reading.funding > 0 && reading.interest > 0)
        }
    }

    @Test("the same plan gives the same bytes, another seed others")
    func deterministic() throws {
        var plan = try plan("bybit", .linear, faults: "all")
        plan.venues.append(try .init(exchange: "kraken", market: .spot))
        let first = try Reading(plan).text
        #expect(try Reading(plan).text == first)
        plan.seed = 8
        #expect(try Reading(plan).text != first)
    }

    @Test("gives these very bytes on every machine")
    func digest() throws {
        let digests = try Self.venues.map { exchange, market in
            let bytes = try Reading(plan(exchange, market, faults: "all")).text
            return CRC32.checksum(bytes.span.bytes)
        }
        #expect(
            digests
                == [
                    3_343_009_592, 690_960_019, 3_978_298_426, 1_913_288_652, 256_676_276, 3_767_017_140,
                    493_629_580, 1_727_941_354, 796_906_378, 4_226_826_016, 2_066_739_058, 492_110_346,
                    158_063_213,
                ]
        )
    }

    @Test("faults do what they say")
    func faults() throws {
        let gap = try Reading(plan("bybit", .linear, faults: "gap=0.01"))
        #expect(gap.books.sequencesBroken > 5 && gap.books.gaps > 0)
        let sum = try Reading(plan("kraken", .spot, faults: "checksum=0.01,restart=0.02"))
        #expect(sum.books.checksumsFailed > 5)
        let lost = try Reading(plan("kraken", .spot, faults: "gap=0.01,restart=0.01"))
        #expect(lost.books.checksumsFailed > 5 && lost.books.gaps > 2)
        let sequence = try Reading(plan("coinbase", .spot, faults: "gap=0.01"))
        #expect(sequence.sequences.broken > 5)
        let crossed = try Reading(plan("bybit", .spot, faults: "crossed=0.01"))
        #expect(crossed.books.crossedSeen > 5)
        let reconnect = try Reading(plan("bybit", .spot, faults: "reconnect=0.01"))
        #expect(reconnect.books.gaps == 0 && reconnect.errors == 0)
        #expect(String(decoding: reconnect.text, as: UTF8.self).contains("\ndisconnected\nconnecting\n"))
        let restart = try Reading(plan("bybit", .linear, faults: "restart=0.01"))
        #expect(String(decoding: restart.text, as: UTF8.self).contains(#"],"u":1,"#))
        #expect(restart.books.gaps == 0)
    }

    @Test("names what it knows when asked for what it does not")
    func errors() {
        #expect(throws: SimulationError.unknownVenue("kraken/linear")) {
            try SimulationPlan.Venue(exchange: "kraken", market: .linear)
        }
        #expect(throws: SimulationError.unknownFault("gapp")) { try SimulationFaults(parsing: "gapp=1") }
        #expect(throws: SimulationError.badChance(fault: .gap, text: "2")) {
            try SimulationFaults(parsing: "gap=2")
        }
    }
}
