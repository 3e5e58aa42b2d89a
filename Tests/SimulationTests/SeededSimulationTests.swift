import Exchanges
import Foundation
import MarketModel
import OrderBooks
import Simulation
import Testing

/// Sessions whose books replies seed, kept a second time by a client that follows the venue's documentation alone.
@Suite("Simulated books that replies seed")
struct SeededSimulationTests {
    private static let markets = Market.allCases.filter {
        ExchangeCatalog.standard.named("binance")?.simulation(of: $0) != nil
    }

    /// What a naive client and the decoder with its books make of one session.
    private struct Reading {
        var client: NaiveClient
        var counts = BookCounts()
        var outcomes: [FrameOutcome: Int] = [:]
        var errors = 0
        /// Books compared while both stood, and those that were equal.
        var compared = 0
        var equal = 0
        /// Frames after which one book stood and the other did not.
        var differing = 0
        var seeds = 0
        var untaken = 0
        /// Whether each book's first seed came before its first change.
        var early: [String: Bool] = [:]
        var kinds = FeedKinds()
        var intervals: Set<String> = []

        private let exchange: any Exchange
        private var decoder: any FrameDecoder
        private var batch = EventBatch()
        private var keepers: [BookKeeper] = []

        init(_ market: Market, _ plan: SimulationPlan) throws {
            exchange = try #require(ExchangeCatalog.standard.named("binance"))
            client = NaiveClient(market)
            let venue = batch.instruments.venue(exchange: "binance", market: market)
            decoder = exchange.makeDecoder(market: market, venue: venue)
            var session = try SimulatedSession(plan)
            while session.next({ take($0, $1) }) {}
            for keeper in keepers {
                counts.topsVerified += keeper.counts.topsVerified
                counts.topsFailed += keeper.counts.topsFailed
                counts.sequencesVerified += keeper.counts.sequencesVerified
                counts.sequencesBroken += keeper.counts.sequencesBroken
                counts.gaps += keeper.counts.gaps
                counts.crossedSeen += keeper.counts.crossedSeen
            }
        }

        private mutating func take(_ frame: SimulatedFrame, _ bytes: RawSpan) {
            batch.removeAll()
            let text = bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
            switch frame.kind {
            case .sent: decoder.sent(bytes, receiveTime: frame.time)
            case .status:
                guard text == "disconnected" else { return }
                decoder.connectionReset()
                for index in keepers.indices { _ = keepers[index].connectionEnded(0) }
                client.disconnect()
            case .received:
                client.receive(text, at: frame.time)
                let outcome = decoder.decode(bytes, receiveTime: frame.time, into: &batch)
                outcomes[outcome, default: 0] += 1
                errors += batch.errorCount
                apply()
            case .reply:
                client.reply(text, path: frame.path, at: frame.time)
                _ = decoder.decodeReply(bytes, path: frame.path, receiveTime: frame.time, into: &batch)
                apply()
            }
        }

        private mutating func apply() {
            while keepers.count < batch.instruments.count { keepers.append(BookKeeper()) }
            if !batch.openInterests.isEmpty { kinds.insert(.openInterest) }
            if !batch.fundingRates.isEmpty { kinds.insert(.fundingRates) }
            for rate in batch.fundingRates { intervals.insert(rate.intervalHours?.description ?? "-") }
            if !batch.liquidations.isEmpty { kinds.insert(.liquidations) }
            for top in batch.tops { keepers[top.instrument.position].check(top) }
            let (rules, levels) = (exchange.bookRules, batch.levels)
            for update in batch.books {
                let index = update.instrument.position
                let symbol = batch.instruments[update.instrument].symbol
                if early[symbol] == nil { early[symbol] = update.isSeed }
                let outcome = keepers[index].apply(
                    update,
                    levels: levels.span,
                    connection: 0,
                    rules: rules
                )
                seeds += update.isSeed ? 1 : 0
                untaken += update.isSeed && outcome == .ignored ? 1 : 0
                let book = keepers[index].book
                compare(book, symbol)
            }
        }

