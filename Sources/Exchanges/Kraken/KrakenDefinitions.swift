import MarketModel

/// What Kraken offers, on the channel `instrument`: a snapshot of all pairs, then those that change.
struct KrakenDefinitions: DefinitionRules {
    /// Tokenized stocks are left out unless asked for.
    func channelRequest(_ operation: SubscriptionOperation) -> String? {
        #"{"method":"\#(operation.rawValue)","params":{"channel":"instrument","#
            + #""include_tokenized_assets":true,"snapshot":true}}"#
    }

    /// The pairs of a message; nil if it is malformed.
    static func list(_ message: JSONValue, isSnapshot: Bool?, _ text: RawSpan) -> DefinitionList? {
        guard let isSnapshot, let pairs = message.member("data", in: text)?.member("pairs", in: text),
            pairs.kind(in: text) == .array
        else { return nil }
        var list = DefinitionList.reading(pairs, in: text, names) { values, definition in
            // `tick_size` is the older name.
            definition.tickSize = values[1].step(in: text) ?? values[2].step(in: text)
            definition.sizeStep = values[3].step(in: text)
            definition.minimumSize = values[4].step(in: text)
            definition.contract = .spot
            definition.base = values[5].text(in: text)
            definition.quote = values[6].text(in: text)
            definition.status = values[7].text(in: text)
        }
        list.isWhole = isSnapshot
        return list
    }

    private static let names: [StaticString] = [
        "symbol", "price_increment", "tick_size", "qty_increment", "qty_min", "base", "quote", "status",
    ]

    // MARK: - Writing

    func entry(_ definition: InstrumentDefinition, market: Market) -> String {
        let (tick, step) = (definition.tickSize ?? .zero, definition.sizeStep ?? .zero)
        let status = definition.status.isEmpty ? "online" : definition.status
        return #"{"symbol":"\#(definition.symbol)","base":"\#(definition.base)","#
            + #""quote":"\#(definition.quote)","status":"\#(status)","#
            + #""qty_precision":\#(step.scale),"qty_increment":\#(step),"#
            + #""price_precision":\#(tick.scale),"tick_size":\#(tick),"price_increment":\#(tick),"#
            + #""qty_min":\#(definition.minimumSize ?? .zero)}"#
    }

    func list(_ entries: [String], next: String?, market: Market) -> String {
        #"{"channel":"instrument","type":"snapshot","data":{"assets":[],"#
            + #""pairs":[\#(entries.joined(separator: ","))]}}"#
    }
}
