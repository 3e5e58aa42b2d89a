import MarketModel
import Testing

@testable import OrderBooks

/// One book of several connections that bring the same messages, beside a naive venue.
@Suite("A book of several connections")
struct SharedNumbersTests {
    /// What one connection has yet to bring.
    fileprivate struct Line {
        var id: Int32
        var waiting: [NaiveVenue.Delta] = []
        /// The number of its last message.
        var last: Int64?
    }

    fileprivate struct Session {
        var venue: NaiveVenue
        var script: SeededScript
        var random: SystemRandomNumberGenerator.Seeded
        var lines: [Line] = [Line(id: 0)]
        var nextID: Int32 = 1
        /// Who has brought each number.
        var brought: [Int64: Set<Int32>] = [:]
        /// The number that the book should be at while it is synced.
        var number: Int64 = 0
        var (duplicates, applied) = (0, 0)

        init(_ numbering: SeededScript.Numbering, seed: UInt64) {
            venue = NaiveVenue(numbering)
            script = SeededScript(numbering: numbering)
            random = .init(state: seed)
        }

        var book: OrderBook { script.keeper.book }

        mutating func move(losing chance: Int) {
            let delta = venue.move(&random)
            for index in lines.indices where chance == 0 || Int.random(in: 0..<chance, using: &random) > 0 {
                lines[index].waiting.append(delta)
            }
        }

        /// Lets a connection bring its next message; returns the message and what it did.
        mutating func bring(_ index: Int) throws -> (NaiveVenue.Delta, BookOutcome)? {
            guard !lines[index].waiting.isEmpty else { return nil }
            let delta = lines[index].waiting.removeFirst()
            lines[index].last = delta.last
            script.connection = lines[index].id
            let outcome = try script.delta(
                delta.first,
                delta.last,
                after: delta.previous,
                delta.bids,
                delta.asks
            )
            return (delta, outcome)
        }

        mutating func seed() throws {
            guard let number = venue.numbers.last, let book = venue.history[number] else { return }
            // Whichever connection's request it answers.
            script.connection = lines.randomElement(using: &random)?.id ?? 0
            if try script.seed(number, book.sortedBids, book.sortedAsks, isCut: false) == .applied {
                self.number = number
            }
        }

        func check(_ label: String) throws {
            guard book.state == .synced else { return }
            let truth = try #require(venue.history[number], "\(label)")
            #expect(text(book.bids) == text(truth.sortedBids), "\(label)")
            #expect(text(book.asks) == text(truth.sortedAsks), "\(label)")
        }

        mutating func fold(_ label: String) throws {
            var written = StateParts()
            try written.part("/book", &script.keeper)
            var reading = StateParts(reading: written.parts)
            script.keeper = BookKeeper()
            try reading.part("/book", &script.keeper)
            var again = StateParts()
            try again.part("/book", &script.keeper)
            #expect(written.parts == again.parts, "\(label)")
        }
    }

