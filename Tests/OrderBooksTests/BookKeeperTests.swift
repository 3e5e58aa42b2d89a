import MarketModel
import OrderBooks
import Testing

/// Feeds a keeper with messages given as texts.
struct KeeperScript {
    var keeper = BookKeeper()
    var rules = BookRules(hasContiguousUpdateIDs: true)
    var time: Int64 = 0

    mutating func snapshot(
        _ number: Int64? = nil,
        bids: String = "10@1",
        asks: String = "11@1",
        depth: UInt32 = 50,
        connection: Int32 = 0,
        checksum: UInt32? = nil
    ) throws -> BookOutcome {
        try send(true, number, bids, asks, depth, connection, checksum)
    }

    mutating func delta(
        _ number: Int64? = nil,
        bids: String = "10@2",
        asks: String = "",
        depth: UInt32 = 50,
        connection: Int32 = 0,
        checksum: UInt32? = nil
    ) throws -> BookOutcome {
        try send(false, number, bids, asks, depth, connection, checksum)
    }

    private mutating func send(
        _ isSnapshot: Bool,
        _ number: Int64?,
        _ bids: String,
        _ asks: String,
        _ depth: UInt32,
        _ connection: Int32,
        _ checksum: UInt32?
    ) throws -> BookOutcome {
        let bids = try levels(bids)
        let asks = try levels(asks)
        // A level before them: ranges need not start at zero.
        let all = try [level("1", "1")] + bids + asks
        let update = BookUpdate(
            instrument: InstrumentIndex(0),
            isSnapshot: isSnapshot,
            depth: depth,
            firstLevel: 1,
            bidCount: bids.count,
            askCount: asks.count,
            updateID: number,
            checksum: checksum,
            exchangeTime: nil,
            receiveTime: time
        )
        return keeper.apply(update, levels: all.span, connection: connection, rules: rules)
    }
}

@Suite("A book keeper")
struct BookKeeperTests {
    @Test("gaps a book whose first message is a delta, once, and recovers at a snapshot")
    func deltaFirst() throws {
        var script = KeeperScript()
        #expect(try script.delta(7) == .gapped(.noSnapshot))
        #expect(try script.delta(8) == .unapplied)
        #expect(script.keeper.gapCause == .noSnapshot)
        #expect(try script.snapshot(9) == .applied)
        #expect(script.keeper.gapCause == nil)
        #expect(script.keeper.book.state == .synced)
        #expect(script.keeper.counts.gaps == 1)
    }

    @Test(
        "follows update numbers: equal, lower and skipped ones break, a snapshot resets",
        arguments: [
            5, 4, 7, -1,
        ]
    )
    func sequence(number: Int64) throws {
        var script = KeeperScript()
        #expect(try script.snapshot(4) == .applied)
        #expect(try script.delta(5) == .applied)
        #expect(try script.delta(number) == .gapped(.sequence))
        #expect(try script.delta(number + 1) == .unapplied)
        #expect(script.keeper.counts.sequencesVerified == 2)
        #expect(script.keeper.counts.sequencesBroken == 1)
        #expect(try script.snapshot(1) == .applied)
        #expect(try script.delta(2) == .applied)
        #expect(script.keeper.counts.gaps == 1)
    }

    @Test("overwrites at u = 1 and clears at empty sides")
    func restart() throws {
        var script = KeeperScript()
        _ = try script.snapshot(400, bids: "10@1 9@1")
        #expect(try script.snapshot(1, bids: "8@1") == .applied)
        #expect(text(script.keeper.book.bids) == "8@1")
        #expect(try script.snapshot(1, bids: "", asks: "") == .applied)
        #expect(script.keeper.book.bidCount == 0 && script.keeper.book.askCount == 0)
        #expect(script.keeper.book.state == .synced)
    }

    @Test("follows the deepest topic and lets a deeper one take over at its snapshot")
    func depths() throws {
        var script = KeeperScript()
        #expect(try script.snapshot(1, depth: 50) == .applied)
        #expect(try script.delta(9, depth: 200) == .unapplied)
        #expect(try script.snapshot(9, depth: 1) == .ignored)
        #expect(try script.delta(2, depth: 50) == .applied)
        #expect(try script.snapshot(100, bids: "10@5", depth: 200) == .applied)
        #expect(try script.delta(3, depth: 50) == .ignored)
        #expect(try script.delta(101, depth: 200) == .applied)
        #expect(try script.snapshot(7, depth: 0) == .applied)
        #expect(try script.snapshot(8, depth: 1000) == .ignored)
        #expect(script.keeper.counts.sequencesVerified == 2)
        #expect(script.keeper.counts.sequencesBroken == 0)
    }

