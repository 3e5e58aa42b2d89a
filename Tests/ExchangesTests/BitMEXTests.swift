import MarketModel
import OrderBooks
import Testing

@testable import Exchanges

/// What becomes of single frames of BitMEX, in the shapes of its documentation.
@Suite("BitMEX")
struct BitMEXTests {
    private func frame(_ table: String, _ action: String, _ rows: String..., filter: String = "") -> String {
        let filter = filter.isEmpty ? "" : #""filter":{"symbol":"\#(filter)"},"#
        return #"{"table":"\#(table)","action":"\#(action)",\#(filter)"#
            + #""data":[\#(rows.joined(separator: ","))]}"#
    }

    private func row(_ id: Int, _ side: String, _ rest: String = "", of symbol: String = "XBTUSD") -> String {
        #"{"symbol":"\#(symbol)","id":\#(id),"side":"\#(side)"\#(rest)}"#
    }

    private var partial: String {
        frame(
            "orderBookL2",
            "partial",
            row(5, "Sell", #","size":50,"price":103"#),
            row(4, "Sell", #","size":40,"price":102.5"#),
            row(3, "Buy", #","size":30,"price":102"#)
        )
    }

    private func lines(_ session: Session, _ outcome: FrameOutcome) -> [String] {
        eventText(session.batch, outcome, session.decoder).split(separator: "\n").dropFirst().dropLast()
            .map(String.init)
    }

    /// A session that has the partial, and the instruments of others.
    private func session(readsInOrder: Bool = true) -> Session {
        var session = Session(.bitmex, .multi, readsInOrder: readsInOrder)
        #expect(session.take(partial) == .decoded)
        return session
    }

    @Test(
        "each frame has the outcome of its kind",
        arguments: [
            ("pong", FrameOutcome.ignored, 0), ("ping", .ignored, 0), ("pang", .error, 1),
            (#"{"info":"Welcome"}"#, .ignored, 0),
            (#"{"status":400,"error":"Unknown table: x","meta":{},"request":{}}"#, .ignored, 0),
            (#"{"success":true,"subscribe":"chat","request":{}}"#, .ignored, 0),
            (#"{"table":"chat","action":"insert","data":[]}"#, .ignored, 0),
            (#"{"table":"somethingNew","action":"insert","data":[]}"#, .unknown, 0),
            (#"{"table":7}"#, .unknown, 0), (#"{"table":"trade","action":"insert","data":{}}"#, .error, 1),
            (#"{"table":"trade","action":"replace","data":[]}"#, .error, 1),
        ]
    )
    func outcomes(frame: String, outcome: FrameOutcome, errors: Int) {
        var session = Session(.bitmex, .multi)
        #expect(session.take(frame) == outcome && session.errors == errors && session.batch.order.isEmpty)
    }

    // MARK: - Books

    @Test("rows have the price that the partial or their insertion gave", arguments: [true, false])
    func prices(readsInOrder: Bool) {
        var session = session(readsInOrder: readsInOrder)
        let changes = [
            frame("orderBookL2", "insert", row(7, "Buy", #","size":70,"price":101.5"#)),
            frame("orderBookL2", "update", row(7, "Buy", #","size":7"#), row(4, "Sell", #","size":4"#)),
            frame("orderBookL2", "delete", row(3, "Buy"), row(5, "Sell")),
            // The same id on the other side is another row.
            frame("orderBookL2", "insert", row(3, "Sell", #","size":9,"price":102"#)),
        ]
        for change in changes { #expect(session.take(change) == .decoded) }
        let book = session.keepers[0].book
        #expect(
            book.bestBids(9) == [["101.5", "7"]] && book.bestAsks(9) == [["102", "9"], ["102.5", "4"]]
        )
    }

    @Test(
        "a row that does not fit makes its book wrong, until the next partial, and nothing of the message counts",
        arguments: [
            ("update", #","size":1"#, 9), ("delete", "", 9), ("insert", #","size":1,"price":101"#, 3),
            ("update", #","size":1,"price":101"#, 3), ("delete", #","price":101"#, 3),
            ("insert", #","size":1"#, 8),
            ("update", "", 3), ("update", #","size":-1"#, 3), ("update", #","size":1,"timestamp":"soon""#, 3),
        ],
        [true, false]
    )
    func faults(change: (action: String, rest: String, id: Int), readsInOrder: Bool) {
        var session = session(readsInOrder: readsInOrder)
        let good = row(4, "Sell", change.action == "delete" ? "" : #","size":1,"price":102.5"#)
        let rows = change.action == "insert" ? [] : [good]
        let bad = row(change.id, "Buy", change.rest)
        let text = frame("orderBookL2", change.action, (rows + [bad]).joined(separator: ","))
        #expect(session.take(text) == .error && session.errors == 1)
        let fault = "status bookFault 1 bitmex/inverse/XBTUSD depth 0 none"
        #expect(lines(session, .error) == [fault] && session.batch.levels.isEmpty)
        // What follows says nothing of a book.
        #expect(session.take(frame("orderBookL2", "update", row(4, "Sell", #","size":1"#))) == .decoded)
        #expect(lines(session, .decoded) == ["status live 1 bitmex/inverse/XBTUSD depth 0 none"])
        #expect(session.take(partial) == .decoded && session.batch.books.count == 1)
        #expect(session.take(frame("orderBookL2", "delete", row(4, "Sell"))) == .decoded)
        #expect(session.batch.books.count == 1 && session.errors == 1)
    }

    @Test("several symbols are several books, of which one may be wrong", arguments: [true, false])
    func severalSymbols(readsInOrder: Bool) {
        var session = session(readsInOrder: readsInOrder)
        let other = row(3, "Buy", #","size":8,"price":9.5"#, of: "ETHUSD")
        #expect(session.take(frame("orderBookL2", "partial", other, filter: "ETHUSD")) == .decoded)
        let change = frame(
            "orderBookL2",
            "delete",
            row(4, "Sell"),
            row(3, "Buy", of: "ETHUSD"),
            row(5, "Buy", of: "ETHUSD")
        )
        #expect(session.take(change) == .decoded && session.errors == 1)
        #expect(session.batch.books.map { session.symbol($0.instrument) } == ["XBTUSD"])
        #expect(session.batch.statuses.map(\.change) == [.bookFault])
        #expect(session.take(frame("orderBookL2", "delete", row(5, "Sell"))) == .decoded)
        #expect(session.batch.books.count == 1 && session.errors == 1)
    }

    @Test("a row whose symbol cannot be read makes all books of its table wrong")
    func unreadableSymbol() {
        var session = session()
        #expect(session.take(frame("orderBookL2", "update", #"{"id":3,"side":"Buy","size":1}"#)) == .error)
        #expect(lines(session, .error) == ["status bookFault 1 all depth 0 none"])
        #expect(session.take(frame("orderBookL2", "delete", row(3, "Buy"))) == .decoded)
        #expect(session.batch.books.isEmpty && session.errors == 1)
    }

    @Test("rows of an unsubscribed or reset connection wait for their partial")
    func ends() {
        for isReset in [true, false] {
            var session = session()
            if isReset {
                session.decoder.connectionReset()
            } else {
                let ack = #"{"success":true,"unsubscribe":"orderBookL2:XBTUSD","request":{}}"#
                #expect(session.take(ack) == .ignored)
                #expect(
                    lines(session, .ignored) == ["status unsubscribed 1 bitmex/inverse/XBTUSD depth 0 none"]
                )
            }
            #expect(session.take(frame("orderBookL2", "delete", row(3, "Buy"))) == .decoded)
            #expect(session.batch.books.isEmpty && session.errors == 0)
        }
    }

    @Test("tables of other depths are books of their own; ten levels come whole")
    func depths() {
        var session = session()
        let shallow = frame("orderBookL2_25", "partial", row(3, "Buy", #","size":3,"price":102"#))
        #expect(session.take(shallow) == .decoded && session.batch.books.map(\.depth) == [25])
        #expect(session.take(frame("orderBookL2_25", "delete", row(4, "Sell"))) == .error)
        #expect(lines(session, .error) == ["status bookFault 1 bitmex/inverse/XBTUSD depth 25 none"])
        #expect(session.take(frame("orderBookL2", "delete", row(4, "Sell"))) == .decoded)
        let window =
            #"{"symbol":"XBTUSD","bids":[[102,3],[101,4]],"asks":[[103,5]],"timestamp":"2026-03-02T12:00:00Z"}"#
        #expect(session.take(frame("orderBook10", "update", window)) == .decoded)
        let book = session.batch.books[0]
        #expect(book.isSnapshot && book.depth == 10 && (book.bidCount, book.askCount) == (2, 1))
        let broken = #"{"symbol":"XBTUSD","bids":[[102]],"asks":[]}"#
        #expect(session.take(frame("orderBook10", "update", broken)) == .error)
        #expect(lines(session, .error) == ["status bookFault 1 bitmex/inverse/XBTUSD depth 10 none"])
    }

    @Test("of quotes the last is compared with the book, unless it is of one pool")
    func quotes() {
        var session = session()
        func quote(_ bid: Int, _ pool: String = "") -> String {
            #"{"timestamp":"2026-03-02T12:00:00.000Z","symbol":"XBTUSD","bidSize":30,"bidPrice":\#(bid),"#
                + #""askPrice":102.5,"askSize":40\#(pool)}"#
        }
        #expect(session.take(frame("quote", "insert", quote(101), quote(102))) == .decoded)
        #expect(session.batch.tops.count == 1 && session.counts.topsVerified == 1)
        #expect(session.take(frame("quote", "insert", quote(101, #","pool":"Primary""#))) == .decoded)
        #expect(session.batch.tops.isEmpty)
        #expect(session.take(frame("quote", "insert", quote(102, #","pool":"Aggregated""#))) == .decoded)
        #expect((session.counts.topsVerified, session.counts.topsFailed) == (2, 0))
    }

    // MARK: - Trades, funding, instruments

    @Test("trades that are none of the market are told apart, and an identifier of zeros is none")
    func trades() {
        var session = Session(.bitmex, .multi)
        func trade(_ rest: String, _ id: String = "1") -> String {
            #"{"timestamp":"2026-03-02T12:00:00.000Z","symbol":"XBTUSD"\#(rest),"price":102,"#
                + #""trdMatchID":"00000000-0000-0000-0000-00000000000\#(id)"}"#
        }
        let rows = [
            trade(#","side":"Buy","size":5"#), trade(#","side":"Sell","size":5,"trdType":"Regular""#, "0"),
            trade(#","size":5"#), trade(#","side":"","size":5,"trdType":"Settlement""#),
            trade(#","side":"Buy","size":0,"trdType":"Referential""#), trade(#","side":"Buy","size":0"#),
            trade(#","side":"Hold","size":5"#),
        ]
        #expect(session.take(frame("trade", "insert", rows.joined(separator: ","))) == .decoded)
        #expect(session.errors == 2)
        #expect(session.batch.trades.map(\.isExcluded) == [false, false, true, true, true])
        #expect(session.batch.trades.map(\.id.isEmpty) == [false, true, false, false, false])
        #expect(session.batch.trades.allSatisfy { !$0.isSnapshot })
        #expect(session.take(frame("trade", "partial", rows[0])) == .decoded)
        #expect(session.batch.trades.allSatisfy { $0.isSnapshot })
    }

    @Test("rows of instruments merge; settled rates count where none is in force")
    func instruments() {
        var session = Session(.bitmex, .multi)
        func line(_ table: String, _ action: String, _ rest: String) -> String {
            _ = session.take(frame(table, action, #"{"symbol":"XBTUSD"\#(rest)}"#), at: 9)
            return lines(session, .decoded).joined(separator: " · ")
        }
        let settled =
            #","timestamp":"1970-01-01T00:00:00.000000001Z","fundingInterval":"2000-01-01T04:30:00Z","#
            + #""fundingRate":0.2"#
        #expect(line("funding", "insert", settled) == "funding bitmex/inverse/XBTUSD 0.2 none 4.50 1")
        let whole =
            #","fundingRate":0.1,"fundingTimestamp":"1970-01-01T00:00:00.000000007Z","openInterest":4,"#
            + #""markPrice":3"#
        #expect(
            line("instrument", "partial", whole)
                == "funding bitmex/inverse/XBTUSD 0.1 7 none 9 · interest bitmex/inverse/XBTUSD 4 none 3 9"
        )
        #expect(line("funding", "insert", settled) == "status live 8 bitmex/inverse/XBTUSD depth none 1")
        let interest = line("instrument", "update", #","openInterest":5,"markPrice":0"#)
        #expect(interest.hasPrefix("interest bitmex/inverse/XBTUSD 5 none none 9 · status live 8 "))
        #expect(line("instrument", "update", #","markPrice":2"#).hasPrefix("status live 24"))
        let malformed = line("instrument", "update", #","openInterest":"x","fundingRate":0.3"#)
        #expect(malformed.hasPrefix("status live 24") && session.errors == 1)
        let doubled = #","openInterest":"x","openInterest":7,"markPrice":[],"markPrice":1"#
        let twice = line("instrument", "update", doubled)
        #expect(twice.hasPrefix("interest bitmex/inverse/XBTUSD 7 none 1 9") && session.errors == 1)
        let undated = line("instrument", "update", #","fundingTimestamp":null"#)
        #expect(undated.hasPrefix("funding bitmex/inverse/XBTUSD 0.1 none"))
        // A partial forgets what it does not say.
        let fresh = line("instrument", "partial", #","openInterest":6"#)
        #expect(fresh.hasPrefix("interest bitmex/inverse/XBTUSD 6 none none"))
    }

    // MARK: - Session and definitions

    @Test("refusals name their topic where there is one")
    func refusals() {
        func reply(_ args: String) -> SubscriptionReply? {
            let text =
                #"{"status":400,"error":"Unknown or expired symbol.","meta":{},"#
                + #""request":{"op":"subscribe","args":\#(args)}}"#
            return BitMEX().subscriptionReply(in: Array(text.utf8).span.bytes)
        }
        #expect(
            reply(#"["trade:X"]"#)?.names.map(\.text) == ["trade:X"] && reply(#""trade:X""#)?.names.count == 1
        )
        #expect(reply(#"["trade:X","trade:Y"]"#)?.names == [] && reply("[]")?.isAccepted == false)
    }

    @Test("topics are read from requests, metadata and addresses; one of all symbols names none")
    func topics() throws {
        let exchange = BitMEX()
        let address = "wss://ws.bitmex.com/realtime?subscribe=trade:XBTUSD,orderBookL2:ETHUSD"
        #expect(exchange.topics(inAddress: address) == "trade:XBTUSD orderBookL2:ETHUSD")
        #expect(exchange.symbols(inMetadata: exchange.topics(inAddress: address)) == ["XBTUSD", "ETHUSD"])
        for (args, symbols) in [(#"["trade:XBTUSD"]"#, ["XBTUSD"]), (#"["trade:XBTUSD","trade"]"#, [])] {
            let request = try #require(ClientRequest(#"{"op":"subscribe","args":\#(args)}"#))
            #expect(exchange.symbols(subscribedBy: request) == symbols)
        }
    }

    @Test("contracts are worth what their multipliers say, and quanto ones nothing fixed")
    func definitions() throws {
        let reply = #"""
            [{"symbol":"XBTUSD","typ":"FFWCSX","state":"Open","expiry":null,"underlying":"XBT",
            "quoteCurrency":"USD","lotSize":100,"tickSize":0.5,"multiplier":-100000000,
            "underlyingToSettleMultiplier":-100000000,"isQuanto":false,"isInverse":true},
            {"symbol":"XBTUSDT","typ":"FFWCSX","tickSize":0.5,"lotSize":1000,"multiplier":1,
            "underlyingToPositionMultiplier":1000000,"quoteToSettleMultiplier":1000000,"isInverse":false},
            {"symbol":"EOSM21","typ":"FFCCSX","expiry":"2021-06-25T12:00:00.000Z","tickSize":1e-7,"lotSize":1,
            "multiplier":100000000,"quoteToSettleMultiplier":100000000,"isQuanto":false,"isInverse":false},
            {"symbol":"ETHUSD","typ":"FFWCSX","tickSize":0.05,"lotSize":1,"multiplier":100,
            "underlyingToSettleMultiplier":null,"isQuanto":true,"isInverse":false},
            {"symbol":"XBT_USDT","typ":"IFXXXP","tickSize":0.5,"lotSize":1000,
            "underlyingToPositionMultiplier":100000000},
            {"symbol":"ODDUSD","typ":"FFWCSX","tickSize":0.5,"lotSize":1,"multiplier":7,"quoteToSettleMultiplier":3}]
            """#
        let list = try BitMEX().definitions.read(Array(reply.utf8).span.bytes).list.definitions
        #expect(list.map(\.contract) == [.perpetual, .perpetual, .future, .quanto, .spot, .perpetual])
        let sizes = list.map { $0.contractSize?.description }
        #expect(sizes == ["1", "0.000001", "1", nil, "0.00000001", nil])
        #expect(list[0].sizeStep?.description == "100" && list[0].status == "Open" && list[0].base == "XBT")
        let markets = list.map { BitMEX().market(ofSymbol: $0.symbol) }
        #expect(markets == [.inverse, .linear, .linear, .linear, .spot, .linear])
        let refusal = #"{"error":{"message":"Rate limit exceeded","name":"RateLimitError"}}"#
        #expect(throws: DefinitionFault.refused("Rate limit exceeded")) {
            try BitMEX().definitions.read(Array(refusal.utf8).span.bytes)
        }
    }

    @Test("tables that are served follow their rows, and go on with the venue's keys")
    func served() throws {
        var tables = BitMEXServedTables()
        func follow(_ text: String) { tables.follow(Array(text.utf8).span.bytes) }
        #expect(tables.snapshot(of: "orderBookL2:XBTUSD") == nil)
        follow(frame("orderBookL2", "partial", row(3, "Buy", #","size":30,"price":102"#), filter: "XBTUSD"))
        follow(frame("orderBookL2", "insert", row(4, "Sell", #","size":40,"price":102.5"#)))
        let changed = row(4, "Sell", #","size":4,"timestamp":"2026-03-02T12:00:00.000Z""#)
        follow(frame("orderBookL2", "update", changed))
        follow(frame("orderBookL2", "delete", row(3, "Buy")))
        let snapshot = try #require(tables.snapshot(of: "orderBookL2:XBTUSD"))
        var session = Session(.bitmex, .multi)
        #expect(session.take(snapshot) == .decoded && session.batch.books.first?.isSnapshot == true)
        #expect(session.keepers[0].book.bestAsks(9) == [["102.5", "4"]])
        #expect(session.keepers[0].book.bidCount == 0)
        #expect(session.take(frame("orderBookL2", "delete", row(4, "Sell"))) == .decoded)
        #expect(session.keepers[0].book.askCount == 0)
        // What is at odds with its rows has no snapshot until the source's next.
        tables.loseBooks(of: "XBTUSD")
        follow(frame("orderBookL2", "update", changed))
        #expect(tables.snapshot(of: "orderBookL2:XBTUSD") == nil)
    }
}
