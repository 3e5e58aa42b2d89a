import MarketModel

/// What Deribit offers, by `GET /api/v2/public/get_instruments`, without combos.
struct DeribitDefinitions: DefinitionRules {
    func restEndpoint(of market: Market) -> String? { "https://www.deribit.com" }

    private static let kinds = ["future", "option", "spot"]

    func queries(of market: Market) -> [String] {
        Self.kinds.map { "/api/v2/public/get_instruments?currency=any&kind=\($0)" }
    }

    private func kind(of symbol: String) -> String {
        switch Deribit().market(ofSymbol: symbol) {
        case .option: "option"
        case .spot: "spot"
        default: "future"
        }
    }

    func query(listing definition: InstrumentDefinition) -> Int {
        Self.kinds.firstIndex(of: kind(of: definition.symbol)) ?? 0
    }

    /// Combos have a code behind the currency, where others have a date or `PERPETUAL`.
    func lists(_ symbol: String) -> Bool {
        let parts = symbol.split(separator: "-")
        return parts.count < 2 || parts[1] == "PERPETUAL" || parts[1].first?.isNumber == true
    }

    func readPage(_ text: RawSpan) throws(DefinitionFault) -> DefinitionPage? {
        let root = JSONValue.root(of: text)
        if let error = root.member("error", in: text) {
            let code = error.member("code", in: text)?.integer(in: text) ?? 0
            throw .refused("\(error.text("message", in: text)) (code \(code))")
        }
        guard let entries = root.member("result", in: text), entries.kind(in: text) == .array else {
            return nil
        }
        let list = DefinitionList.reading(entries, in: text, Self.names) { values, definition in
            definition.tickSize = values[1].step(in: text)
            definition.minimumSize = values[2].step(in: text)
            // Sizes are multiples of a contract, or of the least size where that is less.
            let steps = [definition.minimumSize, values[3].step(in: text)].compactMap(\.self)
            definition.sizeStep = steps.min()
            definition.base = values[4].text(in: text)
            definition.quote = values[5].text(in: text)
            definition.status = values[6]?.isTrue(in: text) == true ? "active" : "inactive"
            let isPerpetual = values[7].text(in: text) == "perpetual"
            switch values[8].text(in: text) {
            case "spot": definition.contract = .spot
            case "future": definition.contract = isPerpetual ? .perpetual : .future
            default: break
            }
        }
        // Other lists of symbols say nothing of steps.
        if !list.definitions.isEmpty, list.definitions.allSatisfy({ $0.tickSize == nil }) { return nil }
        return DefinitionPage(list: list, next: nil)
    }

    private static let names: [StaticString] = [
        "instrument_name", "tick_size", "min_trade_amount", "contract_size", "base_currency",
        "quote_currency", "is_active", "settlement_period", "kind",
    ]

    // MARK: - Writing

    func entry(_ definition: InstrumentDefinition, market: Market) -> String {
        let isTraded = definition.status.isEmpty || definition.status == "active"
        let period = definition.contract == .perpetual ? #""settlement_period":"perpetual","# : ""
        return
            #"{"instrument_name":"\#(definition.symbol)","kind":"\#(kind(of: definition.symbol))",\#(period)"#
            + #""tick_size":\#(definition.tickSize ?? .zero),"#
            + #""min_trade_amount":\#(definition.minimumSize ?? .zero),"#
            + #""contract_size":\#(definition.sizeStep ?? .zero),"is_active":\#(isTraded),"#
            + #""base_currency":"\#(definition.base)","quote_currency":"\#(definition.quote)"}"#
    }

    func list(_ entries: [String], next: String?, market: Market) -> String {
        #"{"jsonrpc":"2.0","result":[\#(entries.joined(separator: ","))]}"#
    }
}
