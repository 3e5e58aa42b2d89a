import MarketModel

/// What BitMEX offers, by `GET /api/v1/instrument/active`.
struct BitMEXDefinitions: DefinitionRules {
    func restEndpoint(of market: Market) -> String? { "https://www.bitmex.com" }

    func queries(of market: Market) -> [String] { ["/api/v1/instrument/active"] }

    func readPage(_ text: RawSpan) throws(DefinitionFault) -> DefinitionPage? {
        let root = JSONValue.root(of: text)
        if let error = root.member("error", in: text) { throw .refused(error.text("message", in: text)) }
        guard root.kind(in: text) == .array else { return nil }
        let list = DefinitionList.reading(root, in: text, Self.names) { values, definition in
            definition.tickSize = values[1].step(in: text)
            definition.sizeStep = values[2].step(in: text)
            definition.minimumSize = definition.sizeStep
            definition.base = values[3].text(in: text)
            definition.quote = values[4].text(in: text)
            definition.status = values[5].text(in: text)
            definition.contract = Self.contract(values[6].text(in: text), values[7].text(in: text))
            if values[8]?.isTrue(in: text) == true {
                definition.contract = .quanto
            } else {
                definition.contractSize = Self.contractSize(values, text)
            }
        }
        // Other lists of symbols, such as quotes, say nothing of steps.
        if !list.definitions.isEmpty, list.definitions.allSatisfy({ $0.tickSize == nil }) { return nil }
        return DefinitionPage(list: list, next: nil)
    }

    private static let names: [StaticString] = [
        "symbol", "tickSize", "lotSize", "underlying", "quoteCurrency", "state", "typ", "expiry", "isQuanto",
        "isInverse", "multiplier", "underlyingToPositionMultiplier", "underlyingToSettleMultiplier",
        "quoteToSettleMultiplier",
    ]

    /// By the code of the type: `IFXXXP` spot, `FFW…` a perpetual, other contracts `FF…` end.
    private static func contract(_ type: String, _ expiry: String) -> InstrumentDefinition.Contract? {
        if type == "IFXXXP" { return .spot }
        guard type.hasPrefix("FF") else { return nil }
        return type.hasPrefix("FFW") && expiry.isEmpty ? .perpetual : .future
    }

    /// What a contract is worth in base, of an inverse one in quote.
    ///
    /// `multiplier` is in the smallest units of the asset that settles, which another multiplier makes of a whole one.
    private static func contractSize(_ values: [JSONValue?], _ text: RawSpan) -> FixedDecimal? {
        let numbers = values[10...].map { $0?.integer(in: text).flatMap { $0 == .min ? nil : abs($0) } }
        if values[9]?.isTrue(in: text) == true { return quotient(numbers[0], numbers[2]) }
        return numbers[1] == nil ? quotient(numbers[0], numbers[3]) : quotient(1, numbers[1])
    }

    /// An exact quotient by a power of ten; nil if it is none.
    private static func quotient(_ number: Int64?, _ divisor: Int64?) -> FixedDecimal? {
        guard let number, number > 0, let divisor,
            var scale = (0...18).first(where: { PowersOfTen.int64($0) == divisor })
        else { return nil }
        var mantissa = number
        while scale > 0, mantissa % 10 == 0 { (mantissa, scale) = (mantissa / 10, scale - 1) }
        return FixedDecimal(mantissa: mantissa, scale: UInt8(scale))
    }

    // MARK: - Writing

    func entry(_ definition: InstrumentDefinition, market: Market) -> String {
        let kind = BitMEX().market(ofSymbol: definition.symbol)
        let isInverse = kind == .inverse
        let type = kind == .spot ? "IFXXXP" : definition.contract == .future ? "FFCCSX" : "FFWCSX"
        let amount = definition.contractSize ?? FixedDecimal(mantissa: 1, scale: 0)
        let multiplier = (isInverse ? -1 : 1) * amount.mantissa
        let divisor = (isInverse ? -1 : 1) * PowersOfTen.int64(Int(amount.scale))
        return #"{"symbol":"\#(definition.symbol)","#
            + #""state":"\#(definition.status.isEmpty ? "Open" : definition.status)","typ":"\#(type)","#
            + #""expiry":\#(type == "FFCCSX" ? #""2026-12-25T12:00:00.000Z""# : "null"),"#
            + #""underlying":"\#(definition.base)","quoteCurrency":"\#(definition.quote)","#
            + #""lotSize":\#(definition.sizeStep ?? .zero),"tickSize":\#(definition.tickSize ?? .zero),"#
            + #""multiplier":\#(multiplier),"underlyingToPositionMultiplier":null,"#
            + #""underlyingToSettleMultiplier":\#(isInverse ? "\(divisor)" : "null"),"#
            + #""quoteToSettleMultiplier":\#(isInverse ? "null" : "\(divisor)"),"#
            + #""isQuanto":\#(definition.contract == .quanto),"isInverse":\#(isInverse)}"#
    }

    func list(_ entries: [String], next: String?, market: Market) -> String {
        "[\(entries.joined(separator: ","))]"
    }
}
