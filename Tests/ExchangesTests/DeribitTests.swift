import Exchanges
import MarketModel
import OrderBooks
import Testing

@Suite("Deribit")
struct DeribitTests {
    private func frame(_ channel: String, _ data: String) -> String {
        #"{"jsonrpc":"2.0","method":"subscription","params":{"channel":"\#(channel)","data":\#(data)}}"#
    }

    private func book(_ rest: String, bids: String = "", asks: String = "") -> String {
        let name = #""instrument_name":"BTC-PERPETUAL""#
        return frame(
            "book.BTC-PERPETUAL.100ms",
            #"{"timestamp":1780000000100,\#(name),\#(rest),"bids":[\#(bids)],"asks":[\#(asks)]}"#
        )
    }

    private func trade(_ rest: String) -> String {
        frame(
            "trades.BTC-PERPETUAL.100ms",
            #"[{"trade_seq":1,"trade_id":"7","timestamp":1780000000700,"price":36400.5,\#(rest),"#
                + #""instrument_name":"BTC-PERPETUAL","direction":"sell","amount":1.2e3}]"#
        )
    }

    @Test(
        "the market of each instrument follows from its symbol",
        arguments: [
            ("BTC-PERPETUAL", Market.inverse), ("ETH-27MAR26", .inverse), ("BTC_USDC-PERPETUAL", .linear),
            ("SOL_USDC-27MAR26", .linear), ("BTC-27MAR26-90000-C", .option),
            ("BTC_USDC-27MAR26-90000-P", .option),
            ("XRP_USDC-30JUN26-0d625-C", .option), ("BTC_USDC", .spot), ("ETH_BTC", .spot),
            ("BTC-FS-27MAR26_PERP", .inverse), ("BTC_USDC-FS-27MAR26_PERP", .linear),
            ("BTC-STRD-27MAR26-90000", .option), ("BTC-CSR12-27MAR26-21000_23000", .option), ("", .inverse),
        ]
    )
    func markets(symbol: String, market: Market) { #expect(Deribit().market(ofSymbol: symbol) == market) }

    @Test func `topics are those that an instrument has`() {
        let names = { (symbol: String) in
            Deribit().topics(of: [Subscription(.all, symbol: symbol)], market: .multi)
                .map { "\(Deribit().name(of: $0)) \($0.kinds.rawValue)" }
        }
        let both = FeedKinds([.trades, .liquidations]).rawValue
        let (book, trades, interest) = (FeedKinds.book, FeedKinds.trades, FeedKinds.openInterest)
        let ticker = FeedKinds([.fundingRates, .openInterest]).rawValue
        #expect(
            names("BTC-PERPETUAL") == [
                "book.BTC-PERPETUAL.100ms \(book.rawValue)", "trades.BTC-PERPETUAL.100ms \(both)",
                "ticker.BTC-PERPETUAL.100ms \(ticker)",
            ]
        )
        #expect(names("BTC-27MAR26").last == "ticker.BTC-27MAR26.100ms \(interest.rawValue)")
        #expect(
            names("BTC_USDC") == [
                "book.BTC_USDC.100ms \(book.rawValue)", "trades.BTC_USDC.100ms \(trades.rawValue)",
            ]
        )
    }

    @Test func `a first book is whole whatever it is called, a change follows a number`() {
        let level = #"["new",100.5,1.0]"#
        for rest in [
            #""type":"snapshot","change_id":10"#, #""type":"snapshot","change_id":10,"prev_change_id":9"#,
            #""type":"change","change_id":10,"prev_change_id":0"#, #""type":"change","change_id":10"#,
            #""change_id":10"#, #""type":null,"change_id":10"#,
        ] {
            var session = Session(.deribit, .multi)
            #expect(session.take(book(rest, bids: level)) == .decoded, "\(rest)")
            #expect(session.batch.books.first?.isSnapshot == true && session.batch.books[0].link == .none)
            #expect(session.take(book(#""prev_change_id":10,"change_id":90"#, bids: level)) == .decoded)
            #expect(session.batch.books.first?.link == BookLink(first: 90, previous: 10))
            #expect(session.counts.sequencesVerified == 1 && session.keepers[0].book.state == .synced)
            #expect(session.take(book(#""prev_change_id":89,"change_id":95"#, bids: level)) == .decoded)
            #expect(session.keepers[0].gapCause == .sequence)
            #expect(session.take(book(#""type":"snapshot","change_id":99"#, bids: level)) == .decoded)
            #expect(session.keepers[0].book.state == .synced)
        }
    }

    @Test(
        "what cannot be read of a book makes it wrong",
        arguments: [
            (#""type":"other","change_id":11"#, ""), (#""prev_change_id":10"#, ""),
            (#""change_id":11,"prev_change_id":-1"#, ""), (#""change_id":-11"#, ""),
            (#""change_id":11,"prev_change_id":"x""#, ""),
            (#""change_id":11,"prev_change_id":10"#, #"["delete",1.0]"#),
            (#""change_id":11,"prev_change_id":10"#, #"["moved",1.0,2.0]"#),
            (#""change_id":11,"prev_change_id":10"#, #"["new",0,2.0]"#),
            (#""change_id":11,"prev_change_id":10"#, #"["new",-1.0,2.0]"#),
            (#""change_id":11,"prev_change_id":10"#, #"["new",1.0,-2.0]"#),
            (#""change_id":11,"prev_change_id":10"#, #"["new",1.0,2.0,3.0]"#),
        ]
    )
    func faults(rest: String, level: String) {
        for readsInOrder in [true, false] {
            var session = Session(.deribit, .multi, readsInOrder: readsInOrder)
            _ = session.take(book(#""type":"snapshot","change_id":10"#))
            #expect(session.take(book(rest, bids: level)) == .error)
            #expect(session.batch.errorCount == 1 && session.batch.books.isEmpty)
            #expect(session.batch.statuses.first?.change == .bookFault)
            #expect(session.batch.frameTime == 1_780_000_000_100 * UnixTime.millisecond)
        }
    }

    @Test func `amounts with exponents are exact, and what is deleted is empty whatever its amount`() {
        var session = Session(.deribit, .multi)
        let bids = #"["new",3.65005e4,1.0002e6],["new",2.5e-4,2.2e3],["new",1E0,5e-3],["delete",7.5,3.0]"#
        for _ in 0..<2 {
            #expect(session.take(book(#""type":"snapshot","change_id":10"#, bids: bids)) == .decoded)
            let levels = session.batch.books[0].bids.map { session.batch.levels[$0] }
            let texts = levels.map { "\($0.price) \($0.size)" }
            #expect(texts == ["36500.5 1000200", "0.00025 2200", "1 0.005", "7.5 0"])
        }
        #expect(session.keepers[0].book.bidCount == 3)
    }

    @Test func `a whole book and a window of it begin, end and break apart`() {
        var session = Session(.deribit, .multi)
        let window = "book.BTC-PERPETUAL.none.20.100ms"
        let names = #""book.BTC-PERPETUAL.100ms","\#(window)","trades.BTC-PERPETUAL.100ms""#
        #expect(session.take(#"{"jsonrpc":"2.0","id":1,"result":[\#(names)]}"#) == .ignored)
        #expect(session.batch.statuses.map(\.depth) == [0, 20, nil])
        #expect(session.take(book(#""change_id":"x""#)) == .error)
        #expect(session.batch.statuses.map(\.depth) == [0])
        #expect(session.take(frame(window, #"{"instrument_name":"BTC-PERPETUAL"}"#)) == .error)
        #expect(session.batch.statuses.map(\.depth) == [20])
    }

    @Test func `windows are books of a depth, prices grouped by a step are none`() {
        var session = Session(.deribit, .multi)
        let data =
            #"{"timestamp":1780000000600,"change_id":9,"instrument_name":"BTC-PERPETUAL","#
            + #""bids":[[100.5,2.0]],"asks":[[101.5,3]]}"#
        // Whole each time, even if it named the one before.
        let linked = #"{"type":"change","prev_change_id":9,"# + data.dropFirst()
        for _ in 0..<2 {
            #expect(session.take(frame("book.BTC-PERPETUAL.none.20.100ms", data)) == .decoded)
            #expect(session.batch.books.first?.depth == 20 && session.batch.books[0].isSnapshot)
            #expect(session.take(frame("book.BTC-PERPETUAL.none.20.100ms", linked)) == .decoded)
            #expect(session.batch.books.first?.isSnapshot == true)
        }
        for channel in [
            "book.BTC-PERPETUAL.5.20.100ms", "book.BTC-PERPETUAL.none.x.100ms", "book.BTC-PERPETUAL.none.",
            "book.BTC-PERPETUAL.none.0.100ms",
        ] {
            #expect(session.take(frame(channel, data)) == .ignored, "\(channel)")
        }
        for channel in ["", ".", "books.X.100ms", "user.trades.any.any.raw"] {
            #expect(session.take(frame(channel, data)) == .unknown, "\(channel)")
        }
    }

    @Test(
        "a trade that liquidates is a trade and a forced order each",
        arguments: [
            ("T", ["sell"]), ("M", ["buy"]), ("MT", ["sell", "buy"]),
        ]
    )
    func liquidations(word: String, sides: [String]) {
        for readsInOrder in [true, false] {
            var session = Session(.deribit, .multi, readsInOrder: readsInOrder)
            #expect(session.take(trade(#""liquidation":"\#(word)""#)) == .decoded)
            #expect(session.batch.trades.count == 1 && session.batch.trades[0].side == .sell)
            #expect(session.batch.liquidations.map { "\($0.side)" } == sides)
            #expect(session.batch.liquidations.allSatisfy { $0.size.description == "1200" })
        }
    }

    @Test func `a block trade is none of the market, a leg of a combo is`() {
        var session = Session(.deribit, .multi)
        for (rest, isExcluded) in [
            (#""block_trade_id":"BLOCK-282155""#, true), (#""block_trade_id":null"#, false),
            (#""combo_id":"BTC-CS-27MAR26-90000_95000","combo_trade_id":"5""#, false),
        ] {
            #expect(session.take(trade(rest)) == .decoded)
            #expect(session.batch.trades.first?.isExcluded == isExcluded, "\(rest)")
        }
        for rest in [#""liquidation":"X""#, #""block_trade_id":{}"#, #""amount":0,"x":1"#] {
            #expect(session.take(trade(rest).replacing(#","amount":1.2e3"#, with: "")) == .error)
            #expect(session.batch.errorCount == 1 && session.batch.order.isEmpty)
        }
    }

    @Test func `an answer begins channels or, where that was asked, ends them`() {
        var session = Session(.deribit, .multi)
        let names = #"["book.BTC-PERPETUAL.100ms","ticker.BTC-27MAR26.100ms","quote.X","nonsense",7]"#
        let answer = { (id: String) in #"{"jsonrpc":"2.0",\#(id)"result":\#(names),"usOut":1780000000001250}"#
        }
        let request = { (verb: String, id: String) in
            Array(#"{\#(id)"method":"public/\#(verb)","params":{"channels":\#(names)}}"#.utf8)
        }
        let changes = { (session: Session) in
            session.batch.statuses.map {
                "\($0.change) \(session.symbol($0.instrument ?? .init(0))) \($0.kinds.rawValue)"
            }
        }
        let kinds = [FeedKinds.book.rawValue, FeedKinds.openInterest.rawValue]
        let live = ["live BTC-PERPETUAL \(kinds[0])", "live BTC-27MAR26 \(kinds[1])"]
        let ended = ["unsubscribed BTC-PERPETUAL \(kinds[0])", "unsubscribed BTC-27MAR26 \(kinds[1])"]
        // Without its request an answer begins.
        #expect(session.take(answer(#""id":1,"#)) == .ignored && changes(session) == live)
        // Channels without feeds name no instruments.
        #expect(session.batch.instruments.count == 2)
        #expect(session.batch.frameTime == 1_780_000_000_001_250_000)
        session.decoder.sent(request("unsubscribe", #""id":5,"#).span.bytes, receiveTime: 1)
        session.decoder.sent(request("subscribe", #""id":6,"#).span.bytes, receiveTime: 1)
        #expect(session.take(answer(#""id":6,"#)) == .ignored && changes(session) == live)
        #expect(session.take(answer(#""id":5,"#)) == .ignored && changes(session) == ended)
        #expect(session.take(answer(#""id":5,"#)) == .ignored && changes(session) == live)
        session.decoder.sent(request("unsubscribe", "").span.bytes, receiveTime: 1)
        #expect(session.take(answer("")) == .ignored && changes(session) == ended)
        // What a connection asked for is its own.
        session.decoder.sent(request("unsubscribe", #""id":7,"#).span.bytes, receiveTime: 1)
        session.decoder.connectionReset()
        #expect(session.take(answer(#""id":7,"#)) == .ignored && changes(session) == live)
    }

    @Test func `definitions: steps of sizes, kinds, errors`() throws {
        let entry = { (name: String, kind: String, period: String, least: String, size: String) in
            #"{"instrument_name":"\#(name)","kind":"\#(kind)","settlement_period":"\#(period)","tick_size":5e-4,"#
                + #""min_trade_amount":\#(least),"contract_size":\#(size),"is_active":true,"base_currency":"BTC","#
                + #""quote_currency":"USD","instrument_type":"reversed"}"#
        }
        let list = [
            entry("BTC-PERPETUAL", "future", "perpetual", "10.0", "10.0"),
            entry("BTC-27MAR26", "future", "month", "10", "10"),
            entry("BTC-27MAR26-90000-C", "option", "month", "0.1", "1.0"),
            entry("BTC_USDC", "spot", "", "0.001", "0.0001"),
            "{}",
        ]
        let text = #"{"jsonrpc":"2.0","result":[\#(list.joined(separator: ","))],"usIn":1}"#
        let page = try Deribit().definitions.read(Array(text.utf8).span.bytes)
        let found = page.list.definitions.map {
            "\($0.symbol) \($0.contract?.rawValue ?? "-") \($0.sizeStep.map { "\($0)" } ?? "") \($0.tickSize.map { "\($0)" } ?? "")"
        }
        #expect(
            found == [
                "BTC-PERPETUAL perpetual 10.0 0.0005", "BTC-27MAR26 future 10 0.0005",
                "BTC-27MAR26-90000-C - 0.1 0.0005", "BTC_USDC spot 0.0001 0.0005",
            ]
        )
        #expect(page.list.lost == 1 && page.list.definitions.allSatisfy { $0.contractSize == nil })
        let error = Array(#"{"jsonrpc":"2.0","error":{"code":-32602,"message":"Invalid params"}}"#.utf8)
        #expect(throws: DefinitionFault.refused("Invalid params (code -32602)")) {
            try Deribit().definitions.read(error.span.bytes)
        }
        #expect(
            Deribit().definitions.lists("BTC-PERPETUAL")
                && !Deribit().definitions.lists("BTC-FS-27MAR26_PERP")
        )
    }

    @Test func `a server leaves out what it does not have, and takes heartbeats`() throws {
        let server = Deribit().server(of: .multi)
        let offer = ServedOffer(symbols: ["BTC-PERPETUAL"])
        let ask = { (method: String, parameters: String) throws -> ServedAnswer in
            let text = #"{"jsonrpc":"2.0","id":7,"method":"\#(method)","params":\#(parameters)}"#
            return server.answer(try #require(ClientRequest(text)), offer, at: 1_780_000_000_000_000_000)
        }
        let names =
            #"["trades.BTC-PERPETUAL.raw","book.X.100ms","book.BTC-PERPETUAL.1s","chart.trades.BTC-PERPETUAL.1"]"#
        let granted = try ask("public/subscribe", #"{"channels":\#(names)}"#)
        #expect(granted.topics == [ServedTopic("trades.BTC-PERPETUAL")] && granted.operation == .subscribe)
        let start = #"{"jsonrpc":"2.0","id":7,"#
        #expect(
            granted.frames[0].hasPrefix(
                start + #""result":["trades.BTC-PERPETUAL.raw"],"usIn":1780000000000000,"#
            )
        )
        let beats = try ask("public/set_heartbeat", #"{"interval":10}"#)
        #expect(beats.frames[0].hasPrefix(start + #""result":"ok""#))
        #expect(beats.heartbeats?.interval == 10 * UnixTime.second && !beats.answersHeartbeat)
        // What it then asks for is what the recorder answers.
        let question = Array((beats.heartbeats?.text ?? "").utf8)
        let found = Deribit().answer(toFrame: question.span.bytes)
        let text = try #require(found)
        let sign = server.answer(try #require(ClientRequest(text)), offer, at: 1)
        #expect(
            sign.answersHeartbeat && sign.frames[0].hasPrefix(#"{"jsonrpc":"2.0","id":0,"result":{"version""#)
        )
        #expect(try ask("public/disable_heartbeat", "{}").heartbeats?.interval == 0)
        #expect(try ask("public/set_heartbeat", #"{"interval":9223372036854775807}"#).frames.count == 1)
        let reply = Deribit().subscriptionReply(
            in: Array(try ask("public/nope", "{}").frames[0].utf8).span.bytes
        )
        #expect(reply?.isAccepted == false && reply?.id == "7")
    }
}
