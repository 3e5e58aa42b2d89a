import MarketModel
import OrderBooks
import Testing

@Suite("A book seeded by a reply")
struct SeededBookTests {
    @Test("waits with its deltas, and joins the newer ones to a late seed in one step")
    func lateSeed() throws {
        var script = SeededScript()
        #expect(try script.delta(11, 20, after: 5, "10@5") == .unapplied)
        #expect(try script.delta(23, 30, after: 20, "9@6") == .unapplied)
        #expect(try script.delta(33, 40, after: 30, "8@7") == .unapplied)
        #expect(script.keeper.book.state == .awaitingSnapshot && script.keeper.counts.gaps == 0)
        #expect(try script.seed(25) == .applied)
        #expect(script.keeper.book.state == .synced)
        #expect(text(script.keeper.book.bids) == "10@1 9@6 8@7")
        #expect(try script.delta(44, 50, after: 40, "8@0") == .applied)
        #expect(text(script.keeper.book.bids) == "10@1 9@6")
        #expect(script.keeper.counts.sequencesVerified == 3 && script.keeper.counts.sequencesBroken == 0)
    }

    @Test("does not take a seed that is older than its deltas, and takes the next")
    func oldSeed() throws {
        var script = SeededScript()
        #expect(try script.delta(11, 20, after: 5) == .unapplied)
        #expect(try script.seed(6) == .ignored)
        #expect(script.keeper.book.state == .awaitingSnapshot && script.keeper.book.bidCount == 0)
        #expect(try script.delta(21, 30, after: 20, "9@6") == .unapplied)
        #expect(try script.seed(20) == .applied)
        #expect(text(script.keeper.book.bids) == "10@2 9@6")
    }

    @Test("goes on with whichever connection brings the next delta, for numbers are equal on all")
    func severalConnections() throws {
        var script = SeededScript()
        #expect(try script.seed(25) == .applied)
        #expect(try script.delta(23, 30, after: 20, "10@3") == .applied)
        script.connection = 1
        #expect(try script.delta(23, 30, after: 20, "10@9") == .duplicate)
        #expect(try script.delta(33, 40, after: 30, "9@4") == .applied)
        script.connection = 0
        #expect(try script.delta(33, 40, after: 30, "9@8") == .duplicate)
        #expect(try script.delta(43, 50, after: 40, "10@5") == .applied)
        #expect(text(script.keeper.book.bids) == "10@5 9@4")
        #expect(script.keeper.counts.sequencesVerified == 2 && script.keeper.counts.gaps == 0)
        // What no connection brings is missing: the leader's next delta tells.
        #expect(try script.delta(63, 70, after: 60) == .gapped(.sequence))
    }

    @Test("takes a seed before its deltas; old ones count and change nothing, the first newer must join")
    func earlySeed() throws {
        var script = SeededScript()
        #expect(try script.seed(25) == .applied)
        #expect(try script.delta(11, 20, after: 5, "10@9") == .applied)
        #expect(text(script.keeper.book.bids) == "10@1 9@1")
        #expect(try script.delta(23, 30, after: 20, "10@3") == .applied)
        #expect(text(script.keeper.book.bids) == "10@3 9@1" && script.keeper.counts.sequencesVerified == 1)
        script = SeededScript()
        #expect(try script.seed(25) == .applied)
        #expect(try script.delta(27, 30, after: 26) == .gapped(.sequence))
    }

    @Test(
        "accepts the forms of the venue alone as first delta",
        arguments: [
            (.futures, 25, 30, 20, true), (.futures, 20, 25, 15, true), (.futures, 26, 30, 25, true),
            (.futures, 26, 30, 24, false), (.spot, 26, 30, 25, true), (.spot, 20, 26, 19, true),
            (.spot, 27, 30, 26, false),
        ] as [(SeededScript.Numbering, Int64, Int64, Int64, Bool)]
    )
    func firstDelta(
        _ numbering: SeededScript.Numbering,
        first: Int64,
        last: Int64,
        previous: Int64,
        joins: Bool
    )
        throws
    {
        var script = SeededScript(numbering: numbering)
        #expect(try script.seed(25) == .applied)
        #expect(try script.delta(first, last, after: previous) == (joins ? .applied : .gapped(.sequence)))
        script = SeededScript(numbering: numbering)
        #expect(try script.delta(first, last, after: previous) == .unapplied)
        #expect(try script.seed(25) == (joins ? .applied : .ignored))
    }

    @Test("drops a delta with the seed's own number at spot, applies it at futures")
    func equalNumber() throws {
        for numbering in SeededScript.Numbering.allCases {
            var script = SeededScript(numbering: numbering)
            #expect(try script.delta(20, 25, "10@7") == .unapplied)
            #expect(try script.seed(25) == .applied)
            #expect(text(script.keeper.book.bids) == (numbering == .spot ? "10@1 9@1" : "10@7 9@1"))
            #expect(try script.delta(26, 27) == .applied)
        }
    }

