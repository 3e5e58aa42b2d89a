import Exchanges
import Features
import MarketModel
import OrderBooks
import Pipeline
import Rows
import Synchronizer
import Testing

/// Connections of one venue whose frames are described in a line each.
private struct DepthScript {
    var pipeline: Pipeline
    private let isKraken: Bool
    private var time: Int64 = 0

    init(_ venue: String = "bybit", connections: Int = 1) throws {
        pipeline = try Pipeline(options: SynchronizerOptions(clock: .orderbookDriven), into: DiscardingSink())
        isKraken = venue == "kraken"
        let market: Market = isKraken ? .spot : .linear
        for _ in 0..<connections {
            _ = pipeline.connect(ExchangeCatalog.standard.named(venue), market: market)
        }
    }

    @discardableResult
    mutating func receive(_ frame: String, on connection: Int32 = 0) -> FrameOutcome {
        time += 1_000_000
        return pipeline.receive(Array(frame.utf8).span.bytes, on: connection, receiveTime: time)
    }

    mutating func send(_ frame: String, on connection: Int32 = 0) {
        pipeline.sent(Array(frame.utf8).span.bytes, on: connection, receiveTime: time)
    }

    mutating func note(_ status: ConnectionStatus, on connection: Int32 = 0) {
        time += 1_000_000
        pipeline.apply(status, on: connection, receiveTime: time)
    }

    /// A Bybit book message whose best bid is `bid`.
    @discardableResult
    mutating func book(
        _ type: String,
        _ depth: Int,
        _ number: Int,
        bid: Int,
        on connection: Int32 = 0
    ) -> FrameOutcome {
        receive(
            #"{"topic":"orderbook.\#(depth).X","type":"\#(type)","ts":1700000000000,"data":{"s":"X","b":[["\#(bid)","1"]],"a":[["999","1"]],"u":\#(number),"seq":1},"cts":1700000000000}"#,
            on: connection
        )
    }

