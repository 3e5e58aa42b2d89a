import MarketModel
import Testing

@testable import Exchanges

/// What venues say of the instruments they offer, in the shapes of their documentation.
@Suite("Instrument definitions")
struct DefinitionTests {
    private func read(_ exchange: any Exchange, _ text: String) throws(DefinitionFault) -> DefinitionPage {
        let bytes = Array(text.utf8)
        return try exchange.definitions.read(bytes.span.bytes)
    }

    private func bybit(_ entries: String, cursor: String = "\"\"") -> String {
        #"{"retCode":0,"retMsg":"OK","result":{"category":"linear","list":[\#(entries)],"#
            + #""nextPageCursor":\#(cursor)},"retExtInfo":{},"time":1735810114435}"#
    }

    private let perpetual =
        #"{"symbol":"BTCUSDT","contractType":"LinearPerpetual","status":"Trading","baseCoin":"BTC","#
        + #""quoteCoin":"USDT","priceScale":"2","priceFilter":{"minPrice":"0.10","maxPrice":"1999999.80","#
        + #""tickSize":"0.10"},"lotSizeFilter":{"maxOrderQty":"1190.000","minOrderQty":"0.001","qtyStep":"0.001"}}"#

    @Test("Bybit's derivatives: tick, step, least size, contract and pages")
    func bybitDerivatives() throws {
        let dated =
            #"{"symbol":"BTC-26DEC25","contractType":"LinearFutures","priceFilter":{"tickSize":"0.50"},"#
            + #""lotSizeFilter":{"qtyStep":"0.001"}}"#
        let page = try read(.bybit, bybit("\(perpetual),\(dated)", cursor: #""first%3DA%26last%3DB""#))
        let first = try #require(page.list.definitions.first)
        #expect(first.symbol == "BTCUSDT" && first.base == "BTC" && first.quote == "USDT")
        #expect(first.tickSize?.description == "0.10" && first.sizeStep?.description == "0.001")
        #expect(first.minimumSize?.description == "0.001" && first.contract == .perpetual)
        #expect(first.status == "Trading")
        #expect(page.list.definitions[1].contract == .future)
        #expect(page.list.definitions[1].minimumSize == nil)
        #expect(page.next == "first%3DA%26last%3DB")
        #expect(
            DefinitionPage.path("/v5/x?category=linear", cursor: "first%3DA%26last%3DB")
                == "/v5/x?category=linear&cursor=first%3DA%26last%3DB"
        )
        #expect(DefinitionPage.path("/p", cursor: "a b&=\"") == "/p?cursor=a%20b%26%3D%22")
    }

    @Test("Bybit's pages end without a cursor, with null, or with an empty page")
    func bybitEnds() throws {
        #expect(try read(.bybit, bybit(perpetual)).next == nil)
        #expect(try read(.bybit, bybit(perpetual, cursor: "null")).next == nil)
        #expect(try read(.bybit, bybit("", cursor: #""first%3DA""#)).next == nil)
    }

    @Test("Bybit's spot has no kinds of contract and names its step otherwise")
    func bybitSpot() throws {
        let entry =
            #"{"symbol":"BTCUSDT","baseCoin":"BTC","quoteCoin":"USDT","innovation":"0","status":"Trading","#
            + #""lotSizeFilter":{"basePrecision":"0.000001","quotePrecision":"0.00000001","#
            + #""minOrderQty":"0.000011"},"priceFilter":{"tickSize":"0.01"}}"#
        let definition = try #require(try read(.bybit, bybit(entry)).list.definitions.first)
        #expect(definition.contract == .spot && definition.tickSize?.description == "0.01")
        #expect(definition.sizeStep?.description == "0.000001")
    }

    @Test("Coinbase's products: spot, dated and perpetual futures")
    func coinbase() throws {
        let text =
            #"{"products":[{"product_id":"BTC-USD","price":"68925.98","base_increment":"0.00000001","#
            + #""quote_increment":"0.01","base_min_size":"0.00000001","status":"online","product_type":"SPOT","#
            + #""quote_currency_id":"USD","base_currency_id":"BTC","price_increment":"0.01"},"#
            + #"{"product_id":"BIP-20DEC30-CDE","base_increment":"1","product_type":"FUTURE","price_increment":"5","#
            + #""future_product_details":{"contract_expiry_type":"EXPIRING","funding_interval":"3600s"}},"#
            + #"{"product_id":"BIT-24APR26-CDE","product_type":"FUTURE","future_product_details":"#
            + #"{"contract_expiry_type":"EXPIRING","funding_interval":null}},{"product_type":"SPOT"}],"#
            + #""num_products":3,"pagination":null}"#
        let page = try read(.coinbase, text)
        let list = page.list
        #expect(list.definitions.map(\.symbol) == ["BTC-USD", "BIP-20DEC30-CDE", "BIT-24APR26-CDE"])
        #expect(list.definitions.map(\.contract) == [.spot, .perpetual, .future])
        #expect(list.definitions[0].tickSize?.description == "0.01" && list.definitions[1].tickSize != nil)
        #expect(list.definitions[2].tickSize == nil && list.lost == 1 && page.next == nil)
        let cut = #"{"products":[{"product_id":"A"}],"pagination":{"next_cursor":"Mg==","has_next":true}}"#
        #expect(try read(.coinbase, cut).next == "Mg==")
    }

    private let pair =
        #"{"symbol":"BTC/USD","base":"BTC","quote":"USD","status":"online","qty_precision":8,"#
        + #""qty_increment":1e-08,"price_precision":1,"cost_min":0.5,"tick_size":0.1,"price_increment":0.1,"#
        + #""qty_min":0.0001}"#

    @Test("Kraken's channel: read, ignored by name, no instrument made")
    func kraken() throws {
        var session = Session(.kraken, .spot)
        let snapshot =
            #"{"channel":"instrument","type":"snapshot","data":{"assets":[{"id":"USD","status":"enabled"}],"#
            + #""pairs":[\#(pair),{"symbol":"MATIC/GBP","tick_size":0.0001}]}}"#
        #expect(session.take(snapshot) == .ignored)
        let list = try #require(session.batch.definitions)
        #expect(list.isWhole && list.definitions.map(\.symbol) == ["BTC/USD", "MATIC/GBP"])
        #expect(list.definitions[0].tickSize?.description == "0.1")
        #expect(list.definitions[0].sizeStep?.description == "0.00000001")
        #expect(list.definitions[1].tickSize?.description == "0.0001")
        #expect(session.batch.instruments.count == 0 && session.batch.order.isEmpty && session.errors == 0)
        let update = #"{"type":"update","data":{"pairs":[\#(pair)],"assets":[]},"channel":"instrument"}"#
        #expect(session.take(update) == .ignored)
        #expect(session.batch.definitions?.isWhole == false)
        #expect(session.take(#"{"channel":"heartbeat"}"#) == .ignored)
        #expect(session.batch.definitions == nil)
    }

    @Test("Kraken's acknowledgement of the channel confirms no feed")
    func krakenAck() {
        var session = Session(.kraken, .spot)
        let ack =
            #"{"method":"subscribe","req_id":79,"result":{"channel":"instrument","snapshot":true,"warnings":"#
            + #"["tick_size is deprecated, use price_increment"]},"success":true,"#
            + #""time_in":"2023-09-26T16:49:20.962586Z","time_out":"2023-09-26T16:49:20.962630Z"}"#
        #expect(session.take(ack) == .ignored)
        #expect(session.batch.statuses.isEmpty && session.batch.instruments.count == 0)
        let malformed = #"{"channel":"instrument","type":"snapshot","data":{"pairs":7}}"#
        #expect(session.take(malformed) == .ignored)
        #expect(session.batch.definitions == nil)
    }

    @Test("numbers that are none, zero or negative are not known; nothing is inferred")
    func malformed() throws {
        for tick in ["\"\"", "\"0\"", "\"-0.1\"", "\"x\"", "null", "[]", "\"1e99\""] {
            let entry = #"{"symbol":"A","priceFilter":{"tickSize":\#(tick)}},\#(perpetual)"#
            let list = try read(.bybit, bybit(entry)).list
            #expect(list.definitions.count == 2 && list.definitions[0].tickSize == nil, "\(tick)")
        }
    }

    @Test("what is no list of instruments is an error with its reason")
    func faults() {
        #expect(throws: DefinitionFault.refused("System busy (retCode 10016)")) {
            try read(.bybit, #"{"retCode":10016,"retMsg":"System busy","result":{}}"#)
        }
        #expect(throws: DefinitionFault.refused("INVALID_ARGUMENT bad limit")) {
            try read(.coinbase, #"{"error":"INVALID_ARGUMENT","message":"bad limit"}"#)
        }
        for exchange in [Bybit(), Coinbase()] as [any Exchange] {
            for text in ["", "<html>", "{}", "[]", "null", #"{"retCode":0,"products":{}}"#, #"{"retCode":0"#]
            {
                #expect(throws: DefinitionFault.self) { try read(exchange, text) }
            }
        }
        let tickers = #"{"retCode":0,"result":{"category":"linear","list":[{"symbol":"A","lastPrice":"1"}]}}"#
        #expect(throws: DefinitionFault.unreadable("the reply lists no instruments")) {
            try read(.bybit, tickers)
        }
    }

    @Test("replies and messages changed at random never trap, and every step read is above zero")
    func mutated() throws {
        let seed = UInt64.random(in: .min ... .max)
        print("definitions: seed \(seed)")
        var mutator = Mutator(seed: seed)
        let product =
            #"{"products":[{"product_id":"BTC-USD","price_increment":"0.01","base_increment":"1e-8"}]}"#
        let message = #"{"channel":"instrument","type":"snapshot","data":{"pairs":[\#(pair)]}}"#
        let texts: [(any Exchange, [UInt8])] = [
            (.bybit, Array(bybit(perpetual, cursor: #""first%3DA""#).utf8)), (.coinbase, Array(product.utf8)),
        ]
        var session = Session(.kraken, .spot)
        var lists: [DefinitionList] = []
        for _ in 0..<3_000 {
            for (exchange, text) in texts {
                let bytes = mutator.mutated(text)
                if let page = try? exchange.definitions.read(bytes.span.bytes) { lists.append(page.list) }
            }
            _ = session.take(mutator.mutated(Array(message.utf8)))
            if let list = session.batch.definitions { lists.append(list) }
        }
        #expect(lists.count > 1_000)
        for definition in lists.flatMap(\.definitions) {
            #expect(!definition.symbol.isEmpty)
            for step in [definition.tickSize, definition.sizeStep, definition.minimumSize] {
                #expect(step?.mantissa ?? 1 > 0)
            }
        }
    }

    @Test("every exchange says where its definitions come from")
    func catalog() {
        for exchange in ExchangeCatalog.standard.all {
            let rules = exchange.definitions
            for market in exchange.markets {
                let address = rules.restEndpoint(of: market)
                #expect((address == nil) != (rules.channelRequest == nil))
                #expect(address?.hasPrefix("https://") ?? true)
                #expect(rules.queries(of: market).isEmpty == (address == nil))
                for query in rules.queries(of: market) { #expect(query.hasPrefix("/")) }
            }
        }
        // Contracts that trade before their listing are listed apart.
        #expect(Bybit().definitions.queries(of: .linear).count == 2)
    }
}
