import MarketModel

/// What Kraken offers, on the channel `instrument`: a snapshot of all pairs, then those that change.
enum KrakenDefinitions {
    /// Tokenized stocks are left out unless asked for.
    static let rules = DefinitionRules(
        channelRequest: #"{"method":"subscribe","params":{"channel":"instrument","#
            + #""include_tokenized_assets":true,"snapshot":true}}"#
    )

    /// The pairs of a message; nil if it is malformed.
    static func list(_ envelope: KrakenEnvelope, _ text: RawSpan) -> DefinitionList? {
        guard let isSnapshot = envelope.isSnapshot(text),
            let pairs = envelope.data?.member("pairs", in: text), pairs.kind(in: text) == .array
        else { return nil }
        var list = DefinitionList.reading(pairs, in: text, { definition($0, $1, text) }, symbol: "symbol")
        list.isWhole = isSnapshot
        return list
    }

    private static func definition(
        _ entry: JSONValue,
        _ symbol: String,
        _ text: RawSpan
    ) -> InstrumentDefinition {
        var definition = InstrumentDefinition(symbol: symbol)
        // `tick_size` is the older name.
        definition.tickSize = entry.step("price_increment", in: text) ?? entry.step("tick_size", in: text)
        definition.sizeStep = entry.step("qty_increment", in: text)
        definition.minimumSize = entry.step("qty_min", in: text)
        definition.contract = .spot
        definition.base = entry.text("base", in: text)
        definition.quote = entry.text("quote", in: text)
        definition.status = entry.text("status", in: text)
        return definition
    }
}
