import MarketModel

/// What Bitfinex offers, by `GET /v2/conf/pub:info:pair` and `…:futures`.
struct BitfinexDefinitions: DefinitionRules {
    func restEndpoint(of market: Market) -> String? { "https://api-pub.bitfinex.com" }

    func queries(of market: Market) -> [String] {
        ["/v2/conf/pub:info:pair", "/v2/conf/pub:info:pair:futures"]
    }

    func query(listing definition: InstrumentDefinition) -> Int { definition.contract == .perpetual ? 1 : 0 }

    /// `[[["1INCH:USD",[null,null,null,"2.0","100000.0",null,null,null,0.3,0.2,null,null]],…]]`: the least and the
    /// greatest size; prices have five significant digits, and no step.
    func readPage(_ text: RawSpan) throws(DefinitionFault) -> DefinitionPage? {
        let root = JSONValue.root(of: text)
        guard let first = root.place(0, in: text) else { return nil }
        if first.isString("error", in: text) {
            throw .refused(root.place(2, in: text)?.string(in: text) ?? "")
        }
        guard first.kind(in: text) == .array else { return nil }
        var (list, entries) = (DefinitionList(), first.elements(in: text))
        while let entry = entries.next(in: text) {
            guard let pair = entry.place(0, in: text)?.string(in: text), !pair.isEmpty,
                let facts = entry.place(1, in: text), facts.kind(in: text) == .array
            else {
                list.lost += 1
                continue
            }
            var definition = InstrumentDefinition(symbol: "t\(pair)")
            definition.minimumSize = facts.place(3, in: text).step(in: text)
            let isSpot = Bitfinex().market(ofSymbol: definition.symbol) == .spot
            definition.contract = isSpot ? .spot : .perpetual
            // Assets of more than three letters have a colon between them.
            let cut = pair.split(separator: ":")
            let assets =
                cut.count == 2 ? cut.map(String.init) : [String(pair.prefix(3)), String(pair.dropFirst(3))]
            (definition.base, definition.quote) = (assets[0], assets[1])
            if !isSpot { (definition.base, definition.quote) = (assets[0].unmarked, assets[1].unmarked) }
            list.definitions.append(definition)
        }
        // Other lists, such as those of names, have no facts.
        return list.definitions.isEmpty && list.lost > 0 ? nil : DefinitionPage(list: list, next: nil)
    }

    func entry(_ definition: InstrumentDefinition, market: Market) -> String {
        let least = definition.minimumSize.map { #""\#($0)""# } ?? "null"
        let pair = String(definition.symbol.dropFirst()).jsonLiteral
        return #"[\#(pair),[null,null,null,\#(least),"100000.0",null,null,null,null,null,null,null]]"#
    }

    func list(_ entries: [String], next: String?, market: Market) -> String {
        "[[\(entries.joined(separator: ","))]]"
    }
}

extension String {
    /// An asset as a contract's symbol marks it, without the mark.
    fileprivate var unmarked: String { hasSuffix("F0") ? String(dropLast(2)) : self }
}