    @Test("ignores a shallower topic only while the book stands at a deeper one")
    func shallowerMakesTheBook() throws {
        var script = KeeperScript()
        _ = try script.snapshot(1, depth: 200)
        #expect(try script.delta(9, depth: 200) == .gapped(.sequence))
        #expect(try script.delta(5, depth: 50) == .unapplied)
        #expect(try script.snapshot(6, bids: "10@7", depth: 50) == .applied)
        #expect(text(script.keeper.book.bids) == "10@7" && script.keeper.depth == 50)
        // The deeper topic continues without leading: it gaps nothing, and its snapshot takes over.
        #expect(try script.delta(77, bids: "10@9", depth: 200) == .unapplied)
        #expect(try script.delta(7, bids: "10@8", depth: 50) == .applied)
        #expect(text(script.keeper.book.bids) == "10@8")
        #expect(try script.snapshot(78, bids: "10@9", depth: 200) == .applied)
        #expect(try script.delta(8, depth: 50) == .ignored)
        #expect(script.keeper.counts.gaps == 1)
    }

    @Test(
        "a depth ends with its connection: the next snapshot of any topic makes the book",
        arguments: [0, 1]
    )
    func endOfConnection(next: Int32) throws {
        var script = KeeperScript()
        _ = try script.snapshot(10, depth: 500)
        let isGap = script.keeper.connectionEnded(0)
        #expect(isGap && script.keeper.gapCause == .connection && script.keeper.connection == nil)
        #expect(try script.delta(3, depth: 200, connection: next) == .unapplied)
        #expect(try script.snapshot(10, bids: "20@1", asks: "21@1", depth: 200, connection: next) == .applied)
        #expect(try script.delta(11, bids: "20@2", depth: 200, connection: next) == .applied)
        #expect(text(script.keeper.book.bids) == "20@2" && script.keeper.book.state == .synced)
        #expect(script.keeper.counts.gaps == 1)
    }

    @Test("the end of a connection that does not lead leaves the book")
    func endOfOther() throws {
        var script = KeeperScript()
        _ = try script.snapshot(10, depth: 500)
        _ = try script.snapshot(4, depth: 50, connection: 1)
        let isGap = script.keeper.connectionEnded(1)
        #expect(!isGap && script.keeper.book.state == .synced && script.keeper.depth == 500)
        #expect(script.keeper.isCarried(by: 0) && !script.keeper.isCarried(by: 1))
    }

    @Test("messages lost end no depth, yet let a shallower topic make the book")
    func dropped() throws {
        var script = KeeperScript()
        _ = try script.snapshot(10, depth: 500)
        let isGap = script.keeper.connectionLost(0)
        #expect(isGap && script.keeper.depth == 500)
        #expect(try script.delta(90, depth: 500) == .unapplied)
        #expect(try script.delta(91, depth: 500) == .unapplied)
        #expect(script.keeper.counts.sequencesVerified == 1)
        #expect(try script.snapshot(1, depth: 50) == .applied)
    }

    @Test("where a connection carries a book once, its next snapshot may be shallower")
    func oneTopic() throws {
        var script = KeeperScript()
        script.rules = BookRules(truncatesToDepth: true, hasOneTopic: true)
        _ = try script.snapshot(depth: 25)
        #expect(try script.snapshot(bids: "9@1", depth: 10) == .applied)
        #expect(script.keeper.depth == 10 && text(script.keeper.book.bids) == "9@1")
        #expect(try script.snapshot(depth: 25, connection: 1) == .applied)
        #expect(try script.snapshot(depth: 10, connection: 0) == .ignored)
    }

    @Test("at equal depth the connection whose snapshot came last leads; the other's deltas count")
    func connections() throws {
        var script = KeeperScript()
        _ = try script.snapshot(1, connection: 0)
        #expect(try script.delta(2, connection: 1) == .unapplied)
        #expect(try script.snapshot(8, connection: 1) == .applied)
        #expect(try script.delta(2, connection: 0) == .unapplied)
        #expect(try script.delta(9, connection: 1) == .applied)
        let lostOther = script.keeper.connectionLost(0)
        #expect(!lostOther)
        let lostOwn = script.keeper.connectionLost(1)
        let lostAgain = script.keeper.connectionLost(1)
        #expect(lostOwn && !lostAgain)
        #expect(script.keeper.gapCause == .connection)
    }

