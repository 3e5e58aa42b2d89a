import MarketModel

/// What Bybit offers, by `GET /v5/market/instruments-info`.
enum BybitDefinitions {
    static let rules = DefinitionRules(
        restEndpoint: "https://api.bybit.com",
        queries: queries,
        read: read
    )

    /// Derivatives that trade before their listing are listed only on request; spot knows no pages.
    private static func queries(_ market: Market) -> [String] {
        let path = "/v5/market/instruments-info?category=\(market.rawValue)"
        return market == .spot ? [path] : ["\(path)&limit=1000", "\(path)&status=PreLaunch&limit=1000"]
    }

    private static func read(_ text: RawSpan, _ root: JSONValue) throws(DefinitionFault) -> DefinitionPage? {
        guard let code = root.member("retCode", in: text)?.integer(in: text) else { return nil }
        guard code == 0 else { throw .refused("\(root.text("retMsg", in: text)) (retCode \(code))") }
        guard let result = root.member("result", in: text), let entries = result.member("list", in: text),
            entries.kind(in: text) == .array
        else { return nil }
        let list = DefinitionList.reading(entries, in: text, { definition($0, $1, text) }, symbol: "symbol")
        // Other lists of symbols, such as tickers, say nothing of steps.
        if !list.definitions.isEmpty, list.definitions.allSatisfy({ $0.tickSize == nil }) { return nil }
        let next = result.text("nextPageCursor", in: text)
        // The page behind the last is empty, whatever its cursor says.
        let isLast = next.isEmpty || list.definitions.isEmpty
        return DefinitionPage(list: list, next: isLast ? nil : next)
    }

    private static func definition(
        _ entry: JSONValue,
        _ symbol: String,
        _ text: RawSpan
    ) -> InstrumentDefinition {
        var definition = InstrumentDefinition(symbol: symbol)
        definition.tickSize = entry.member("priceFilter", in: text)?.step("tickSize", in: text)
        if let sizes = entry.member("lotSizeFilter", in: text) {
            definition.sizeStep = sizes.step("qtyStep", in: text) ?? sizes.step("basePrecision", in: text)
            definition.minimumSize = sizes.step("minOrderQty", in: text)
        }
        definition.contract = contract(entry.text("contractType", in: text))
        definition.base = entry.text("baseCoin", in: text)
        definition.quote = entry.text("quoteCoin", in: text)
        definition.status = entry.text("status", in: text)
        return definition
    }

    /// Spot has no kinds.
    private static func contract(_ kind: String) -> InstrumentDefinition.Contract? {
        switch kind {
        case "": .spot
        case "LinearPerpetual", "InversePerpetual": .perpetual
        case "LinearFutures", "InverseFutures": .future
        default: nil
        }
    }
}
