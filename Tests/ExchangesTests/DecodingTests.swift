import Exchanges
import MarketModel
import OrderBooks
import Testing

/// What becomes of single frames: kinds, errors, acks, and who is concerned.
@Suite("Decoding")
struct DecodingTests {
    private static func text(_ session: Session, _ outcome: FrameOutcome) -> [String] {
        eventText(session.batch, outcome, session.decoder).split(separator: "\n").dropFirst().dropLast()
            .map(String.init)
    }

    /// The events of one frame after others.
    private func events(_ exchange: any Exchange, _ market: Market, _ frames: String...) -> [String] {
        var session = Session(exchange, market)
        var outcome = FrameOutcome.unknown
        for frame in frames { outcome = session.take(frame) }
        return DecodingTests.text(session, outcome)
    }

    // MARK: - Outcomes

    @Test(
        "each frame has the outcome of its kind",
        arguments: [
            ("bybit", Market.linear, #"{"topic":"kline.1.X","data":[]}"#, FrameOutcome.ignored, 0),
            ("bybit", .linear, #"{"topic":"somethingNew.X","data":[]}"#, .unknown, 0),
            ("bybit", .linear, #"{"topic":7}"#, .unknown, 0),
            ("bybit", .linear, #"{"op":"pong"}"#, .ignored, 0),
            ("bybit", .linear, #"{"success":true,"ret_msg":"pong","op":"ping"}"#, .ignored, 0),
            ("bybit", .linear, #"{"op":"order"}"#, .unknown, 0),
            ("bybit", .spot, #"{"topic":"tickers.X","ts":1,"type":"snapshot","data":{}}"#, .ignored, 0),
            ("bybit", .linear, "", .error, 1),
            ("bybit", .linear, "{", .error, 1),
            ("bybit", .linear, "[]", .unknown, 0),
            ("bybit", .linear, "{}x", .error, 1),
            ("bybit", .linear, #"{"topic":"publicTrade.X","data":{}}"#, .error, 1),
            ("coinbase", .spot, #"{"channel":"heartbeats","events":[]}"#, .ignored, 0),
            ("coinbase", .spot, #"{"channel":"candles","events":[]}"#, .ignored, 0),
            ("coinbase", .spot, #"{"channel":"new","events":[]}"#, .unknown, 0),
            ("coinbase", .spot, #"{"type":"error","message":"no"}"#, .ignored, 0),
            ("coinbase", .spot, #"{"channel":"market_trades","events":5}"#, .error, 1),
            ("kraken", .spot, #"{"channel":"heartbeat"}"#, .ignored, 0),
            ("kraken", .spot, #"{"channel":"level3","data":[]}"#, .unknown, 0),
            ("kraken", .spot, #"{"method":"pong","time_in":"x"}"#, .ignored, 0),
            ("kraken", .spot, #"{"method":"add_order"}"#, .unknown, 0),
            ("kraken", .spot, #"{"method":"subscribe","success":false,"error":"no"}"#, .ignored, 0),
            ("kraken", .spot, "\u{feff}{}", .error, 1),
        ]
    )
    func outcomes(name: String, market: Market, frame: String, outcome: FrameOutcome, errors: Int) throws {
        var session = Session(try #require(ExchangeCatalog.standard.named(name)), market)
        #expect(session.take(frame) == outcome)
        #expect(session.errors == errors)
        #expect(session.batch.order.isEmpty)
    }

    @Test("nesting beyond the limit and broken UTF-8 make a frame unreadable, unknown keys do not")
    func unreadable() {
        var session = Session(.bybit, .linear)
        let deep = String(repeating: "[", count: 1022) + String(repeating: "]", count: 1022)
        #expect(session.take(#"{"op":"pong","x":{"y":\#(deep)}}"#) == .ignored)
        #expect(session.take(#"{"op":"pong","x":{"y":[\#(deep)]}}"#) == .error)
        #expect(
            session.take(Array(#"{"op":"pong","x":""#.utf8) + [0xc0, 0x80] + Array(#""}"#.utf8)) == .error
        )
        #expect(session.take(#"{"o\u0070":"p\u006fng","x":[{"é":"\ud83d\ude00"}],"y":-1.5e+7}"#) == .ignored)
    }

    // MARK: - Malformed parts

    @Test("a malformed trade loses that trade only")
    func malformedTrade() {
        let good = #"{"T":1700000000001,"s":"X","S":"Buy","v":"1","p":"2","i":"a"}"#
        for bad in [
            #"{"T":1700000000001,"s":"X","S":"Hold","v":"1","p":"2","i":"b"}"#,
            #"{"T":1700000000001,"s":"X","S":"Buy","v":"-1","p":"2","i":"b"}"#,
            #"{"T":1700000000001,"s":"X","S":"Buy","v":"1","p":"two","i":"b"}"#,
            #"{"T":"soon","s":"X","S":"Buy","v":"1","p":"2","i":"b"}"#,
            #"{"s":"X","S":"Buy","v":"1","p":"2","i":"b"}"#,
            #"{"T":1700000000001,"s":"X","S":"Buy","v":"1","p":"2","i":"\#(String(repeating: "9", count: 41))"}"#,
            #"{"T":1700000000001,"s":"X","S":"Buy","v":"1","p":"99999999999999999999","i":"b"}"#,
            "7",
        ] {
            var session = Session(.bybit, .linear)
            let outcome = session.take(
                #"{"topic":"publicTrade.X","ts":1700000000002,"data":[\#(bad),\#(good)]}"#
            )
            #expect(outcome == .decoded && session.errors == 1, "\(bad)")
            #expect(session.batch.trades.map(\.id.description) == ["a"])
            #expect(session.take(#"{"topic":"publicTrade.X","ts":1700000000002,"data":[\#(bad)]}"#) == .error)
        }
    }

    @Test("a trade without an id is a trade")
    func noID() {
        var session = Session(.bybit, .spot)
        let frame =
            #"{"topic":"publicTrade.X","data":[{"T":1,"S":"Sell","v":"1","p":"2"},{"T":1,"S":"Sell","v":"1","p":"2","i":null}]}"#
        #expect(session.take(frame) == .decoded)
        #expect(session.batch.trades.count == 2)
        #expect(session.batch.trades.allSatisfy { $0.id.isEmpty && session.symbol($0.instrument) == "X" })
    }

    @Test("a malformed book level loses the message and gaps its book")
    func malformedLevel() {
        let start = #"{"topic":"orderbook.50.X","type":"delta","ts":1700000000002,"data":{"s":"X","b":["#
        let end = #"],"a":[],"u":5,"seq":1}}"#
        for level in [
            #"["1"]"#, #"["1","2","3"]"#, #"["1","-2"]"#, #"["x","2"]"#, #"{"1":"2"}"#, #"["","1"]"#,
        ] {
            #expect(
                events(.bybit, .linear, start + #"["3","1"],"# + level + end)
                    == ["status bookFault 1 bybit/linear/X depth 50 1700000000002000000"],
                "\(level)"
            )
        }
        var session = Session(.bybit, .linear)
        #expect(session.take(start + #"["1","-2"]"# + end) == .error)
        #expect(session.errors == 1 && session.batch.levels.isEmpty)
    }

    @Test("a book message whose instrument cannot be read concerns all books of the connection")
    func unreadableInstrument() {
        let coinbase = #"{"channel":"l2_data","events":[{"type":"update","product_id":7,"updates":[]}]}"#
        #expect(events(.coinbase, .spot, coinbase) == ["status bookFault 1 all depth none none"])
        let kraken = #"{"channel":"book","type":"update","data":[{"bids":[],"asks":[],"checksum":1}]}"#
        #expect(events(.kraken, .spot, kraken) == ["status bookFault 1 all depth none none"])
    }

    @Test("a malformed ticker is one error, no event, and changes nothing but that its feeds are live")
    func malformedTicker() {
        var session = Session(.bybit, .linear)
        func ticker(_ fields: String) -> String {
            #"{"topic":"tickers.X","type":"delta","ts":1700000000500,"data":{"symbol":"X",\#(fields)}}"#
        }
        #expect(session.take(ticker(#""fundingRate":"0.0001","openInterest":"5""#)) == .decoded)
        #expect(session.take(ticker(#""fundingRate":"0.0009","openInterest":"-5""#)) == .error)
        #expect(session.errors == 1)
        #expect(
            DecodingTests.text(session, .error) == [
                "status live 24 bybit/linear/X depth none 1700000000500000000"
            ]
        )
        #expect(session.take(ticker(#""nextFundingTime":"1700006400000""#)) == .decoded)
        #expect(
            DecodingTests.text(session, .decoded) == [
                "funding bybit/linear/X 0.0001 1700006400000000000 none 1700000000500000000",
                "status live 16 bybit/linear/X depth none 1700000000500000000",
            ]
        )
    }

    // MARK: - Tickers

    @Test("ticker deltas merge; nothing until the rate is known; a mark price alone is no event")
    func mergedTicker() {
        func ticker(_ type: String, _ fields: String) -> String {
            #"{"topic":"tickers.X","type":"\#(type)","ts":1700000000500,"data":{"symbol":"X",\#(fields)}}"#
        }
        let quiet = "status live 24 bybit/linear/X depth none 1700000000500000000"
        #expect(events(.bybit, .linear, ticker("delta", #""fundingIntervalHour":"8""#)) == [quiet])
        #expect(events(.bybit, .linear, ticker("delta", #""markPrice":"8""#)) == [quiet])
        #expect(
            events(.bybit, .linear, ticker("snapshot", #""fundingRate":"","nextFundingTime":"""#)) == [quiet]
        )
        let merged = events(
            .bybit,
            .linear,
            ticker("snapshot", #""openInterest":"100","openInterestValue":"7","markPrice":"2.50""#),
            ticker("delta", #""markPrice":"2.60""#),
            ticker("delta", #""openInterest":"101""#)
        )
        #expect(merged.first == "interest bybit/linear/X 101 7 2.60 1700000000500000000")
        // A snapshot forgets what it does not say.
        let fresh = events(
            .bybit,
            .linear,
            ticker("snapshot", #""openInterest":"100","openInterestValue":"7""#),
            ticker("snapshot", #""openInterest":"100""#)
        )
        #expect(fresh.first == "interest bybit/linear/X 100 none none 1700000000500000000")
    }

    // MARK: - Acks

    @Test("Bybit's acks answer the requests in order")
    func bybitAcks() {
        var session = Session(.bybit, .linear)
        let sent = [
            #"{"op":"subscribe","args":["orderbook.50.X","tickers.X"]}"#, #"{"op":"ping"}"#,
            #"{"op":"subscribe","args":["publicTrade.Y","kline.1.Y"]}"#,
            #"{"op":"unsubscribe","args":["orderbook.50.X"]}"#,
        ]
        for frame in sent { session.decoder.sent(Array(frame.utf8).span.bytes, receiveTime: 0) }
        let ack = #"{"success":true,"ret_msg":"","op":"subscribe"}"#
        #expect(session.take(ack) == .ignored)
        #expect(
            DecodingTests.text(session, .ignored) == [
                "status live 1 bybit/linear/X depth 50 none", "status live 24 bybit/linear/X depth none none",
            ]
        )
        #expect(session.take(#"{"success":true,"ret_msg":"","op":"unsubscribe"}"#) == .ignored)
        #expect(
            DecodingTests.text(session, .ignored) == ["status unsubscribed 1 bybit/linear/X depth 50 none"]
        )
        #expect(session.take(ack) == .ignored)
        #expect(DecodingTests.text(session, .ignored) == ["status live 2 bybit/linear/Y depth none none"])
        #expect(session.take(ack) == .ignored)
        #expect(session.batch.order.isEmpty)
    }

    /// The topics that acks make live after requests for X (id a1) and Y (id b2), or others.
    private func live(_ requests: [String], _ acks: [String]) -> [String] {
        var session = Session(.bybit, .linear)
        for request in requests { session.decoder.sent(Array(request.utf8).span.bytes, receiveTime: 0) }
        return acks.flatMap { ack in
            #expect(session.take(ack) == .ignored)
            return session.batch.statuses.compactMap { $0.instrument.map { session.symbol($0) } }
        }
    }

    @Test("acks answer the request that has their id; those without one the oldest, or the one they name")
    func acksByID() {
        func request(_ symbol: String, _ id: String?) -> String {
            let id = id.map { #""req_id":\#($0),"# } ?? ""
            return #"{\#(id)"op":"subscribe","args":["publicTrade.\#(symbol)"]}"#
        }
        func ack(_ success: Bool, _ id: String?, _ message: String = "") -> String {
            let id = id.map { #""req_id":\#($0),"# } ?? ""
            return #"{"success":\#(success),"ret_msg":"\#(message)",\#(id)"op":"subscribe"}"#
        }
        let (a, b) = (#""a1""#, #""b2""#)
        let both = [request("X", a), request("Y", b)]
        #expect(live(both, [ack(false, b), ack(true, a)]) == ["X"])
        #expect(live(both, [ack(true, b), ack(true, a)]) == ["Y", "X"])
        #expect(live(both, [ack(true, a), ack(true, a), ack(true, #""c3""#)]) == ["X"])
        // Without ids in the acks the order tells; an id that is a number is one all the same.
        #expect(live(both, [ack(true, #""""#), ack(false, nil)]) == ["X"])
        #expect(live([request("X", "1"), request("Y", "2")], [ack(true, #""2""#)]) == ["Y"])
        // An ack without an id is not of a request that has one while another waits.
        #expect(live([request("X", a), request("Z", nil)], [ack(true, nil), ack(true, a)]) == ["Z", "X"])
        // A refusal names its topic, and not a longer one.
        let unnamed = [request("X", nil), request("XY", nil)]
        let refusal = "error:handler not found,topic:publicTrade.XY"
        #expect(live(unnamed, [ack(false, nil, refusal), ack(true, nil)]) == ["X"])
        // An ack before its request is of none and does not shift the others.
        #expect(live([], [ack(true, nil), ack(true, a)]).isEmpty)
    }

    @Test("Kraken's acks may leave what they confirm to the request that has their id")
    func krakenAcksByID() {
        func live(_ requests: [String], _ acks: [String]) -> [String] {
            var session = Session(.kraken, .spot)
            for request in requests { session.decoder.sent(Array(request.utf8).span.bytes, receiveTime: 0) }
            return acks.flatMap { ack in
                #expect(session.take(ack) == .ignored)
                return DecodingTests.text(session, .ignored)
            }
        }
        let request = { (id: Int, parameters: String) in
            #"{"method":"subscribe","params":{\#(parameters)},"req_id":\#(id)}"#
        }
        let requests = [
            request(1, #""channel":"trade","symbol":["A/B","C/D"]"#),
            request(2, #""channel":"book","symbol":["A/B"],"depth":25"#),
        ]
        #expect(
            live(requests, [#"{"method":"subscribe","success":true,"req_id":1}"#]) == [
                "status live 2 kraken/spot/A/B depth none none",
                "status live 2 kraken/spot/C/D depth none none",
            ]
        )
        #expect(
            live(
                requests,
                [
                    #"{"method":"subscribe","success":false,"error":"no","req_id":1}"#,
                    #"{"method":"subscribe","success":true,"req_id":1}"#,
                    #"{"method":"subscribe","result":{"channel":"book","symbol":"A/B"},"success":true,"req_id":2}"#,
                ]
            ) == ["status live 1 kraken/spot/A/B depth 25 none"]
        )
    }

    @Test("a rejected request makes nothing live")
    func rejected() {
        var session = Session(.bybit, .linear)
        for symbol in ["X", "Y"] {
            let request = #"{"op":"subscribe","args":["publicTrade.\#(symbol)"]}"#
            session.decoder.sent(Array(request.utf8).span.bytes, receiveTime: 0)
        }
        #expect(session.take(#"{"success":false,"ret_msg":"no such topic","op":"subscribe"}"#) == .ignored)
        #expect(session.batch.order.isEmpty)
        #expect(session.take(#"{"success":true,"op":"subscribe"}"#) == .ignored)
        #expect(DecodingTests.text(session, .ignored) == ["status live 2 bybit/linear/Y depth none none"])
        session.decoder.sent(
            Array(#"{"op":"subscribe","args":["publicTrade.Z"]}"#.utf8).span.bytes,
            receiveTime: 0
        )
        session.decoder.connectionReset()
        #expect(session.take(#"{"success":true,"op":"subscribe"}"#) == .ignored)
        #expect(session.batch.order.isEmpty)
    }

    @Test("Coinbase's list of subscriptions: what it names lives, what vanished has ended")
    func coinbaseSubscriptions() {
        func list(_ channels: String) -> String {
            #"{"channel":"subscriptions","timestamp":"2024-01-02T03:04:05Z","events":[{"subscriptions":{\#(channels)}}]}"#
        }
        let time = "1704164645000000000"
        #expect(
            events(.coinbase, .spot, list(#""level2":["A","B"],"heartbeats":["heartbeats"],"ticker":["A"]"#))
                == [
                    "status live 1 coinbase/spot/A depth none \(time)",
                    "status live 1 coinbase/spot/B depth none \(time)",
                ]
        )
        #expect(
            events(
                .coinbase,
                .spot,
                list(#""level2":["A","B"]"#),
                list(#""level2":["B"],"market_trades":["A"]"#)
            ) == [
                "status unsubscribed 1 coinbase/spot/A depth none \(time)",
                "status live 1 coinbase/spot/B depth none \(time)",
                "status live 2 coinbase/spot/A depth none \(time)",
            ]
        )
    }

    @Test("Kraken's acks name their feed and carry its depth")
    func krakenAcks() {
        func ack(_ method: String, _ result: String) -> String {
            #"{"method":"\#(method)","result":{\#(result)},"success":true,"time_out":"2024-01-02T03:04:05Z"}"#
        }
        let book = #""channel":"book","depth":25,"symbol":"A/B""#
        let time = "1704164645000000000"
        #expect(
            events(.kraken, .spot, ack("subscribe", book)) == [
                "status live 1 kraken/spot/A/B depth 25 \(time)"
            ]
        )
        #expect(
            events(.kraken, .spot, ack("unsubscribe", book))
                == ["status unsubscribed 1 kraken/spot/A/B depth none \(time)"]
        )
        #expect(
            events(.kraken, .spot, ack("subscribe", #""channel":"trade","symbol":"A/B""#))
                == ["status live 2 kraken/spot/A/B depth none \(time)"]
        )
        #expect(events(.kraken, .spot, ack("subscribe", #""channel":"ticker","symbol":"A/B""#)).isEmpty)
        var session = Session(.kraken, .spot)
        #expect(session.take(ack("unsubscribe", book)) == .ignored)
        #expect(session.batch.frameTime == 1_704_164_645_000_000_000)
    }

    @Test(
        "Kraken's depth is the usual one where the book was asked for without one",
        arguments: [false, true]
    )
    func krakenUsualDepth(hasAck: Bool) {
        var session = Session(.kraken, .spot)
        let request = #"{"method":"subscribe","params":{"channel":"book","symbol":["A/B"]}}"#
        session.decoder.sent(Array(request.utf8).span.bytes, receiveTime: 0)
        if hasAck {
            _ = session.take(
                #"{"method":"subscribe","result":{"channel":"book","symbol":"A/B","depth":25},"success":true}"#
            )
        }
        let levels = (0..<20).map { #"{"price":\#(100 + $0),"qty":1}"# }.joined(separator: ",")
        let snapshot =
            #"{"channel":"book","type":"snapshot","data":[{"symbol":"A/B","bids":[],"asks":[\#(levels)]}]}"#
        #expect(session.take(snapshot) == .decoded)
        #expect(session.batch.books.first?.depth == (hasAck ? 25 : 10))
    }

    @Test(
        "a settlement time, an interval or a mark price of zero is none; the event follows",
        arguments: [true, false]
    )
    func zeroIsNone(isFast: Bool) {
        var session = Session(.bybit, .linear)
        func ticker(_ fields: String, _ type: String = "snapshot") -> String {
            #"{"topic":"tickers.X","type":"\#(type)","data":{"symbol":"X",\#(fields)},"cs":1,"ts":1700000000500}"#
                + (isFast ? "" : " ")
        }
        _ = session.take(ticker(#""openInterest":"5""#))
        let full = #""fundingRate":"0.0001","nextFundingTime":"1700006400000","fundingIntervalHour":"8""#
        for (fields, expected) in [
            (full, "1700006400000000000 8"), (#""nextFundingTime":"0""#, "none 8"),
            (full, "1700006400000000000 8"),
            (#""nextFundingTime":"""#, "none 8"), (#""fundingIntervalHour":"0""#, "none none"),
        ] {
            #expect(session.take(ticker(fields, "delta")) == .decoded)
            #expect(
                DecodingTests.text(session, .decoded).first
                    == "funding bybit/linear/X 0.0001 \(expected) 1700000000500000000"
            )
        }
        let zero = #""fundingRate":"0.0002","nextFundingTime":"0","markPrice":"0","openInterest":"5""#
        #expect(session.take(ticker(zero)) == .decoded)
        #expect(
            DecodingTests.text(session, .decoded) == [
                "funding bybit/linear/X 0.0002 none none 1700000000500000000",
                "interest bybit/linear/X 5 none none 1700000000500000000",
            ]
        )
        #expect(session.take(ticker(#""nextFundingTime":"-1""#, "delta")) == .error)
    }

    @Test(
        "numbers whose trailing zeros 64 bits do not hold are read on every venue",
        arguments: [
            (
                "bybit", Market.linear,
                #"{"topic":"publicTrade.X","type":"snapshot","ts":1700000000000,"data":[{"T":1700000000000,"s":"X","S":"Buy","v":"1000000000000.00000000","p":"1","i":"1"}]}"#
            ),
            (
                "coinbase", .spot,
                #"{"channel":"market_trades","timestamp":"2024-01-01T00:00:00Z","sequence_num":1,"events":[{"type":"update","trades":[{"product_id":"X","trade_id":"1","price":"1","size":"1000000000000.00000000","time":"2024-01-01T00:00:00Z","side":"BUY"}]}]}"#
            ),
            (
                "kraken", .spot,
                #"{"channel":"trade","type":"update","data":[{"symbol":"X","side":"buy","price":1.0,"qty":1000000000000.00000000,"ord_type":"limit","trade_id":1,"timestamp":"2024-01-01T00:00:00Z"}]}"#
            ),
        ]
    )
    func longNumbers(name: String, market: Market, frame: String) throws {
        var session = Session(try #require(ExchangeCatalog.standard.named(name)), market)
        for _ in 0..<2 {
            #expect(session.take(frame) == .decoded)
            #expect(session.batch.trades.first?.size.description == "1000000000000.00000000")
            #expect(session.batch.trades.first?.size.doubleValue == 1e12)
        }
    }

    @Test("Kraken's depth without an ack is the smallest offered that holds the snapshot")
    func krakenDepth() {
        func snapshot(_ count: Int) -> String {
            let levels = (0..<count).map { #"{"price":\#(100 + $0),"qty":1}"# }.joined(separator: ",")
            return
                #"{"channel":"book","type":"snapshot","data":[{"symbol":"A/B","bids":[],"asks":[\#(levels)]}]}"#
        }
        let update = #"{"channel":"book","type":"update","data":[{"symbol":"A/B","bids":[],"asks":[]}]}"#
        for (count, depth) in [(0, 10), (10, 10), (11, 25), (100, 100), (101, 500), (2000, 1000)] {
            var session = Session(.kraken, .spot)
            for frame in [snapshot(count), update] {
                #expect(session.take(frame) == .decoded)
                #expect(session.batch.books.first?.depth == UInt32(depth), "\(count)")
            }
        }
    }

    // MARK: - Sequences

    @Test("Coinbase: any number but the next breaks the connection, before the frame's own events")
    func coinbaseBreak() {
        func trade(_ number: Int) -> String {
            #"{"channel":"market_trades","timestamp":"2024-01-02T03:04:05Z","sequence_num":\#(number),"events":"#
                + #"[{"type":"update","trades":[{"product_id":"A","trade_id":"1","price":"1","size":"1","#
                + #""time":"2024-01-02T03:04:05Z","side":"BUY"}]}]}"#
        }
        let broken = "status connectionBreak 31 all depth none 1704164645000000000"
        #expect(events(.coinbase, .spot, trade(7), trade(8)).count == 1)
        for number in [7, 6, 9] {
            let lines = events(.coinbase, .spot, trade(7), trade(number))
            #expect(lines.count == 2 && lines.first == broken, "\(number)")
        }
        var session = Session(.coinbase, .spot)
        _ = session.take(trade(7))
        session.decoder.connectionReset()
        _ = session.take(trade(0))
        #expect(session.decoder.sequences == (0, 0))
        _ = session.take(#"{"channel":"new","sequence_num":1}"#)
        _ = session.take(#"{"channel":"new","sequence_num":3}"#)
        #expect(session.decoder.sequences == (1, 1))
        #expect(session.batch.statuses.first?.change == .connectionBreak)
    }

    @Test("an empty list of trades or liquidations says that the feed is alive")
    func emptyLists() {
        let time = "1700000000002000000"
        #expect(
            events(.bybit, .linear, #"{"topic":"publicTrade.X","ts":1700000000002,"data":[]}"#)
                == ["status live 2 bybit/linear/X depth none \(time)"]
        )
        #expect(
            events(.bybit, .linear, #"{"topic":"allLiquidation.X","ts":1700000000002,"data":[]}"#)
                == ["status live 4 bybit/linear/X depth none \(time)"]
        )
    }

    @Test("of a member given twice the last holds, and escapes are read everywhere")
    func twiceAndEscaped() {
        let frame =
            #"{ "data" : { "u":1, "u" : 9, "b":[["1","2"],["1\u002e50", "\u0032"]], "a":[], "s":"A\u0042" }, "t\u0079pe":"del\u0074a","ts":1700000000001,"topic":"orderbook.1.AB" }"#
        #expect(
            events(.bybit, .spot, frame) == [
                "book bybit/spot/AB false depth 1 1700000000001000000 0 u 9 crc none b1@2 b1.50@2"
            ]
        )
    }

    @Test("a price of zero, or a trade of no size, is an error; a level of no size is not")
    func zero() {
        func bybit(_ price: String, _ size: String) -> String {
            #"{"topic":"publicTrade.X","type":"snapshot","ts":1700000000301,"data":[{"T":1700000000300,"s":"X","#
                + #""S":"Sell","v":"\#(size)","p":"\#(price)","i":"7","BT":false}]}"#
        }
        func forced(_ price: String, _ size: String) -> String {
            #"{"topic":"allLiquidation.X","type":"snapshot","ts":1700000000700,"data":[{"T":1700000000650,"#
                + #""s":"X","S":"Buy","v":"\#(size)","p":"\#(price)"}]}"#
        }
        func book(_ price: String, _ size: String) -> String {
            #"{"topic":"orderbook.1.X","type":"snapshot","ts":1700000000001,"data":{"s":"X","b":[["\#(price)","#
                + #""\#(size)"]],"a":[],"u":1,"seq":1},"cts":1700000000001}"#
        }
        for (frame, takesNoSize) in [(bybit, false), (forced, false), (book, true)] {
            var session = Session(.bybit, .linear)
            // The second time the instrument is known, and the frame read in order.
            for _ in 0..<2 {
                #expect(session.take(frame("1.5", "2")) == .decoded)
                #expect(session.take(frame("0.00", "2")) == .error)
                #expect(session.take(frame("1.5", "0.0")) == (takesNoSize ? .decoded : .error))
            }
            #expect(session.errors == (takesNoSize ? 2 : 4))
        }
    }
}