    @Test("concerns only the topic followed when a message is lost or a topic ends")
    func topics() throws {
        var script = KeeperScript()
        _ = try script.snapshot(1, depth: 50)
        let shallower = script.keeper.messageLost(connection: 0, depth: 1)
        let other = script.keeper.unsubscribed(connection: 1, depth: 50)
        #expect(!shallower && !other)
        let own = script.keeper.messageLost(connection: 0, depth: nil)
        #expect(own && script.keeper.gapCause == .malformed)
        // The number after a lost message is free.
        #expect(try script.snapshot(1) == .applied)
        let ended = script.keeper.unsubscribed(connection: 0, depth: 50)
        #expect(ended && script.keeper.book.state == .awaitingSnapshot)
        #expect(try script.snapshot(1, depth: 1) == .applied)
        #expect(script.keeper.counts.gaps == 1)
    }

    @Test("gaps a book crossed for a second, judged at the next message still crossed")
    func crossed() throws {
        var script = KeeperScript()
        _ = try script.snapshot(1)
        script.time = 100
        #expect(try script.delta(2, bids: "11@1") == .applied)
        #expect(script.keeper.book.isCrossed)
        script.time = 1_000_000_099
        #expect(try script.delta(3, bids: "11@2") == .applied)
        script.time = 5_000_000_000
        #expect(try script.delta(4, bids: "11@0") == .applied)
        #expect(try script.delta(5, bids: "11@1") == .applied)
        script.time = 6_000_000_000
        #expect(try script.delta(6, bids: "11@3") == .gapped(.crossed))
        #expect(script.keeper.counts.crossedSeen == 4)
        #expect(script.keeper.counts.gaps == 1)
    }

    @Test("cuts to depth before the checksum is taken, and gaps at a wrong one")
    func checksum() throws {
        var script = KeeperScript()
        // A stand-in that changes with any truncation or order mistake: levels and best bid.
        script.rules = BookRules(truncatesToDepth: true) { book, _ in
            UInt32(book.bidCount * 1000 + book.askCount * 100) + UInt32(book.bid(at: 0).price.mantissa)
        }
        let two: UInt32 = 2
        let good = try script.snapshot(bids: "10@1 9@1 8@1", depth: two, checksum: 2110)
        #expect(good == .applied)
        #expect(
            try script.delta(bids: "12@1 11@0", asks: "11@0 13@1", depth: two, checksum: 2112) == .applied
        )
        #expect(try script.delta(depth: two, checksum: 1) == .gapped(.checksum))
        #expect(try script.delta(depth: two, checksum: 2112) == .unapplied)
        #expect(script.keeper.counts.checksumsVerified == 2)
        #expect(script.keeper.counts.checksumsFailed == 1)
    }

    @Test("gaps at a level that cannot be")
    func malformed() throws {
        var script = KeeperScript()
        _ = try script.snapshot(1)
        #expect(try script.delta(2, bids: "10@-1") == .gapped(.malformed))
    }

    @Test("a ticker without a number is of the book as it is, or after its next message; else it is wrong")
    func tickersWithoutNumbers() throws {
        var script = KeeperScript()
        let top = { (bid: String, ask: String) in
            BookTop(instrument: InstrumentIndex(0), bid: try levels(bid)[0], ask: try levels(ask)[0])
        }
        // Before a snapshot, and of another connection: nothing to compare with.
        script.keeper.check(try top("10@1", "11@1"))
        _ = try script.snapshot(1)
        script.keeper.check(try top("10@1", "11@1"), on: 1)
        #expect(script.keeper.counts.topsVerified == 0 && script.keeper.counts.topsFailed == 0)
        script.keeper.check(try top("10@1", "11@1"))
        #expect(script.keeper.counts.topsVerified == 1)
        // It overtakes the delta; another is of no book that was.
        script.keeper.check(try top("10@2", "11@1"))
        script.keeper.check(try top("10@3", "11@1"))
        #expect(script.keeper.counts.topsVerified == 1 && script.keeper.counts.topsFailed == 0)
        _ = try script.delta(2, bids: "10@2")
        #expect(script.keeper.counts.topsVerified == 2 && script.keeper.counts.topsFailed == 1)
        // Sizes that are not stated are not compared; what waits ends with a gap.
        script.keeper.check(try top("10@0", "11@0"))
        script.keeper.check(try top("9@1", "11@1"))
        _ = try script.delta(9)
        _ = try script.snapshot(20)
        #expect(script.keeper.counts.topsVerified == 3 && script.keeper.counts.topsFailed == 1)
        // What waits when another connection takes the lead waited for a message of its own.
        script.keeper.check(try top("9@1", "11@1"))
        _ = try script.snapshot(30, connection: 1)
        #expect(script.keeper.counts.topsVerified == 3 && script.keeper.counts.topsFailed == 1)
    }
}
