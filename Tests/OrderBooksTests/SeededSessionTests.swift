import MarketModel
import Testing

@testable import OrderBooks

/// Sessions with lost deltas and seeds that come late, old or unasked, beside a naive venue.
@Suite("Sessions of seeded books")
struct SeededSessionTests {
    /// A session: the venue, the keeper, and a second one that is written down and read back.
    private struct Session {
        var venue: NaiveVenue
        var script: SeededScript
        var folded: SeededScript
        var random: Random
        /// The number whose book the keeper should show while it is synced.
        var number: Int64 = 0
        var lastDelta: Int64 = 0
        /// The prices that the seed ended with; nil where it had all.
        var ends: (bid: FixedDecimal?, ask: FixedDecimal?)
        var (taken, refused, syncedSteps) = (0, 0, 0)

        init(_ numbering: SeededScript.Numbering, seed: UInt64) {
            venue = NaiveVenue(numbering)
            script = SeededScript(numbering: numbering)
            folded = script
            random = Random(state: seed)
        }

        mutating func sendDelta() throws {
            let delta = venue.move(&random)
            // Lost on the way.
            if Int.random(in: 0..<40, using: &random) == 0 { return }
            let outcome = try script.delta(
                delta.first,
                delta.last,
                after: delta.previous,
                delta.bids,
                delta.asks
            )
            #expect(
                try folded.delta(delta.first, delta.last, after: delta.previous, delta.bids, delta.asks)
                    == outcome
            )
            lastDelta = delta.last
            number = max(number, lastDelta)
        }

        /// Sends the best levels of some book of the last changes.
        mutating func sendSeed() throws {
            guard let seed = venue.numbers.suffix(30).randomElement(using: &random),
                let book = venue.history[seed]
            else { return }
            let limit = Int.random(in: 1...30, using: &random)
            let (bids, asks) = (book.sortedBids, book.sortedAsks)
            let isCut = bids.count > limit && asks.count > limit
            let best = isCut ? (Array(bids.prefix(limit)), Array(asks.prefix(limit))) : (bids, asks)
            let wasSynced = script.keeper.book.state == .synced
            let outcome = try script.seed(seed, best.0, best.1, isCut: isCut)
            #expect(try folded.seed(seed, best.0, best.1, isCut: isCut) == outcome)
            guard outcome != .ignored else {
                refused += 1
                return
            }
            #expect(!wasSynced)
            taken += 1
            number = max(seed, lastDelta)
            ends = isCut ? (best.0.last?.price, best.1.last?.price) : (nil, nil)
        }

        /// Compares the book with the venue's at the same number, as far as it is known.
        mutating func check(_ label: String) throws {
            let keeper = script.keeper
            guard keeper.book.state == .synced else { return }
            syncedSteps += 1
            let book = try #require(venue.history[number], "\(label)")
            let bids = book.sortedBids.filter { level in ends.bid.map { level.price >= $0 } ?? true }
            let asks = book.sortedAsks.filter { level in ends.ask.map { level.price <= $0 } ?? true }
            var shown = (bids: [PriceLevel](), asks: [PriceLevel]())
            keeper.book.copyBids(.max, into: &shown.bids)
            keeper.book.copyAsks(.max, into: &shown.asks)
            #expect(text(shown.bids) == text(bids), "\(label)")
            #expect(text(shown.asks) == text(asks), "\(label)")
            #expect(keeper.book.knownBids == bids.count && keeper.book.knownAsks == asks.count, "\(label)")
        }

        mutating func fold(_ label: String) throws {
            var (written, whole) = (StateParts(), StateParts())
            try written.part("/book", &folded.keeper)
            try whole.part("/book", &script.keeper)
            #expect(written.parts == whole.parts, "\(label)")
            var reading = StateParts(reading: written.parts)
            folded.keeper = BookKeeper()
            try reading.part("/book", &folded.keeper)
        }
    }

    private struct Random: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var mixed = (state ^ (state &>> 30)) &* 0xbf58_476d_1ce4_e5b9
            mixed = (mixed ^ (mixed &>> 27)) &* 0x94d0_49bb_1331_11eb
            return mixed ^ (mixed &>> 31)
        }
    }

    @Test("show the venue's book whenever they are synced", arguments: SeededScript.Numbering.allCases)
    func sessions(numbering: SeededScript.Numbering) throws {
        let seed = UInt64.random(in: 0 ... .max)
        var session = Session(numbering, seed: seed)
        for step in 0..<3_000 {
            let label = "\(numbering), seed \(seed), step \(step)"
            try session.sendDelta()
            try session.check(label)
            // Unasked ones too: a synced book does not take them.
            if step % 12 == 0 || Int.random(in: 0..<40, using: &session.random) == 0 {
                try session.sendSeed()
            }
            try session.check(label)
            if Int.random(in: 0..<300, using: &session.random) == 0 {
                let lost = session.script.keeper.connectionLost(0)
                let lostToo = session.folded.keeper.connectionLost(0)
                #expect(lost == lostToo)
                // What comes next follows nothing: an older seed is shown as it is.
                session.lastDelta = 0
            }
            if step % 7 == 0 { try session.fold(label) }
        }
        #expect(session.taken > 20 && session.refused > 20 && session.syncedSteps > 300, "seed \(seed)")
    }
}