    @Test(
        "applies each message once, from whichever connection brings it first, while they come and go",
        arguments: SeededScript.Numbering.allCases
    )
    func changes(numbering: SeededScript.Numbering) throws {
        let seed = UInt64.random(in: 0 ... .max)
        var session = Session(numbering, seed: seed)
        session.move(losing: 0)
        let first = try session.bring(0)
        session.brought[try #require(first).0.last] = [0]
        try session.seed()
        for step in 0..<4_000 {
            let label = "\(numbering), seed \(seed), step \(step)"
            session.move(losing: 0)
            for _ in 0..<Int.random(in: 1...2 * session.lines.count, using: &session.random) {
                let index = Int.random(in: session.lines.indices, using: &session.random)
                guard let (delta, outcome) = try session.bring(index) else { continue }
                let id = session.lines[index].id
                let isCopy = session.brought[delta.last, default: []].contains { $0 != id }
                // One that was brought by a connection that is ahead waits for those between.
                let isNext = delta.previous == session.number
                session.brought[delta.last, default: []].insert(id)
                if isNext { session.number = delta.last }
                if delta.last <= session.number, !isNext {
                    #expect(outcome == (isCopy ? .duplicate : .applied), "\(label)")
                } else {
                    #expect(outcome == (isNext ? .applied : .unapplied), "\(label)")
                }
                session.duplicates += outcome == .duplicate ? 1 : 0
                try session.check(label)
            }
            try session.changeLines(label)
            if step % 7 == 0 { try session.fold(label) }
        }
        #expect(session.script.keeper.counts.gaps == 0, "seed \(seed)")
        #expect(session.nextID > 20 && session.duplicates > 500, "seed \(seed)")
    }

    @Test(
        "shows the venue's book whenever it is synced, whatever is lost",
        arguments: SeededScript.Numbering.allCases
    )
    func losses(numbering: SeededScript.Numbering) throws {
        let seed = UInt64.random(in: 0 ... .max)
        var session = Session(numbering, seed: seed)
        session.lines.append(Line(id: 1))
        session.nextID = 2
        for step in 0..<4_000 {
            let label = "\(numbering), seed \(seed), step \(step)"
            session.move(losing: 30)
            for _ in 0..<3 {
                let index = Int.random(in: session.lines.indices, using: &session.random)
                guard let (delta, outcome) = try session.bring(index) else { continue }
                let others = session.brought[delta.last, default: []].subtracting([session.lines[index].id])
                session.brought[delta.last, default: []].insert(session.lines[index].id)
                if outcome == .duplicate {
                    #expect(!others.isEmpty, "\(label)")
                    session.duplicates += 1
                }
                if outcome == .applied, delta.last > session.number {
                    session.number = delta.last
                    session.applied += 1
                }
                try session.check(label)
            }
            if session.book.state != .synced, step % 5 == 0 { try session.reseed() }
            try session.check(label)
            if Int.random(in: 0..<200, using: &session.random) == 0 {
                let line = session.lines[Int.random(in: 0...1, using: &session.random)]
                _ = session.script.keeper.connectionLost(line.id)
            }
            if step % 7 == 0 { try session.fold(label) }
        }
        let gaps = session.script.keeper.counts.gaps
        #expect(gaps > 5 && session.duplicates > 200 && session.applied > 500, "seed \(seed)")
    }
}

extension SharedNumbersTests.Session {
    /// Now and then a connection joins, or one leaves that others carry on.
    fileprivate mutating func changeLines(_ label: String) throws {
        let chance = Int.random(in: 0..<100, using: &random)
        if chance < 2, lines.count < 3 {
            lines.append(SharedNumbersTests.Line(id: nextID))
            script.keeper.subscribed(connection: nextID, depth: 0)
            nextID += 1
        } else if chance < 6, lines.count > 1 {
            let index = Int.random(in: lines.indices, using: &random)
            // What the others began with must have reached the book.
            let others = lines.indices.filter { $0 != index }
            guard others.allSatisfy({ (lines[$0].last ?? .max) <= number }) else { return }
            let changed = script.keeper.connectionEnded(lines[index].id)
            #expect(!changed, "\(label)")
            lines.remove(at: index)
        }
    }

    /// A seed at the book of the latest number that any connection has brought, with the numbers behind it known.
    fileprivate mutating func reseed() throws {
        let newest = brought.keys.max() ?? 0
        guard let book = venue.history[newest] else { return }
        script.connection = lines.randomElement(using: &random)?.id ?? 0
        if try script.seed(newest, book.sortedBids, book.sortedAsks, isCut: false) == .applied {
            number = newest
        }
    }
}

extension SystemRandomNumberGenerator {
    /// A generator whose seed can be printed.
    fileprivate struct Seeded: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var mixed = (state ^ (state &>> 30)) &* 0xbf58_476d_1ce4_e5b9
            mixed = (mixed ^ (mixed &>> 27)) &* 0x94d0_49bb_1331_11eb
            return mixed ^ (mixed &>> 31)
        }
    }
}