    @Test("is not moved by a further seed while it is synced")
    func furtherSeed() throws {
        var script = SeededScript()
        #expect(try script.seed(25) == .applied)
        #expect(try script.delta(26, 30, after: 25) == .applied)
        for number in [20, 25, 30, 99] as [Int64] { #expect(try script.seed(number, "5@1") == .ignored) }
        #expect(text(script.keeper.book.bids) == "10@2 9@1")
        #expect(try script.delta(31, 35, after: 30) == .applied)
    }

    @Test("waits anew from a break on, which gaps it once")
    func breaks() throws {
        var script = SeededScript()
        #expect(try script.seed(25) == .applied)
        #expect(try script.delta(26, 30, after: 25) == .applied)
        #expect(try script.delta(36, 40, after: 35, "9@7") == .gapped(.sequence))
        #expect(try script.delta(41, 50, after: 40, "8@8") == .unapplied)
        #expect(try script.seed(31) == .ignored)
        #expect(script.keeper.book.state == .gapped && script.keeper.gapCause == .sequence)
        #expect(try script.delta(56, 60, after: 55, "7@9") == .unapplied)
        #expect(try script.seed(45) == .ignored)
        #expect(try script.seed(57) == .applied)
        #expect(text(script.keeper.book.bids) == "10@1 9@1 7@9")
        #expect(script.keeper.counts.gaps == 1 && script.keeper.counts.sequencesBroken == 2)
    }

    @Test("forgets its deltas where messages of the connection may be lost")
    func lostConnection() throws {
        var script = SeededScript()
        #expect(try script.delta(11, 20, after: 5) == .unapplied)
        let changed = script.keeper.connectionLost(0)
        #expect(changed && script.keeper.gapCause == .connection)
        #expect(try script.seed(15) == .applied)
        #expect(text(script.keeper.book.bids) == "10@1 9@1")
        #expect(try script.delta(31, 40, after: 30) == .gapped(.sequence))
    }

    @Test("is gapped by a level that cannot be applied, in a seed, a waiting delta or a later one")
    func malformed() throws {
        var script = SeededScript()
        #expect(try script.seed(25, "10@-1") == .gapped(.malformed))
        #expect(try script.delta(26, 30, after: 25, "10@-1") == .unapplied)
        #expect(try script.seed(25) == .gapped(.malformed))
        #expect(try script.delta(31, 40, after: 30, "9@2") == .unapplied)
        #expect(try script.seed(31) == .applied)
        #expect(try script.delta(41, 50, after: 40, "10@-1") == .gapped(.malformed))
        #expect(script.keeper.book.state == .gapped)
    }

    @Test("holds 100,000 levels that wait, then lets the oldest deltas go")
    func bound() throws {
        let many = try levels((1...1_000).map { "\($0)@1" }.joined(separator: " "))
        for (count, isTaken) in [(100, true), (101, false)] {
            var script = SeededScript()
            for number in 1...Int64(count) {
                #expect(try script.delta(10 * number, 10 * number + 9, after: nil, many, []) == .unapplied)
            }
            var other = script
            #expect(try script.seed(15) == (isTaken ? .applied : .ignored))
            #expect(try other.seed(25) == .applied)
            #expect(other.keeper.book.bidCount == 1_000)
        }
    }

    @Test("is known as far as its seed: levels beyond are kept, but not shown or summed")
    func known() throws {
        var script = SeededScript()
        #expect(try script.seed(25, isCut: true) == .applied)
        #expect(try script.delta(26, 30, after: 25, "8@5 9.5@3", "12.5@4") == .applied)
        #expect(script.keeper.book.bidCount == 4 && script.keeper.book.knownBids == 3)
        #expect(script.keeper.book.askCount == 3 && script.keeper.book.knownAsks == 2)
        var shown: [PriceLevel] = []
        script.keeper.book.copyBids(10, into: &shown)
        script.keeper.book.copyAsks(10, into: &shown)
        #expect(text(shown) == "10@1 9.5@3 9@1 11@1 12@1")
        var totals = BookTotals()
        script.keeper.book.readTotals(10, into: &totals)
        #expect(totals.bidSize.doubleValue == 5 && totals.askSize.doubleValue == 2)
        #expect(script.keeper.book.bidSize(10).doubleValue == 5)
        #expect(try script.delta(31, 40, after: 30, "10@0 9.5@0 9@0") == .applied)
        script.keeper.book.readTotals(10, into: &totals)
        #expect(script.keeper.book.knownBids == 0 && totals.bestBid == nil && totals.bidSize.doubleValue == 0)
    }

    @Test("is known as far as its seed thousands of levels down, too")
    func knownDeep() throws {
        func prices(_ range: Range<Int>, _ size: Int) throws -> [PriceLevel] {
            try levels(range.map { "\($0)@\(size)" }.joined(separator: " "))
        }
        var script = SeededScript()
        let asks = try prices(6_000..<8_500, 1)
        #expect(try script.seed(25, prices(3_000..<5_000, 1), asks, isCut: true) == .applied)
        let (below, above) = (try prices(1_000..<2_000, 1), try prices(9_000..<9_100, 1))
        #expect(try script.delta(26, 30, after: 25, below, above) == .applied)
        #expect(script.keeper.book.bidCount == 3_000 && script.keeper.book.knownBids == 2_000)
        #expect(script.keeper.book.askCount == 2_600 && script.keeper.book.knownAsks == 2_500)
        #expect(
            try script.delta(31, 40, after: 30, prices(3_050..<5_000, 0), prices(6_000..<8_499, 0))
                == .applied
        )
        #expect(script.keeper.book.knownBids == 50 && script.keeper.book.knownAsks == 1)
        #expect(script.keeper.book.bidSize(2_000).doubleValue == 50)
    }
}
