import MarketModel

/// What Hyperliquid offers, by `POST /info`: perpetuals of its own and pairs, not those of builders.
struct HyperliquidDefinitions: DefinitionRules {
    func restEndpoint(of market: Market) -> String? { "https://api.hyperliquid.xyz" }

    func queries(of market: Market) -> [String] {
        [#"/info {"type":"meta"}"#, #"/info {"type":"spotMeta"}"#]
    }

    func query(listing definition: InstrumentDefinition) -> Int { definition.contract == .spot ? 1 : 0 }

    /// The markets of builders are named by their owner, as `dex:COIN`, and listed apart.
    func lists(_ symbol: String) -> Bool { !symbol.contains(":") }

    /// No price step is stated: prices have five significant figures.
    func readPage(_ text: RawSpan) throws(DefinitionFault) -> DefinitionPage? {
        let root = JSONValue.root(of: text)
        guard let universe = root.member("universe", in: text), universe.kind(in: text) == .array else {
            return nil
        }
        let tokens = root.member("tokens", in: text).map { Self.tokens($0, text) }
        let names: [StaticString] = ["name", "szDecimals", "isDelisted", "tokens"]
        let list = DefinitionList.reading(universe, in: text, names) { values, definition in
            definition.status = values[2]?.isTrue(in: text) == true ? "delisted" : ""
            guard let tokens else {
                definition.contract = .perpetual
                definition.base = definition.symbol
                definition.sizeStep = Self.step(values[1]?.integer(in: text))
                return
            }
            definition.contract = .spot
            var pair: [Token] = []
            var indexes = values[3]?.elements(in: text)
            while let index = indexes?.next(in: text)?.integer(in: text) {
                if let token = tokens[index] { pair.append(token) }
            }
            guard pair.count == 2 else { return }
            (definition.base, definition.quote) = (pair[0].name, pair[1].name)
            definition.sizeStep = Self.step(pair[0].decimals)
        }
        return DefinitionPage(list: list, next: nil)
    }

    private typealias Token = (name: String, decimals: Int64?)

    /// The tokens by their numbers.
    private static func tokens(_ list: JSONValue, _ text: RawSpan) -> [Int64: Token] {
        var tokens: [Int64: Token] = [:]
        var elements = list.elements(in: text)
        while let element = elements.next(in: text) {
            let values = element.values(["index", "name", "szDecimals"], in: text)
            guard let index = values[0]?.integer(in: text) else { continue }
            tokens[index] = (values[1].text(in: text), values[2]?.integer(in: text))
        }
        return tokens
    }

    private static func step(_ decimals: Int64?) -> FixedDecimal? {
        guard let decimals, 0...18 ~= decimals else { return nil }
        return FixedDecimal(mantissa: 1, scale: UInt8(decimals))
    }

    // MARK: - Writing

    /// An entry of pairs has its tokens in front, a line each.
    func entry(_ definition: InstrumentDefinition, market: Market) -> String {
        let decimals = definition.sizeStep.map { Int($0.scale) } ?? 0
        let status = definition.status == "delisted" ? #","isDelisted":true"# : ""
        guard definition.contract == .spot else {
            return #"{"szDecimals":\#(decimals),"name":"\#(definition.symbol)"\#(status)}"#
        }
        return #""name":"\#(definition.base)","szDecimals":\#(decimals)"# + "\n"
            + #""name":"\#(definition.quote)","szDecimals":8"# + "\n"
            + #""name":"\#(definition.symbol)""#
    }

    func list(_ entries: [String], next: String?, market: Market) -> String {
        guard entries.first?.contains("\n") == true else {
            return #"{"universe":[\#(entries.joined(separator: ","))]}"#
        }
        var (tokens, pairs): ([String], [String]) = ([], [])
        for lines in entries.map({ $0.split(separator: "\n") }) where lines.count == 3 {
            let first = tokens.count
            tokens.append(#"{\#(lines[0]),"index":\#(first)}"#)
            tokens.append(#"{\#(lines[1]),"index":\#(first + 1)}"#)
            pairs.append(#"{"tokens":[\#(first),\#(first + 1)],\#(lines[2])}"#)
        }
        let (all, universe) = (tokens.joined(separator: ","), pairs.joined(separator: ","))
        return #"{"tokens":[\#(all)],"universe":[\#(universe)]}"#
    }
}
