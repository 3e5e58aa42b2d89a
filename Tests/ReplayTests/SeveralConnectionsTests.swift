import Exchanges
import Features
import MarketModel
import OrderBooks
import Rows
import Synchronizer
import Testing

@testable import Pipeline

/// What several connections bring is one book and one list of trades, where a venue's numbers are the same on all.
@Suite("Several connections of one session")
struct SeveralConnectionsTests {
    private struct Session {
        var pipeline: Pipeline
        let rows = RowTexts()

        let options: SynchronizerOptions

        init(clock: ClockMode, connections: Int, group: String = "") throws {
            options = SynchronizerOptions(clock: clock, period: 1_000)
            pipeline = try Pipeline(options: options, into: rows)
            for _ in 0..<connections {
                _ = pipeline.connect(.binance, market: .linear, redundant: group)
            }
        }

        /// Writes the state down and goes on with what it says.
        mutating func fold() throws {
            var written = StateParts()
            try pipeline.code(&written, catalog: .standard)
            pipeline = try Pipeline(options: options, into: rows)
            var reading = StateParts(reading: written.parts)
            try pipeline.code(&reading, catalog: .standard)
            var again = StateParts()
            try pipeline.code(&again, catalog: .standard)
            #expect(again.parts == written.parts)
        }

        mutating func receive(_ frame: String, at time: Int64, on connection: Int32 = 0) {
            _ = pipeline.receive(Array(frame.utf8).span.bytes, on: connection, receiveTime: time)
        }

        mutating func seed(at time: Int64) {
            let body = #"{"lastUpdateId":0,"E":2,"T":1,"bids":[["9","7"]],"asks":[["10","1"]]}"#
            let path = "/fapi/v1/depth?symbol=AB&limit=1000"
            _ = pipeline.reply(Array(body.utf8).span.bytes, path: path, on: 0, receiveTime: time)
        }

        var book: BookKeeper { pipeline.books.keepers[0] }
    }

    private static func delta(_ number: Int) -> String {
        #"{"stream":"ab@depth@100ms","data":{"e":"depthUpdate","E":2,"T":1,"s":"AB","U":\#(number),"u":\#(number),"#
            + #""pu":\#(number - 1),"b":[["9","\#(number)"]],"a":[]}}"#
    }

    private static func best(_ number: Int) -> String {
        #"{"stream":"ab@depth5@100ms","data":{"e":"depthUpdate","E":2,"T":1,"s":"AB","U":\#(number),"u":\#(number),"#
            + #""pu":\#(number - 1),"b":[["9","\#(number)"]],"a":[["10","1"]]}}"#
    }

    private static func trade(_ id: Int) -> String {
        #"{"e":"aggTrade","E":2,"T":1,"s":"AB","a":\#(id),"p":"9","q":"1","f":1,"l":1,"m":true}"#
    }

    private static func forced(_ time: Int) -> String {
        #"{"e":"forceOrder","E":\#(time),"o":{"s":"AB","S":"SELL","q":"1","p":"9","ap":"9","z":"1","T":\#(time)}}"#
    }

    private static func mark(_ time: Int) -> String {
        #"{"e":"markPriceUpdate","E":\#(time),"s":"AB","p":"9","r":"0.0001","T":99}"#
    }

    private static func ticker(_ number: Int) -> String {
        #"{"e":"bookTicker","u":\#(number),"s":"AB","b":"9","B":"\#(number)","a":"10","A":"1","T":1,"E":2}"#
    }

