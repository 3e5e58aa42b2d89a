import Exchanges
import Features
import MarketModel
import OrderBooks
import Rows
import Synchronizer
import Testing

@testable import Pipeline

/// What a venue tells by replies, and trades that it lists twice: from frames to counts and rows.
@Suite("Binance in a pipeline")
struct BinanceReplayTests {
    private var pipeline: Pipeline
    private static let depth = "/fapi/v1/depth?symbol=AB&limit=2"

    init() throws {
        let options = SynchronizerOptions(clock: .external, period: 1_000)
        pipeline = try Pipeline(options: options, into: DiscardingSink())
        _ = pipeline.connect(.binance, market: .linear)
    }

    @discardableResult
    private mutating func receive(_ frame: String, at time: Int64, on connection: Int32 = 0) -> FrameOutcome {
        pipeline.receive(Array(frame.utf8).span.bytes, on: connection, receiveTime: time)
    }

    private mutating func reply(_ body: String, path: String = depth, at time: Int64) -> Bool {
        pipeline.reply(Array(body.utf8).span.bytes, path: path, on: 0, receiveTime: time)
    }

    private func delta(_ numbers: (first: Int, last: Int, previous: Int), _ bid: String = "1") -> String {
        #"{"stream":"ab@depth@100ms","data":{"e":"depthUpdate","E":2,"T":1,"s":"AB","U":\#(numbers.first),"#
            + #""u":\#(numbers.last),"pu":\#(numbers.previous),"b":[["9","\#(bid)"]],"a":[]}}"#
    }

    private func seed(_ number: Int) -> String {
        #"{"lastUpdateId":\#(number),"E":2,"T":1,"bids":[["9","7"],["8","1"]],"asks":[["10","1"]]}"#
    }

    private func trade(_ id: Int, of kind: String = "trade", party: String = "MARKET") -> String {
        let number = kind == "trade" ? #""t":\#(id)"# : #""a":\#(id)"#
        return
            #"{"e":"\#(kind)","E":2,"T":1,"s":"AB",\#(number),"p":"9","q":"1","X":"\#(party)","f":1,"l":1,"m":true}"#
    }

    private var book: BookKeeper { pipeline.books.keepers[0] }

    @Test mutating func `a seed taken counts as a snapshot and moves time, one not wanted does neither`() {
        receive(delta((3, 4, 2)), at: 1_500)
        #expect(book.book.state == .awaitingSnapshot)
        // Older than what waits: the deltas do not join it.
        #expect(!reply(seed(1), at: 3_500))
        #expect(pipeline.synchronizer.counters.rows == 0)
        #expect(reply(seed(4), at: 3_500))
        #expect(book.book.state == .synced && book.book.bid(at: 0).size.description == "1")
        #expect((book.book.knownBids, book.book.knownAsks) == (2, 1))
        // The ticks of 2,000 and 3,000 fired before the seed counted.
        #expect(pipeline.synchronizer.counters.rows == 2)
        #expect(!reply(seed(4), at: 9_500))
        #expect(pipeline.synchronizer.counters.rows == 2)
        receive(delta((6, 7, 4), "3"), at: 3_600)
        #expect((pipeline.counts.frames, pipeline.counts.decodedFrames) == (2, 2))
        #expect((pipeline.counts.bookSnapshots, pipeline.counts.bookDeltas) == (1, 2))
        #expect(pipeline.checks.sequences == (1, 0) && pipeline.checks.gaps == 0)
        receive(delta((9, 9, 8)), at: 3_700)
        #expect(book.gapCause == .sequence && pipeline.checks.gaps == 1)
        #expect(reply(seed(9), at: 3_800) && book.book.state == .synced)
    }

    @Test mutating func `a ticker is compared with the book at its number, before or after it is there`() {
        let ticker = { (number: Int, size: String) in
            #"{"e":"bookTicker","u":\#(number),"s":"AB","b":"9","B":"\#(size)","a":"10","A":"1","T":1,"E":2}"#
        }
        receive(ticker(5, "4"), at: 10)
        receive(delta((1, 2, 0)), at: 10)
        _ = reply(seed(2), at: 11)
        receive(ticker(4, "2"), at: 12)
        receive(delta((4, 4, 2), "2"), at: 12)
        receive(delta((5, 5, 4), "4"), at: 13)
        receive(ticker(5, "3"), at: 14)
        #expect(pipeline.checks.tops == (2, 1))
    }

