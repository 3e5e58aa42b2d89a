import MarketModel

/// What Coinbase offers, by `GET /api/v3/brokerage/market/products`, which needs no key.
struct CoinbaseDefinitions: DefinitionRules {
    func restEndpoint(of market: Market) -> String? { "https://api.coinbase.com" }

    func queries(of market: Market) -> [String] {
        market == .spot ? ["/api/v3/brokerage/market/products"] : []
    }

    func readPage(_ text: RawSpan) throws(DefinitionFault) -> DefinitionPage? {
        let root = JSONValue.root(of: text)
        if let error = root.member("error", in: text)?.string(in: text) {
            throw .refused("\(error) \(root.text("message", in: text))")
        }
        guard let entries = root.member("products", in: text), entries.kind(in: text) == .array else {
            return nil
        }
        let list = DefinitionList.reading(entries, in: text, Self.names) { values, definition in
            definition.tickSize = values[1].step(in: text)
            definition.sizeStep = values[2].step(in: text)
            definition.minimumSize = values[3].step(in: text)
            definition.base = values[4].text(in: text)
            definition.quote = values[5].text(in: text)
            definition.status = values[6].text(in: text)
            definition.contract = Self.contract(values[7].text(in: text), values[8], text)
        }
        // Null unless the reply was cut into pages.
        let pages = root.member("pagination", in: text)
        let next = pages?.text("next_cursor", in: text) ?? ""
        let goesOn = pages?.member("has_next", in: text)?.isTrue(in: text) == true && !next.isEmpty
        return DefinitionPage(list: list, next: goesOn ? next : nil)
    }

    private static let names: [StaticString] = [
        "product_id", "price_increment", "base_increment", "base_min_size", "base_currency_id",
        "quote_currency_id", "status", "product_type", "future_product_details",
    ]

    /// Dated and perpetual futures alike are of the type `FUTURE`; what they are paid for funding tells.
    private static func contract(
        _ type: String,
        _ details: JSONValue?,
        _ text: RawSpan
    ) -> InstrumentDefinition.Contract? {
        switch type {
        case "SPOT": return .spot
        case "FUTURE":
            let values = details.values(["contract_expiry_type", "funding_interval"], in: text)
            let isFunded = !values[1].text(in: text).isEmpty
            return values[0].text(in: text) == "PERPETUAL" || isFunded ? .perpetual : .future
        default: return nil
        }
    }

    // MARK: - Writing

    func entry(_ definition: InstrumentDefinition, market: Market) -> String {
        let (tick, step) = (definition.tickSize.text, definition.sizeStep.text)
        let status = definition.status.isEmpty ? "online" : definition.status
        return #"{"product_id":"\#(definition.symbol)","base_increment":"\#(step)","#
            + #""quote_increment":"\#(tick)","base_min_size":"\#(definition.minimumSize.text)","#
            + #""status":"\#(status)","trading_disabled":false,"product_type":"SPOT","#
            + #""quote_currency_id":"\#(definition.quote)","base_currency_id":"\#(definition.base)","#
            + #""price_increment":"\#(tick)"}"#
    }

    func list(_ entries: [String], next: String?, market: Market) -> String {
        let pages = next.map { #"{"next_cursor":"\#($0)","has_next":true}"# } ?? "null"
        return #"{"products":[\#(entries.joined(separator: ","))],"num_products":\#(entries.count),"#
            + #""pagination":\#(pages)}"#
    }
}
