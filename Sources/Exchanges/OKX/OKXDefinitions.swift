import MarketModel

/// What OKX offers, by `GET /api/v5/public/instruments`; options are listed a family at a time.
struct OKXDefinitions: DefinitionRules {
    func restEndpoint(of market: Market) -> String? { "https://www.okx.com" }

    /// The parameters of each query, and what symbols begin with whose instruments it lists.
    private static let lists: [(type: OKXInstrumentType, family: String)] = [
        (.spot, ""), (.swap, ""), (.futures, ""), (.option, "BTC-USD"), (.option, "ETH-USD"),
    ]

    func queries(of market: Market) -> [String] {
        Self.lists.map { list in
            let family = list.family.isEmpty ? "" : "&instFamily=\(list.family)"
            return "/api/v5/public/instruments?instType=\(list.type.word)\(family)"
        }
    }

    func query(listing definition: InstrumentDefinition) -> Int {
        let type = OKXInstrumentType(ofSymbol: definition.symbol)
        return Self.lists.firstIndex { $0.type == type && definition.symbol.hasPrefix($0.family) } ?? 0
    }

    func lists(_ symbol: String) -> Bool {
        let type = OKXInstrumentType(ofSymbol: symbol)
        return type != .option || Self.lists.contains { $0.type == type && symbol.hasPrefix("\($0.family)-") }
    }

    func readPage(_ text: RawSpan) throws(DefinitionFault) -> DefinitionPage? {
        let root = JSONValue.root(of: text)
        guard let code = root.member("code", in: text)?.integer(in: text) else { return nil }
        guard code == 0 else { throw .refused("\(root.text("msg", in: text)) (code \(code))") }
        guard let entries = root.member("data", in: text), entries.kind(in: text) == .array else {
            return nil
        }
        let list = DefinitionList.reading(entries, in: text, Self.names) { values, definition in
            definition.tickSize = values[1].step(in: text)
            definition.sizeStep = values[2].step(in: text)
            definition.minimumSize = values[3].step(in: text)
            definition.contract = Self.contract(values[4].text(in: text))
            let pair = values[5].text(in: text).split(separator: "-").map(String.init)
            let isPair = pair.count == 2
            definition.base = isPair ? pair[0] : values[6].text(in: text)
            definition.quote = isPair ? pair[1] : values[7].text(in: text)
            definition.status = values[8].text(in: text)
            definition.contractSize = Self.contractSize(
                values[9].step(in: text),
                times: values[10].step(in: text),
                of: values[11].text(in: text),
                values[12].text(in: text),
                definition
            )
        }
        // Other lists of symbols, such as tickers, say nothing of steps.
        if !list.definitions.isEmpty, list.definitions.allSatisfy({ $0.tickSize == nil }) { return nil }
        return DefinitionPage(list: list, next: nil)
    }

    private static let names: [StaticString] = [
        "instId", "tickSz", "lotSz", "minSz", "instType", "uly", "baseCcy", "quoteCcy", "state", "ctVal",
        "ctMult", "ctValCcy", "ctType",
    ]

    private static func contract(_ type: String) -> InstrumentDefinition.Contract? {
        switch type {
        case "SPOT": .spot
        case "SWAP": .perpetual
        case "FUTURES": .future
        default: nil
        }
    }

    /// What a contract is worth: base of a linear one, quote of an inverse one; nil if it is something else.
    private static func contractSize(
        _ value: FixedDecimal?,
        times count: FixedDecimal?,
        of asset: String,
        _ kind: String,
        _ definition: InstrumentDefinition
    ) -> FixedDecimal? {
        let isKnown = kind == "linear" && asset == definition.base || kind == "inverse" && asset == "USD"
        guard isKnown, definition.contract != nil, let value else { return nil }
        guard let count else { return value }
        let (product, overflow) = value.mantissa.multipliedReportingOverflow(by: count.mantissa)
        let scale = value.scale + count.scale
        return overflow || scale > 18 ? nil : FixedDecimal(mantissa: product, scale: scale)
    }

    // MARK: - Writing

    func entry(_ definition: InstrumentDefinition, market: Market) -> String {
        let type = OKXInstrumentType(ofSymbol: definition.symbol)
        let status = definition.status.isEmpty ? "live" : definition.status
        let steps =
            #""tickSz":"\#(definition.tickSize.text)","lotSz":"\#(definition.sizeStep.text)","#
            + #""minSz":"\#(definition.minimumSize.text)","state":"\#(status)""#
        let head = #"{"instType":"\#(type.word)","instId":"\#(definition.symbol)","#
        if type == .spot {
            return head + #""baseCcy":"\#(definition.base)","quoteCcy":"\#(definition.quote)","uly":"","#
                + #""ctVal":"","ctMult":"","ctValCcy":"","ctType":"",\#(steps)}"#
        }
        let isInverse = definition.quote == "USD"
        return head + #""baseCcy":"","quoteCcy":"","uly":"\#(definition.base)-\#(definition.quote)","#
            + #""settleCcy":"\#(isInverse ? definition.base : definition.quote)","#
            + #""ctVal":"\#(definition.contractSize.text)","ctMult":"1","#
            + #""ctValCcy":"\#(isInverse ? "USD" : definition.base)","#
            + #""ctType":"\#(isInverse ? "inverse" : "linear")",\#(steps)}"#
    }

    func list(_ entries: [String], next: String?, market: Market) -> String {
        #"{"code":"0","data":[\#(entries.joined(separator: ","))],"msg":""}"#
    }
}
