import MarketModel

/// What Coinbase offers, by `GET /api/v3/brokerage/market/products`, which needs no key.
enum CoinbaseDefinitions {
    static let rules = DefinitionRules(
        restEndpoint: "https://api.coinbase.com",
        queries: { $0 == .spot ? ["/api/v3/brokerage/market/products"] : [] },
        read: read
    )

    private static func read(_ text: RawSpan, _ root: JSONValue) throws(DefinitionFault) -> DefinitionPage? {
        if let error = root.member("error", in: text)?.string(in: text) {
            throw .refused("\(error) \(root.text("message", in: text))")
        }
        guard let entries = root.member("products", in: text), entries.kind(in: text) == .array else {
            return nil
        }
        let list = DefinitionList.reading(
            entries,
            in: text,
            { definition($0, $1, text) },
            symbol: "product_id"
        )
        // Null unless the reply was cut into pages.
        let pages = root.member("pagination", in: text)
        let next = pages?.text("next_cursor", in: text) ?? ""
        let goesOn = pages?.member("has_next", in: text)?.isTrue(in: text) == true && !next.isEmpty
        return DefinitionPage(list: list, next: goesOn ? next : nil)
    }

    private static func definition(
        _ entry: JSONValue,
        _ symbol: String,
        _ text: RawSpan
    ) -> InstrumentDefinition {
        var definition = InstrumentDefinition(symbol: symbol)
        definition.tickSize = entry.step("price_increment", in: text)
        definition.sizeStep = entry.step("base_increment", in: text)
        definition.minimumSize = entry.step("base_min_size", in: text)
        definition.contract = contract(entry, text)
        definition.base = entry.text("base_currency_id", in: text)
        definition.quote = entry.text("quote_currency_id", in: text)
        definition.status = entry.text("status", in: text)
        return definition
    }

    /// Dated and perpetual futures alike are of the type `FUTURE`; what they are paid for funding tells.
    private static func contract(_ entry: JSONValue, _ text: RawSpan) -> InstrumentDefinition.Contract? {
        switch entry.text("product_type", in: text) {
        case "SPOT": return .spot
        case "FUTURE":
            let details = entry.member("future_product_details", in: text)
            let expiry = details?.text("contract_expiry_type", in: text)
            let isFunded = details?.text("funding_interval", in: text).isEmpty == false
            return expiry == "PERPETUAL" || isFunded ? .perpetual : .future
        default: return nil
        }
    }
}
