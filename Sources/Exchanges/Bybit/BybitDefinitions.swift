import MarketModel

/// What Bybit offers, by `GET /v5/market/instruments-info`.
struct BybitDefinitions: DefinitionRules {
    func restEndpoint(of market: Market) -> String? { "https://api.bybit.com" }

    /// Derivatives that trade before their listing are listed only on request; spot knows no pages.
    func queries(of market: Market) -> [String] {
        let path = "/v5/market/instruments-info?category=\(market.rawValue)"
        return market == .spot ? [path] : ["\(path)&limit=1000", "\(path)&status=PreLaunch&limit=1000"]
    }

    func readPage(_ text: RawSpan) throws(DefinitionFault) -> DefinitionPage? {
        let root = JSONValue.root(of: text)
        guard let code = root.member("retCode", in: text)?.integer(in: text) else { return nil }
        guard code == 0 else { throw .refused("\(root.text("retMsg", in: text)) (retCode \(code))") }
        guard let result = root.member("result", in: text), let entries = result.member("list", in: text),
            entries.kind(in: text) == .array
        else { return nil }
        let list = DefinitionList.reading(entries, in: text, Self.names) { values, definition in
            definition.tickSize = values[1].values(["tickSize"], in: text)[0].step(in: text)
            let sizes = values[2].values(["qtyStep", "basePrecision", "minOrderQty"], in: text)
            definition.sizeStep = sizes[0].step(in: text) ?? sizes[1].step(in: text)
            definition.minimumSize = sizes[2].step(in: text)
            definition.contract = Self.contract(values[3].text(in: text))
            definition.base = values[4].text(in: text)
            definition.quote = values[5].text(in: text)
            definition.status = values[6].text(in: text)
        }
        // Other lists of symbols, such as tickers, say nothing of steps.
        if !list.definitions.isEmpty, list.definitions.allSatisfy({ $0.tickSize == nil }) { return nil }
        let next = result.text("nextPageCursor", in: text)
        // The page behind the last is empty, whatever its cursor says.
        let isLast = next.isEmpty || list.definitions.isEmpty
        return DefinitionPage(list: list, next: isLast ? nil : next)
    }

    private static let names: [StaticString] = [
        "symbol", "priceFilter", "lotSizeFilter", "contractType", "baseCoin", "quoteCoin", "status",
    ]

    /// Spot has no kinds.
    private static func contract(_ kind: String) -> InstrumentDefinition.Contract? {
        switch kind {
        case "": .spot
        case "LinearPerpetual", "InversePerpetual": .perpetual
        case "LinearFutures", "InverseFutures": .future
        default: nil
        }
    }

    // MARK: - Writing

    func entry(_ definition: InstrumentDefinition, market: Market) -> String {
        let step = definition.sizeStep.text
        let kind = word(definition.contract, market).map { #""contractType":"\#($0)","# } ?? ""
        let status = definition.status.isEmpty ? "Trading" : definition.status
        return #"{"symbol":"\#(definition.symbol)",\#(kind)"status":"\#(status)","#
            + #""baseCoin":"\#(definition.base)","quoteCoin":"\#(definition.quote)","#
            + #""priceFilter":{"tickSize":"\#(definition.tickSize.text)"},"#
            + #""lotSizeFilter":{"minOrderQty":"\#(definition.minimumSize.text)","#
            + #""\#(market == .spot ? "basePrecision" : "qtyStep")":"\#(step)"}}"#
    }

    private func word(_ contract: InstrumentDefinition.Contract?, _ market: Market) -> String? {
        let margin = market == .inverse ? "Inverse" : "Linear"
        switch contract {
        case .perpetual: return margin + "Perpetual"
        case .future: return margin + "Futures"
        case .spot, .quanto, nil: return nil
        }
    }

    func list(_ entries: [String], next: String?, market: Market) -> String {
        #"{"retCode":0,"retMsg":"OK","result":{"category":"\#(market.rawValue)","#
            + #""list":[\#(entries.joined(separator: ","))],"#
            + #""nextPageCursor":"\#(next ?? "")"},"retExtInfo":{}}"#
    }
}
