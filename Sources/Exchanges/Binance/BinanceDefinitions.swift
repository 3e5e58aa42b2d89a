import MarketModel

/// What Binance offers, by `GET …/exchangeInfo`.
struct BinanceDefinitions: DefinitionRules {
    let isUS: Bool

    func restEndpoint(of market: Market) -> String? {
        switch market {
        case .spot: "https://api.binance.\(isUS ? "us" : "com")"
        case .linear: "https://fapi.binance.com"
        case .inverse: "https://dapi.binance.com"
        case .option, .multi: nil
        }
    }

    /// The beginning of a market's paths.
    static func prefix(of market: Market) -> String {
        switch market {
        case .linear: "/fapi/v1"
        case .inverse: "/dapi/v1"
        default: "/api/v3"
        }
    }

    func queries(of market: Market) -> [String] { ["\(Self.prefix(of: market))/exchangeInfo"] }

    func readPage(_ text: RawSpan) throws(DefinitionFault) -> DefinitionPage? {
        let root = JSONValue.root(of: text)
        if let code = root.member("code", in: text)?.integer(in: text) {
            throw .refused("\(root.text("msg", in: text)) (code \(code))")
        }
        guard let entries = root.member("symbols", in: text), entries.kind(in: text) == .array else {
            return nil
        }
        let list = DefinitionList.reading(entries, in: text, Self.names) { values, definition in
            Self.readFilters(values[1], text, &definition)
            definition.contract = Self.contract(values[2].text(in: text))
            definition.base = values[3].text(in: text)
            definition.quote = values[4].text(in: text)
            let status = values[5].text(in: text)
            definition.status = status.isEmpty ? values[6].text(in: text) : status
            definition.contractSize = values[7].step(in: text)
        }
        return DefinitionPage(list: list, next: nil)
    }

    private static let names: [StaticString] = [
        "symbol", "filters", "contractType", "baseAsset", "quoteAsset", "status", "contractStatus",
        "contractSize",
    ]

    private static func readFilters(
        _ filters: JSONValue?,
        _ text: RawSpan,
        _ definition: inout InstrumentDefinition
    ) {
        guard var filters = filters?.elements(in: text) else { return }
        while let filter = filters.next(in: text) {
            let values = filter.values(["filterType", "tickSize", "stepSize", "minQty"], in: text)
            if values[0]?.isString("PRICE_FILTER", in: text) == true {
                definition.tickSize = values[1].step(in: text)
            } else if values[0]?.isString("LOT_SIZE", in: text) == true {
                definition.sizeStep = values[2].step(in: text)
                definition.minimumSize = values[3].step(in: text)
            }
        }
    }

    /// Spot has no kinds; contracts with a date are named by when it is.
    private static func contract(_ kind: String) -> InstrumentDefinition.Contract? {
        switch kind {
        case "": .spot
        case "PERPETUAL", "TRADIFI_PERPETUAL": .perpetual
        default: kind.contains("_QUARTER") || kind.contains("_MONTH") ? .future : nil
        }
    }

    // MARK: - Writing

    func entry(_ definition: InstrumentDefinition, market: Market) -> String {
        let kind = definition.contract == .future ? "CURRENT_QUARTER" : "PERPETUAL"
        let status = definition.status.isEmpty ? "TRADING" : definition.status
        return #"{"symbol":"\#(definition.symbol)","#
            + (market == .spot ? "" : #""contractType":"\#(kind)","#)
            + #""\#(market == .inverse ? "contractStatus" : "status")":"\#(status)","#
            + #""baseAsset":"\#(definition.base)","quoteAsset":"\#(definition.quote)","#
            + (definition.contractSize.map { #""contractSize":\#($0),"# } ?? "")
            + #""filters":[{"filterType":"PRICE_FILTER","tickSize":"\#(definition.tickSize.text)"},"#
            + #"{"filterType":"LOT_SIZE","stepSize":"\#(definition.sizeStep.text)","#
            + #""minQty":"\#(definition.minimumSize.text)"}]}"#
    }

    func list(_ entries: [String], next: String?, market: Market) -> String {
        #"{"timezone":"UTC","symbols":[\#(entries.joined(separator: ","))]}"#
    }
}