    @Test mutating func `the form of an instrument's first trade feeds rows, the other is ignored`() {
        #expect(receive(trade(1), at: 10) == .decoded)
        #expect(receive(trade(1, of: "aggTrade"), at: 11) == .ignored)
        #expect(receive(trade(2), at: 12) == .decoded)
        // On another connection of the session too.
        _ = pipeline.connect(.binance, market: .linear)
        #expect(receive(trade(2, of: "aggTrade"), at: 13, on: 1) == .ignored)
        _ = pipeline.connect(.binance, market: .linear, session: 1)
        #expect(receive(trade(3, of: "aggTrade"), at: 14, on: 2) == .decoded)
        #expect((pipeline.counts.trades, pipeline.counts.ignored) == (3, 2))
    }

    @Test mutating func `a trade that is none of the market is kept apart`() {
        receive(trade(1), at: 10)
        receive(trade(2, party: "INSURANCE_FUND"), at: 11)
        pipeline.finish()
        #expect((pipeline.counts.trades, pipeline.synchronizer.counters.excludedTrades) == (1, 1))
        #expect(pipeline.synchronizer.counters.placedTrades == 1)
    }

    @Test mutating func `open interest comes by reply, with the latest mark price`() {
        let mark = #"{"e":"markPriceUpdate","E":1,"s":"AB","p":"9.5","r":"0.0001","T":9}"#
        let interest = #"{"openInterest":"12.5","symbol":"AB","time":3}"#
        receive(mark, at: 10)
        #expect(reply(interest, path: "/fapi/v1/openInterest?symbol=AB", at: 11))
        #expect(pipeline.batch.openInterests[0].markPrice?.description == "9.5")
        #expect(!reply(#"{"code":-1121,"msg":"Invalid symbol."}"#, at: 12))
        #expect((pipeline.counts.openInterests, pipeline.counts.fundingRates) == (1, 1))
        #expect(!reply(#"[{"symbol":"CD","fundingIntervalHours":4}]"#, path: "/fapi/v1/fundingInfo", at: 13))
        receive(mark, at: 14)
        #expect(pipeline.batch.fundingRates[0].intervalHours?.description == "8")
    }

    @Test mutating func `amounts of COIN-M need the recorded size of a contract`() throws {
        let rows = AggregateLog()
        let options = SynchronizerOptions(clock: .external, period: 1_000)
        pipeline = try Pipeline(options: options, into: rows)
        _ = pipeline.connect(.binance, market: .inverse, subscribed: .trades)
        receive(trade(1), at: 1_000)
        receive(trade(2), at: 2_500)
        let definition = #"{"symbols":[{"symbol":"AB","contractType":"PERPETUAL","contractSize":100}]}"#
        #expect(!reply(definition, path: "/dapi/v1/exchangeInfo", at: 2_600))
        receive(trade(3), at: 3_500)
        receive(trade(4), at: 4_500)
        let volume = 1.0 / 9 * 100
        #expect(rows.volumes == [nil, volume, volume])
    }

    @Test(arguments: [
        ("/stream?streams=ab@depth20@100ms/cd@depth@100ms", true), ("/ws/ab@depth@100ms", false), ("", false),
    ])
    mutating func `without an envelope the address tells best levels from changes`(
        path: String,
        isSnapshot: Bool
    ) {
        pipeline.described("", address: "wss://fstream.example.invalid\(path)", on: 0)
        let message =
            #"{"e":"depthUpdate","E":2,"T":1,"s":"AB","U":1,"u":2,"pu":0,"b":[["9","1"]],"a":[["10","1"]]}"#
        for _ in 0..<2 {
            receive(message, at: 10)
            #expect(pipeline.batch.books[0].isSnapshot == isSnapshot)
            #expect(pipeline.batch.books[0].depth == (isSnapshot ? 20 : 0))
        }
    }

    @Test mutating func `two streams of like messages leave one without its stream's name unknown`() {
        let request = #"{"method":"SUBSCRIBE","params":["ab@depth20","ab@depth"],"id":1}"#
        pipeline.sent(Array(request.utf8).span.bytes, on: 0, receiveTime: 9)
        receive(#"{"result":null,"id":1}"#, at: 10)
        let frame = #"{"e":"depthUpdate","E":2,"T":1,"s":"AB","U":1,"u":2,"pu":0,"b":[],"a":[]}"#
        #expect(receive(frame, at: 11) == .unknown)
    }
}

/// Keeps the volumes of rows.
private final class AggregateLog: RowSink {
    var volumes: [Double?] = []

    func write(_ row: borrowing Row) { volumes.append(row.aggregate[.tradeVolume]) }
}