    @Test(
        "make the rows of one, though copies come late and the first connection ends",
        arguments: [ClockMode.orderbookDriven, .tradeDriven]
    )
    func rowsOfOne(clock: ClockMode) throws {
        var (one, two) = (
            try Session(clock: clock, connections: 1), try Session(clock: clock, connections: 2)
        )
        one.seed(at: 100)
        two.seed(at: 100)
        for number in 1...60 {
            let time = Int64(number) * 700
            for frame in [Self.delta(number), Self.trade(number), Self.ticker(number)] {
                one.receive(frame, at: time)
                // Who is first alternates, until the first connection ends.
                if number <= 40 { two.receive(frame, at: time, on: Int32(number % 2)) }
                if number > 40 { two.receive(frame, at: time, on: 1) }
            }
            if number == 40 {
                // The other lags by one, and by the frames of the ended one.
                let end = two.pipeline.apply(.disconnected, on: 0, receiveTime: time)
                #expect(end?.gapped == [])
            }
            // Copies come when the next row has begun.
            guard 2...39 ~= number else { continue }
            for frame in [Self.delta(number - 1), Self.trade(number - 1), Self.ticker(number - 1)] {
                two.receive(frame, at: time + 600, on: Int32(number % 2))
            }
            if number % 5 == 0 { try two.fold() }
        }
        one.pipeline.finish()
        two.pipeline.finish()
        #expect(two.rows.texts.count > 30 && two.rows.texts == one.rows.texts)
        let (counts, expected) = (two.pipeline.counts, one.pipeline.counts)
        #expect((counts.bookDeltas, counts.duplicateBooks) == (expected.bookDeltas, 38))
        #expect(two.pipeline.synchronizer.counters.duplicateTrades == 38)
        #expect(counts.decodedFrames == counts.frames && counts.ignored == 0)
        #expect(two.pipeline.checks.tops == one.pipeline.checks.tops)
        #expect(
            two.pipeline.checks.gaps == 0 && two.pipeline.checks.sequences == one.pipeline.checks.sequences
        )
    }

    @Test("of a group tell copies without a number by their bytes, the k-th of one being the k-th of another")
    func payloads() throws {
        let clock = ClockMode.liquidationDriven
        var one = try Session(clock: clock, connections: 1)
        var two = try Session(clock: clock, connections: 2, group: "c0")
        var apart = try Session(clock: clock, connections: 2)
        for number in 1...30 {
            // Each of the same bytes twice: two orders, which both connections bring.
            let frames = [Self.forced(number / 2), Self.mark(number / 3)]
            let (first, other) = (Int32(number % 2), Int32((number + 1) % 2))
            for frame in frames {
                one.receive(frame, at: Int64(number) * 700)
                two.receive(frame, at: Int64(number) * 700, on: first)
                apart.receive(frame, at: Int64(number) * 700, on: first)
            }
            // The last row is available with the last frame.
            for frame in frames where number < 30 {
                two.receive(frame, at: Int64(number) * 700 + 500, on: other)
                apart.receive(frame, at: Int64(number) * 700 + 500, on: other)
            }
            try two.fold()
        }
        one.pipeline.finish()
        two.pipeline.finish()
        #expect(one.rows.texts.count > 15 && two.rows.texts == one.rows.texts)
        #expect((two.pipeline.counts.liquidations, two.pipeline.counts.fundingRates) == (30, 30))
        #expect(two.pipeline.counts.duplicateMessages == 58)
        #expect(two.pipeline.counts.decodedFrames == 118)
        #expect(apart.pipeline.counts.liquidations == 59 && apart.pipeline.counts.duplicateMessages == 0)
    }

    @Test("of a group know what the one before was told by replies", arguments: [false, true])
    func learning(isLate: Bool) throws {
        for (group, interval) in [("c0", "8"), ("", nil)] {
            var session = try Session(clock: .orderbookDriven, connections: 2, group: group)
            _ = session.pipeline.apply(.connected, on: 0, receiveTime: 1)
            session.receive(Self.mark(1), at: 2)
            let list = Array("[]".utf8)
            if isLate { _ = session.pipeline.apply(.connected, on: 1, receiveTime: 3) }
            _ = session.pipeline.reply(list.span.bytes, path: "/fapi/v1/fundingInfo", on: 0, receiveTime: 3)
            if !isLate { _ = session.pipeline.apply(.connected, on: 1, receiveTime: 4) }
            session.receive(Self.mark(2), at: 5, on: 1)
            #expect(session.pipeline.batch.fundingRates[0].intervalHours?.description == interval)
        }
    }

    @Test("gap when the last that carries the book ends, or frames of all are missing")
    func lastOne() throws {
        for cause in [ConnectionStatus.disconnected, .dropped] {
            var session = try Session(clock: .orderbookDriven, connections: 2)
            session.seed(at: 100)
            for connection in [0, 1] as [Int32] { session.receive(Self.delta(1), at: 700, on: connection) }
            session.receive(Self.delta(2), at: 800)
            _ = session.pipeline.apply(cause, on: 0, receiveTime: 900)
            #expect(session.book.book.state == .synced)
            _ = session.pipeline.apply(cause, on: 1, receiveTime: 900)
            #expect(session.book.gapCause == .connection && session.pipeline.checks.gaps == 1)
        }
    }

    @Test("are carried on by one that was confirmed alone, until its first message does not follow")
    func confirmedAlone() throws {
        var session = try Session(clock: .orderbookDriven, connections: 2)
        session.seed(at: 100)
        session.receive(Self.delta(1), at: 700)
        let request = #"{"method":"SUBSCRIBE","params":["ab@depth@100ms"],"id":1}"#
        session.pipeline.sent(Array(request.utf8).span.bytes, on: 1, receiveTime: 710)
        session.receive(#"{"result":null,"id":1}"#, at: 720, on: 1)
        _ = session.pipeline.apply(.disconnected, on: 0, receiveTime: 730)
        var other = session
        session.receive(Self.delta(2), at: 800, on: 1)
        #expect(session.book.book.state == .synced && session.book.book.bid(at: 0).size.description == "2")
        other.receive(Self.delta(3), at: 800, on: 1)
        #expect(other.book.gapCause == .sequence)
    }

    @Test("bring each whole book of a few levels once, the newest from whichever has it first")
    func bestLevels() throws {
        var session = try Session(clock: .orderbookDriven, connections: 2)
        for number in 1...10 {
            session.receive(Self.best(number), at: Int64(number) * 100, on: Int32(number % 2))
            if number > 2 {
                session.receive(Self.best(number - 1), at: Int64(number) * 100 + 50, on: Int32(number % 2))
            }
            #expect(session.book.book.bid(at: 0).size.description == "\(number)")
        }
        #expect((session.pipeline.counts.bookSnapshots, session.pipeline.counts.duplicateBooks) == (10, 8))
        #expect(session.pipeline.counts.ignored == 0)
        // A number that repeats on its own connection counts.
        session.receive(Self.best(10), at: 1_100, on: 0)
        #expect((session.pipeline.counts.bookSnapshots, session.pipeline.counts.duplicateBooks) == (11, 8))
    }
}

/// Keeps what rows hold as text.
private final class RowTexts: RowSink {
    var texts: [String] = []

    func write(_ row: borrowing Row) {
        let (aggregate, snapshot) = (row.aggregate, row.snapshot)
        let values = MarketAggregate.Scalar.allCases.map { aggregate[$0].map { "\($0)" } ?? "-" }
        texts.append(
            "\(aggregate.ts) \(values) \(snapshot.quality) \(aggregate.tsAvailable) \(snapshot.trades.count) "
                + "\(snapshot.liquidations.count) \(aggregate.bookAge ?? -1) \(aggregate.fundingAge ?? -1)"
        )
    }
}
