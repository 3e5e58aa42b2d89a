import CAllocationCount
import MarketModel
import OrderBooks
import Testing

@testable import Exchanges

@Suite("In the steady state")
struct AllocationTests {
    /// Frames of eight venues: rows by keys, a whole-book snapshot of 46,000 levels then updates at the top and thousands
    /// of levels down, depth 200, whole books of 20, depth 10, depth 400, depth 25; trades, tickers and liquidations.
    static let venues: [(String, Market)] = [
        ("bitfinex", .multi), ("bitmex", .multi), ("coinbase", .spot), ("bybit", .linear),
        ("deribit", .multi),
        ("hyperliquid", .multi), ("kraken", .spot), ("kraken-futures", .multi), ("okx", .multi),
    ]

    @Test("no frame and no level allocates, in the usual order or not", arguments: venues)
    func nothing(name: String, market: Market) throws {
        let exchange = try #require(ExchangeCatalog.standard.named(name))
        let frames = AllocationTests.frames(name)
        // Numbers of a connection begin anew; what acks, OKX and rows name they name once an attempt.
        let resets = !["bitfinex", "bitmex", "okx"].contains(name)
        for isSearching in [false, true] {
            var batch = EventBatch()
            let venue = batch.instruments.venue(of: exchange, market)
            var decoder: any FrameDecoder =
                isSearching
                ? exchange.makeSearchingDecoder(market: market, venue: venue)
                : exchange.makeDecoder(market: market, venue: venue)
            var keeper = BookKeeper()
            let rules = exchange.bookRules
            if name == "bitfinex" {
                AllocationTests.replay(AllocationTests.acks, false, &decoder, &batch, &keeper, rules)
            }
            // The first pass grows what is reused and learns the symbols, which the second reads in order.
            for _ in 0..<2 { AllocationTests.replay(frames, resets, &decoder, &batch, &keeper, rules) }
            let before = allocation_count()
            let levels = AllocationTests.replay(frames, resets, &decoder, &batch, &keeper, rules)
            let allocations = allocation_count() - before
            #expect(levels > 2 * 10)
            #expect(keeper.counts.gaps == 0 && keeper.book.state == .synced)
            // Every book message of two venues carries a checksum, and the frames were replayed three times.
            let checksums = ["bitfinex": 301, "kraken": 301, "okx": 300]
            #expect(keeper.counts.checksumsVerified == 3 * checksums[name, default: 0])
            // Of OKX's frames one takes memory, the whole book: no change of it does.
            let most = name == "okx" ? 1 : 0
            #expect(allocations <= most, "\(name), searching \(isSearching): \(frames.count) frames")
        }
    }

    @Test("the count sees what allocates")
    func counting() {
        let before = allocation_count()
        let array = [Int](repeating: 1, count: 1000 + Int(before % 2))
        #expect(array.count >= 1000)
        #expect(allocation_count() > before)
    }

    @discardableResult
    private static func replay(
        _ frames: [[UInt8]],
        _ resets: Bool,
        _ decoder: inout any FrameDecoder,
        _ batch: inout EventBatch,
        _ keeper: inout BookKeeper,
        _ rules: BookRules
    ) -> Int {
        var levels = 0
        if resets { decoder.connectionReset() }
        for index in frames.indices {
            batch.removeAll()
            let frame = frames[index]
            _ = decoder.decode(frame.span.bytes, receiveTime: Int64(index), into: &batch)
            levels += batch.levels.count
            for position in batch.books.indices {
                _ = keeper.apply(
                    batch.books[position],
                    levels: batch.levels.span,
                    connection: 0,
                    rules: rules
                )
            }
        }
        return levels
    }