        private mutating func compare(_ book: OrderBook, _ symbol: String) {
            let naive = client.books[symbol]
            guard book.state == .synced, let naive, naive.isSynced else {
                differing += (book.state == .synced) == (naive?.isSynced ?? false) ? 0 : 1
                return
            }
            compared += 1
            var ours = NaiveClient.Book(isSynced: true)
            for index in 0..<book.bidCount {
                ours.bids[Decimal(string: "\(book.bid(at: index).price)") ?? 0] = Decimal(
                    string: "\(book.bid(at: index).size)"
                )
            }
            for index in 0..<book.askCount {
                ours.asks[Decimal(string: "\(book.ask(at: index).price)") ?? 0] = Decimal(
                    string: "\(book.ask(at: index).size)"
                )
            }
            equal += ours.bids == naive.bids && ours.asks == naive.asks ? 1 : 0
        }
    }

    private func plan(_ market: Market, _ faults: String, frames: Int = 1_500) throws -> SimulationPlan {
        let venue = try SimulationPlan.Venue(exchange: "binance", market: market, depth: 60)
        var plan = SimulationPlan(seed: 21, venues: [venue])
        plan.frames = frames
        plan.faults = try SimulationFaults(parsing: faults)
        return plan
    }

    /// What holds of every session: the same books, dense ids of trades, tickers that agree.
    private func check(_ reading: Reading, isWhole: Bool = true) {
        #expect(reading.errors == 0)
        #expect(reading.outcomes[.unknown] == nil && reading.outcomes[.error] == nil)
        #expect(reading.compared > 100 && reading.equal == reading.compared && reading.differing == 0)
        for ids in reading.client.tradeIDs.values {
            #expect(ids.count > 20 && ids == Array((ids.first ?? 0)..<(ids.first ?? 0) + Int64(ids.count)))
        }
        for fills in reading.client.fills.values where isWhole {
            #expect(zip(fills, fills.dropFirst()).allSatisfy { $1.lowerBound == $0.upperBound + 1 })
            #expect(fills.contains { $0.count > 1 })
        }
        #expect(reading.counts.sequencesBroken == reading.client.breaks)
    }

    @Test("books equal those of a naive client, tickers the books, trades are dense", arguments: markets)
    func clean(market: Market) throws {
        let reading = try Reading(market, plan(market, ""))
        check(reading)
        #expect(reading.counts.gaps == 0 && reading.counts.crossedSeen == 0 && reading.client.breaks == 0)
        #expect(reading.counts.topsVerified > 100 && reading.counts.topsFailed == 0)
        #expect(reading.seeds == 2 && reading.untaken == 0 && reading.early.values.allSatisfy { !$0 })
        let derived: FeedKinds = market == .spot ? [] : [.openInterest, .fundingRates, .liquidations]
        #expect(reading.kinds == derived && reading.intervals == (market == .spot ? [] : ["8"]))
    }

    @Test("seeds before the first change, late, too old and wrong ones", arguments: markets)
    func seeds(market: Market) throws {
        let early = try Reading(market, plan(market, "early=1"))
        check(early)
        #expect(early.seeds == 2 && early.early.values.allSatisfy { $0 } && early.client.joints.named == 2)
        let late = try Reading(market, plan(market, "late=1"))
        check(late)
        #expect(late.compared < early.compared && late.seeds == 2)
        let old = try Reading(market, plan(market, "old=0.7", frames: 3_000))
        check(old)
        #expect(old.untaken > 0 && old.counts.gaps == 0)
        let wrong = try Reading(market, plan(market, "wrong=1", frames: 3_000))
        #expect(wrong.counts.gaps > 0 && wrong.counts.topsFailed > 0 && wrong.seeds > 2)
        check(wrong)
    }

    @Test("breaks, restarts and reconnects are mended by further seeds", arguments: markets)
    func breaks(market: Market) throws {
        let faults = "gap=0.01,restart=0.005,reconnect=0.003"
        let reading = try Reading(market, plan(market, faults, frames: 4_000))
        check(reading, isWhole: false)
        #expect(reading.counts.gaps > 3 && reading.client.breaks > 3 && reading.seeds > 5)
        let joints = reading.client.joints
        #expect(joints.held > 0 && joints.named + joints.held > 5)
        #expect(reading.counts.topsVerified > 100 && reading.counts.topsFailed == 0)
    }
}
