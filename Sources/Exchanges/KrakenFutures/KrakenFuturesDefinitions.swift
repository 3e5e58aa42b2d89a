import MarketModel

/// What Kraken Futures offers, by `GET /derivatives/api/v3/instruments`.
struct KrakenFuturesDefinitions: DefinitionRules {
    func restEndpoint(of market: Market) -> String? { "https://futures.kraken.com" }

    func queries(of market: Market) -> [String] { ["/derivatives/api/v3/instruments"] }

    func readPage(_ text: RawSpan) throws(DefinitionFault) -> DefinitionPage? {
        let root = JSONValue.root(of: text)
        guard let result = root.member("result", in: text)?.string(in: text) else { return nil }
        guard result == "success" else { throw .refused(root.text("error", in: text)) }
        guard let entries = root.member("instruments", in: text), entries.kind(in: text) == .array else {
            return nil
        }
        let list = DefinitionList.reading(entries, in: text, Self.names) { values, definition in
            definition.symbol = definition.symbol.uppercased()
            definition.tickSize = values[1].step(in: text)
            definition.sizeStep = Self.step(digits: values[2]?.integer(in: text), text, values[2])
            definition.minimumSize = definition.sizeStep
            definition.contractSize = values[3].step(in: text)
            definition.base = values[4].text(in: text)
            definition.quote = values[5].text(in: text)
            definition.contract = definition.symbol.hasPrefix("P") ? .perpetual : .future
            definition.status = values[6]?.isTrue(in: text) == true ? "tradeable" : "untradeable"
        }
        // Other lists of symbols, such as tickers, say nothing of steps.
        if !list.definitions.isEmpty, list.definitions.allSatisfy({ $0.tickSize == nil }) { return nil }
        return DefinitionPage(list: list, next: nil)
    }

    private static let names: [StaticString] = [
        "symbol", "tickSize", "contractValueTradePrecision", "contractSize", "base", "quote", "tradeable",
    ]

    /// A size of so many digits behind the point; below zero, of tens, hundreds and so on.
    private static func step(digits: Int64?, _ text: RawSpan, _ value: JSONValue?) -> FixedDecimal? {
        let digits = digits ?? value?.decimal(in: text)?.mantissa(atScale: 0)
        guard let digits, -18...18 ~= digits else { return nil }
        return digits < 0
            ? FixedDecimal(mantissa: PowersOfTen.int64(Int(-digits)), scale: 0)
            : FixedDecimal(mantissa: 1, scale: UInt8(digits))
    }

    // MARK: - Writing

    func entry(_ definition: InstrumentDefinition, market: Market) -> String {
        let isInverse = KrakenFutures().market(ofSymbol: definition.symbol) == .inverse
        let digits = definition.sizeStep.map { $0.scale } ?? 0
        let isTraded = definition.status.isEmpty || definition.status == "tradeable"
        return #"{"symbol":"\#(definition.symbol)","#
            + #""type":"\#(isInverse ? "futures_inverse" : "flexible_futures")","#
            + #""tickSize":\#(definition.tickSize ?? .zero),"#
            + #""contractSize":\#(definition.contractSize ?? FixedDecimal(mantissa: 1, scale: 0)),"#
            + #""tradeable":\#(isTraded),"contractValueTradePrecision":\#(digits),"#
            + #""base":"\#(definition.base)","quote":"\#(definition.quote)"}"#
    }

    func list(_ entries: [String], next: String?, market: Market) -> String {
        #"{"result":"success","instruments":[\#(entries.joined(separator: ","))],"#
            + #""serverTime":"2026-03-02T12:00:00.000Z"}"#
    }
}