    private static func frames(_ name: String) -> [[UInt8]] {
        switch name {
        case "bitfinex": bitfinex.map { Array($0.utf8) }
        case "coinbase": coinbase.map { Array($0.utf8) }
        case "bitmex": bitmex.map { Array($0.utf8) }
        case "bybit": bybit.map { Array($0.utf8) }
        case "deribit": deribit.map { Array($0.utf8) }
        case "hyperliquid": hyperliquid.map { Array($0.utf8) }
        case "okx": okx.map { Array($0.utf8) }
        case "kraken-futures": krakenFutures.map { Array($0.utf8) }
        default: kraken.map { Array($0.utf8) }
        }
    }

    private static var acks: [[UInt8]] {
        [
            #"{"event":"subscribed","channel":"book","chanId":17,"symbol":"tBTCF0:USTF0","prec":"P0","len":"25"}"#,
            #"{"event":"subscribed","channel":"trades","chanId":18,"symbol":"tBTCF0:USTF0"}"#,
            #"{"event":"subscribed","channel":"status","chanId":19,"key":"deriv:tBTCF0:USTF0"}"#,
            #"{"event":"subscribed","channel":"status","chanId":20,"key":"liq:global"}"#,
        ].map { Array($0.utf8) }
    }

    /// A level a message, and behind each the checksum of the book.
    private static var bitfinex: [String] {
        let bids = (0..<25).map { "[\(1000 - $0).5,2,1.\($0 + 1)]" }
        let asks = (0..<25).map { "[\(1001 + $0).5,1,-2.\($0 + 1)]" }
        let levels = (0..<300).map { number in
            let price = number % 2 == 0 ? 1_000 - number % 20 : 1_001 + number % 20
            let isDeleted = number % 4 > 1
            return
                "[\(price).5,\(isDeleted ? 0 : 1),\(number % 2 == 0 ? "" : "-")\(isDeleted ? 1 : number + 1)]"
        }
        var (session, memory, number, frames) = (Session(.bitfinex, .multi), [UInt8](), 0, [String]())
        func frame(_ text: String) -> String {
            number += 1
            return "[\(text),\(number),1700000000100]"
        }
        for ack in acks { _ = session.take(ack) }
        for content in ["[\((bids + asks).joined(separator: ","))]"] + levels {
            frames.append(frame("17,\(content)"))
            _ = session.take(frames[frames.count - 1])
            let checksum = AlternatingChecksum.of(session.keepers[0].book, .signed, &memory)
            frames.append(frame(#"17,"cs",\#(Int32(bitPattern: checksum))"#))
        }
        let trade = "[401,1700000000300,-0.25,1000.5]"
        let status =
            "1700000000000,null,1000.5,1000.25,null,1,null,1700006400000,0.0001,6,null,-0.0001,null,null"
        let forced = #"[["pos",1,1700000000390,null,"tBTCF0:USTF0",0.25,99.5,null,0,1,null,99]]"#
        return frames + [
            frame(#"18,"te",\#(trade)"#), frame(#"18,"tu",\#(trade)"#),
            frame("19,[\(status),1000.5,null,null,300]"), frame("20,\(forced)"), frame(#"17,"hb""#),
        ]
    }

    private static var coinbase: [String] {
        func level(_ side: String, _ price: Int, _ size: Int) -> String {
            #"{"side":"\#(side)","event_time":"2024-01-02T03:04:05.000001Z","price_level":"\#(price).5","#
                + #""new_quantity":"0.\#(size)"}"#
        }
        func frame(_ number: Int, _ type: String, _ levels: [String]) -> String {
            #"{"channel":"l2_data","timestamp":"2024-01-02T03:04:05.123456Z","sequence_num":\#(number),"#
                + #""events":[{"type":"\#(type)","product_id":"BTC-USD","updates":["#
                + levels.joined(separator: ",") + "]}]}"
        }
        let bids = (0..<23_000).map { level("bid", 50_000 - $0, $0 + 1) }
        let asks = (0..<23_000).map { level("offer", 50_001 + $0, $0 + 1) }
        let updates = (1...300).map { number in
            let changes = (0..<4).map {
                level($0 < 2 ? "bid" : "offer", 50_000 + ($0 < 2 ? -1 : 2) * number, number)
            }
            return frame(number, "update", changes)
        }
        let deep = (301...600).map { number in
            // Half of them come, half of them go.
            let price = 49_000 - number / 2 * 37
            let size = number % 2 == 0 ? "1.5" : "0"
            let change =
                #"{"side":"bid","event_time":"2024-01-02T03:04:05.000001Z","price_level":"\#(price).25","#
                + #""new_quantity":"\#(size)"}"#
            return frame(number, "update", [change])
        }
        let trade =
            #"{"product_id":"BTC-USD","trade_id":"12","price":"100.5","size":"0.01","time":"2024-01-02T03:05:05.999999Z","side":"SELL"}"#
        let trades =
            #"{"channel":"market_trades","timestamp":"2024-01-02T03:05:06.000000001Z","sequence_num":601,"events":[{"type":"update","trades":[\#(trade),\#(trade),\#(trade)]}]}"#
        let heartbeat =
            #"{"channel":"heartbeats","timestamp":"2024-01-02T03:05:07Z","sequence_num":602,"events":[{"heartbeat_counter":1}]}"#
        return [frame(0, "snapshot", bids + asks)] + updates + deep + [trades, heartbeat]
    }

    private static var bybit: [String] {
        func frame(_ number: Int, _ type: String, _ bids: [String], _ asks: [String]) -> String {
            #"{"topic":"orderbook.200.BTCUSDT","type":"\#(type)","ts":1700000000100,"data":{"s":"BTCUSDT","b":["#
                + bids.joined(separator: ",") + #"],"a":["# + asks.joined(separator: ",")
                + #"],"u":\#(number),"seq":\#(number + 900)},"cts":1700000000090}"#
        }
        let bids = (0..<200).map { #"["\#(1000 - $0).50","1.\#($0)"]"# }
        let asks = (0..<200).map { #"["\#(1001 + $0).5","2.\#($0)"]"# }
        let deltas = (2...500).map { number in
            let size = number % 3 == 0 ? "0" : "7.5"
            let trade = #"["\#(1000 - number % 190).50","\#(size)"]"#
            return frame(number, "delta", [trade], [#"["\#(1001 + number % 150).5","\#(number)"]"#])
        }
        let trades =
            #"{"topic":"publicTrade.BTCUSDT","type":"snapshot","ts":1700000000301,"data":[{"T":1700000000300,"s":"BTCUSDT","S":"Sell","v":"5.1","p":"100.5","i":"4b0832c3-70e8-5f68-a914-c53f304f507c","BT":false}]}"#
        let liquidations =
            #"{"topic":"allLiquidation.BTCUSDT","type":"snapshot","ts":1700000000700,"data":[{"T":1700000000650,"s":"BTCUSDT","S":"Buy","v":"20","p":"99.5"},{"T":1700000000651,"s":"BTCUSDT","S":"Sell","v":"2","p":"99"}]}"#
        let silent =
            #"{"topic":"tickers.BTCUSDT","type":"delta","data":{"symbol":"BTCUSDT","bid1Price":"100.4"},"cs":2,"ts":1700000000600}"#
        let ticker =
            #"{"topic":"tickers.BTCUSDT","type":"delta","data":{"symbol":"BTCUSDT","openInterest":"5100","fundingRate":"0.0001"},"cs":1,"ts":1700000000500}"#
        return [frame(1, "snapshot", bids, asks)] + deltas + [trades, liquidations, ticker, silent, ticker]
    }

    private static var bitmex: [String] {
        func row(_ id: Int, _ rest: String) -> String {
            #"{"symbol":"XBTUSD","id":\#(id),"side":"\#(id < 9_000 ? "Buy" : "Sell")"\#(rest)}"#
        }
        func whole(_ id: Int) -> String { row(id, #","size":\#(id),"price":\#(id).5"#) }
        func frame(_ table: String, _ action: String, _ rows: [String]) -> String {
            #"{"table":"\#(table)","action":"\#(action)","data":[\#(rows.joined(separator: ","))]}"#
        }
        let time = #""timestamp":"2026-03-02T12:00:00.100Z","symbol":"XBTUSD""#
        var frames = [frame("orderBookL2", "partial", (8_900..<9_100).map(whole))]
        for number in 0..<100 {
            frames.append(frame("orderBookL2", "update", [row(8_999 - number, #","size":7"#)]))
            frames.append(frame("orderBookL2", "delete", [row(9_000 + number, ""), row(8_999 - number, "")]))
            frames.append(frame("orderBookL2", "insert", [whole(9_000 + number), whole(8_999 - number)]))
        }
        let id = "e2429e31-8b9d-4195-900e-fd42be2dec89"
        let trade =
            #"{\#(time),"side":"Buy","size":900,"price":9000.5,"tickDirection":"MinusTick","trdMatchID":"\#(id)","#
            + #""grossValue":1581300,"homeNotional":0.015813,"foreignNotional":900}"#
        let quote = #"{\#(time),"bidSize":8999,"bidPrice":8999.5,"askPrice":9000.5,"askSize":9000}"#
        let instrument = #"{\#(time),"fundingRate":0.0001,"openInterest":400,"markPrice":9000}"#
        let forced = #"{"orderID":"\#(id)","symbol":"XBTUSD","side":"Sell","price":8900.5,"leavesQty":7}"#
        return frames + [
            frame("trade", "insert", [trade, trade]), frame("quote", "insert", [quote, quote]),
            frame("instrument", "update", [instrument]), frame("liquidation", "insert", [forced]),
        ]
    }

    private static var krakenFutures: [String] {
        let bids = (0..<100).map { #"{"price":\#(1000 - $0).5,"qty":\#($0 + 1).0}"# }.joined(separator: ",")
        let asks = (0..<100).map { #"{"price":\#(1001 + $0).5,"qty":\#($0 + 1).0}"# }.joined(separator: ",")
        let book =
            #"{"feed":"book_snapshot","product_id":"PI_XBTUSD","timestamp":1780000000000,"seq":1,"tickSize":null,"#
            + #""bids":[\#(bids)],"asks":[\#(asks)]}"#
        let levels = (2..<300).map { number in
            #"{"feed":"book","product_id":"PI_XBTUSD","side":"\#(number % 2 == 0 ? "buy" : "sell")","seq":\#(number),"#
                + #""price":\#(number % 2 == 0 ? 990 : 1_010).5,"qty":\#(number).0,"timestamp":1780000000001}"#
        }
        let trade =
            #"{"feed":"trade","product_id":"PI_XBTUSD","uid":"e2429e31-8b9d-4195-900e-fd42be2dec89","side":"buy","#
            + #""type":"liquidation","seq":5956,"time":1780000000002,"qty":320.0,"price":1001.5}"#
        let top =
            #"{"feed":"ticker_lite","product_id":"PI_XBTUSD","bid":1000.5,"ask":1001.5,"change":2.6,"premium":0.3,"#
        let rest = #""volume":3413476.0,"tag":"perpetual","pair":"XBT:USD","dtm":0,"maturityTime":0}"#
        return [book] + levels + [trade, top + rest]
    }

    /// In the order of 2021 and in that of today, some numbers with exponents.
    private static var deribit: [String] {
        func frame(_ channel: String, _ data: String) -> String {
            #"{"jsonrpc":"2.0","method":"subscription","params":{"channel":"\#(channel).BTC-PERPETUAL.100ms","#
                + #""data":\#(data)}}"#
        }
        let bids = (0..<300).map { #"["new",\#(36500 - $0).5,\#(10 + $0).0]"# }.joined(separator: ",")
        let asks = (0..<300).map { #"["new",\#(36501 + $0).5,\#(1 + $0)e4]"# }.joined(separator: ",")
        let name = #""instrument_name":"BTC-PERPETUAL""#
        let book =
            #"{"type":"snapshot","timestamp":1780000000000,\#(name),"change_id":100,"bids":[\#(bids)],"asks":[\#(asks)]}"#
        let changes = (101..<400).map { number in
            let bids =
                #""bids":[["\#(number % 2 == 0 ? "delete" : "new")",\#(36400 + number / 2 % 90).5,1.2e6]]"#
            let asks = #""asks":[["change",\#(36501 + number % 90).5,30.0]]"#
            let (time, previous) = (1_780_000_000_000 + number, number - 1)
            return number % 3 == 0
                ? #"{"timestamp":\#(time),"type":"change","change_id":\#(number),\#(name),\#(bids),\#(asks),"#
                    + #""prev_change_id":\#(previous)}"#
                : #"{"type":"change","timestamp":\#(time),"prev_change_id":\#(previous),\#(name),"#
                    + #""change_id":\#(number),\#(bids),\#(asks)}"#
        }
        let trade =
            #"{"trade_seq":92,"trade_id":"137487243","timestamp":1780000000710,"tick_direction":3,"price":36400.5,"#
            + #""mark_price":36400.0,"liquidation":"T",\#(name),"index_price":36405.41,"direction":"sell","amount":1.1e6}"#
        let ticker =
            #"{"timestamp":1780000000800,"stats":{"volume":17945.19,"high":null},"state":"open","open_interest":559791310,"#
            + #""mark_price":36501.79,\#(name),"index_price":36510.44,"current_funding":-1.423e-5,"#
            + #""best_bid_price":36500.5,"best_bid_amount":10.0,"best_ask_price":36501.5,"best_ask_amount":7.0}"#
        let young =
            #"{"timestamp":1780000000810,"state":"open",\#(name),"open_interest":459.3,"mark_price":36478.1,"#
            + #""current_funding":1.4e-4,"best_ask_price":36501.5,"best_bid_price":36499.5}"#
        return ([book] + changes).map { frame("book", $0) }
            + [frame("trades", "[\(trade)]"), frame("ticker", ticker), frame("ticker", young)]
    }

    private static var hyperliquid: [String] {
        let zeros = String(repeating: "0", count: 40)
        let books = (0..<300).map { (number: Int) -> String in
            let bids = (0..<20).map { #"{"px":"\#(1000 - $0).5","sz":"1.\#($0 + number)","n":\#(1 + $0)}"# }
            let asks = (0..<20).map { #"{"px":"\#(1001 + $0).5","sz":"0.000\#($0 + 1)","n":\#(1 + number)}"# }
            return
                #"{"channel":"l2Book","data":{"coin":"BTC","time":\#(1_780_000_000_000 + number),"levels":[["#
                + bids.joined(separator: ",") + "],[" + asks.joined(separator: ",") + "]]}}"
        }
        let trade =
            #"{"coin":"BTC","side":"A","px":"1000.5","sz":"0.25","time":1780000000001,"hash":"0x\#(zeros)\#(zeros.prefix(24))","#
            + #""tid":1122533899722001,"users":["0x\#(zeros)","0x\#(zeros)"]}"#
        let context =
            #"{"channel":"activeAssetCtx","data":{"coin":"BTC","ctx":{"funding":"-0.0000012345","openInterest":"3500.5","#
            + #""prevDayPx":"990.0","dayNtlVlm":"1.0","premium":"-0.1","oraclePx":"1000.0","markPx":"1000.5","#
            + #""midPx":"1001.0","impactPxs":["1000.5","1001.5"],"dayBaseVlm":"5.5"}}}"#
        return books + [#"{"channel":"trades","data":[\#(trade),\#(trade)]}"#, context]
    }

    /// Each with the checksum of the book as it is after the message.
    private static var okx: [String] {
        func frame(_ number: Int, _ bids: [String], _ asks: [String], _ checksum: UInt32 = 0) -> String {
            #"{"arg":{"channel":"books","instId":"BTC-USDT-SWAP"},"action":"#
                + #""\#(number == 1 ? "snapshot" : "update")","data":[{"asks":[\#(asks.joined(separator: ","))],"#
                + #""bids":[\#(bids.joined(separator: ","))],"ts":"1700000000100","#
                + #""checksum":\#(Int32(bitPattern: checksum)),"seqId":\#(number),"prevSeqId":\#(number - 1)}]}"#
        }
        let bids = (0..<400).map { #"["\#(1000 - $0).5","1.\#($0)","0","\#(1 + $0)"]"# }
        let asks = (0..<400).map { #"["\#(1001 + $0).5","2.\#($0)","0","1"]"# }
        let deltas = (2...300).map { number in
            let bid = #"["\#(1000 - number % 390).5","\#(number % 3 == 0 ? "0" : "7.25")","0","1"]"#
            return (number, [bid], [#"["\#(1001 + number % 30).5","\#(number)","0","1"]"#])
        }
        var (session, memory) = (Session(.okx, .multi), [UInt8]())
        let books = ([(1, bids, asks)] + deltas).map { number, bids, asks in
            _ = session.take(frame(number, bids, asks))
            return frame(number, bids, asks, AlternatingChecksum.of(session.keepers[0].book, .plain, &memory))
        }
        let symbol = #""instId":"BTC-USDT-SWAP""#
        return books + [
            #"{"arg":{"channel":"trades",\#(symbol)},"data":[{\#(symbol),"tradeId":"7","px":"1000.5","sz":"2","side":"buy","ts":"1700000000300","count":"1","source":"0"}]}"#
        ]
    }

    /// Each with the checksum of the book as it is after the message.
    private static var kraken: [String] {
        func frame(_ type: String, _ bids: [String], _ asks: [String], _ checksum: UInt32) -> String {
            #"{"channel":"book","type":"\#(type)","data":[{"symbol":"BTC/USD","bids":["#
                + bids.joined(separator: ",") + #"],"asks":["# + asks.joined(separator: ",")
                + #"],"checksum":\#(checksum),"timestamp":"2024-01-02T03:04:06.343415Z"}]}"#
        }
        let bids = (0..<10).map { #"{"price":\#(1000 - $0).5,"qty":1.\#($0)0}"# }
        let asks = (0..<10).map { #"{"price":\#(1001 + $0).5,"qty":2.\#($0)0}"# }
        let updates = (0..<300).map { number in
            ("update", [#"{"price":\#(1000 - number % 12).5,"qty":\#(number % 4).25}"#], [String]())
        }
        var batch = EventBatch()
        let venue = batch.instruments.venue(exchange: "kraken", market: .spot)
        var decoder = Kraken().makeDecoder(market: .spot, venue: venue)
        var (keeper, memory) = (BookKeeper(), [UInt8]())
        let books = ([("snapshot", bids, asks)] + updates).map { type, bids, asks in
            batch.removeAll()
            let bare = Array(frame(type, bids, asks, 0).utf8)
            _ = decoder.decode(bare.span.bytes, receiveTime: 0, into: &batch)
            var update = batch.books[0]
            update.checksum = nil
            let rules = Kraken().bookRules
            _ = keeper.apply(update, levels: batch.levels.span, connection: 0, rules: rules)
            return frame(type, bids, asks, KrakenChecksum.of(keeper.book, &memory))
        }
        let trade =
            #"{"symbol":"BTC/USD","side":"buy","price":100.6,"qty":0.02,"ord_type":"limit","trade_id":4665846,"timestamp":"2024-01-02T03:04:07.925533Z"}"#
        return books + [
            #"{"channel":"trade","type":"update","data":[\#(trade),\#(trade)]}"#, #"{"channel":"heartbeat"}"#,
        ]
    }
}