    /// A Kraken snapshot of so many levels a side.
    @discardableResult
    mutating func krakenSnapshot(levels: Int, bid: Int) -> FrameOutcome {
        let bids = (0..<levels).map { #"{"price":\#(bid - $0).0,"qty":1.0}"# }.joined(separator: ",")
        let asks = (0..<levels).map { #"{"price":\#(bid + 1 + $0).0,"qty":1.0}"# }.joined(separator: ",")
        return receive(
            #"{"channel":"book","type":"snapshot","data":[{"symbol":"X","bids":[\#(bids)],"asks":[\#(asks)],"timestamp":"2024-01-01T00:00:00Z"}]}"#
        )
    }

    /// The state of the only book, its depth and best bid.
    var book: String {
        let keeper = pipeline.books.keepers[0]
        let bid = keeper.book.bidCount > 0 ? keeper.book.bid(at: 0).price.description : "-"
        return "\(keeper.book.state) \(keeper.depth) \(bid)"
    }

    static func change(_ operation: String, _ depth: Int, id: String? = nil) -> String {
        let id = id.map { #""req_id":"\#($0)","# } ?? ""
        return #"{\#(id)"op":"\#(operation)","args":["orderbook.\#(depth).X"]}"#
    }

    static func ack(_ operation: String, id: String? = nil) -> String {
        let id = id.map { #""req_id":"\#($0)","# } ?? ""
        return #"{"success":true,"ret_msg":"","conn_id":"c",\#(id)"op":"\#(operation)"}"#
    }
}

/// Of several live subscriptions of one book the deepest leads; a depth ends with its subscription and connection.
struct DepthTests {
    @Test("a reconnect at another depth begins a book of that depth", arguments: [200, 1000])
    func reconnect(depth: Int) throws {
        var script = try DepthScript()
        script.note(.connected)
        script.book("snapshot", 500, 10, bid: 100)
        script.book("delta", 500, 11, bid: 101)
        script.note(.disconnected)
        script.note(.connected)
        #expect(script.book("snapshot", depth, 10, bid: 200) == .decoded)
        #expect(script.book("delta", depth, 11, bid: 201) == .decoded)
        #expect(script.book == "synced \(depth) 201")
        #expect(script.pipeline.counts.ignored == 0 && script.pipeline.checks.gaps == 1)
        #expect(script.pipeline.checks.sequences == (2, 0))
    }

    @Test("a new attempt ends the one before though no status said so")
    func unsaidEnd() throws {
        var script = try DepthScript()
        script.note(.connected)
        script.book("snapshot", 500, 10, bid: 100)
        script.note(.connected)
        #expect(script.book == "gapped 0 100")
        script.book("snapshot", 50, 3, bid: 200)
        #expect(script.book == "synced 50 200")
        #expect(script.pipeline.checks.gaps == 1)
    }

    @Test("Kraken's depth ends with the connection, with an ack and without", arguments: [true, false])
    func kraken(hasAck: Bool) throws {
        var script = try DepthScript("kraken")
        script.krakenSnapshot(levels: 25, bid: 100)
        #expect(script.book == "synced 25 100.0")
        script.note(.disconnected)
        script.note(.connected)
        if hasAck {
            script.receive(
                #"{"method":"subscribe","result":{"channel":"book","symbol":"X","depth":10},"success":true}"#
            )
        }
        #expect(script.krakenSnapshot(levels: 10, bid: 200) == .decoded)
        #expect(script.book == "synced 10 200.0")
    }

    @Test("Kraken's next snapshot on a connection may be shallower: it carries a book once")
    func krakenAgain() throws {
        var script = try DepthScript("kraken")
        script.krakenSnapshot(levels: 25, bid: 100)
        #expect(script.krakenSnapshot(levels: 9, bid: 200) == .decoded)
        #expect(script.book == "synced 10 200.0")
        #expect(script.pipeline.checks.gaps == 0)
    }

    @Test("an unsubscription of the depth that leads lets the other one begin, at its snapshot")
    func unsubscribeLeader() throws {
        var script = try DepthScript()
        script.book("snapshot", 500, 10, bid: 100)
        script.book("snapshot", 50, 10, bid: 100)
        #expect(script.pipeline.counts.ignored == 1)
        script.send(DepthScript.change("unsubscribe", 500))
        script.receive(DepthScript.ack("unsubscribe"))
        #expect(script.book == "awaitingSnapshot 0 -")
        #expect(script.book("snapshot", 50, 11, bid: 101) == .decoded)
        #expect(script.book("delta", 50, 12, bid: 102) == .decoded)
        #expect(script.book == "synced 50 102")
        #expect(script.pipeline.checks.gaps == 0)
    }

    @Test("an unsubscription of a depth that does not lead leaves the book")
    func unsubscribeOther() throws {
        var script = try DepthScript()
        script.book("snapshot", 500, 10, bid: 100)
        script.send(DepthScript.change("unsubscribe", 50))
        script.receive(DepthScript.ack("unsubscribe"))
        #expect(script.book == "synced 500 100")
    }

    @Test("two connections: the deeper leads while it stands, then the next snapshot of the other")
    func twoConnections() throws {
        var script = try DepthScript(connections: 2)
        script.book("snapshot", 500, 10, bid: 100, on: 0)
        #expect(script.book("snapshot", 50, 10, bid: 150, on: 1) == .ignored)
        #expect(script.book("delta", 50, 11, bid: 151, on: 1) == .ignored)
        #expect(script.pipeline.books.keepers[0].isCarried(by: 1))
        script.note(.disconnected, on: 0)
        #expect(script.book("delta", 50, 12, bid: 152, on: 1) == .decoded)
        #expect(script.book == "gapped 50 100")
        #expect(script.book("snapshot", 50, 1, bid: 160, on: 1) == .decoded)
        #expect(script.book == "synced 50 160")
        script.note(.disconnected, on: 0)
        #expect(script.book == "synced 50 160")
        let counts = script.pipeline.counts
        #expect(counts.bookSnapshots == 2 && counts.bookDeltas == 1 && counts.ignored == 2)
        #expect(script.pipeline.checks.gaps == 1)
    }
}
