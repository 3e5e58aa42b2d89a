import MarketModel

extension JSONValue {
    /// A size of a book's level, or another decimal that is not negative.
    func magnitude(in text: RawSpan) -> FixedDecimal? {
        guard let value = decimal(in: text), !value.isNegative else { return nil }
        return value
    }

    /// A price, or the size of a trade: a decimal above zero.
    func positive(in text: RawSpan) -> FixedDecimal? {
        guard let value = decimal(in: text), value.mantissa > 0 else { return nil }
        return value
    }

    /// An identifier: a string of at most ``TradeID/maximumLength`` bytes or a number's digits.
    ///
    /// ``TradeID/none`` if there is none (`value` nil or `null`); nil if it is anything else.
    static func tradeID(_ value: JSONValue?, in text: RawSpan) -> TradeID? {
        guard let value else { return TradeID.none }
        switch value.kind(in: text) {
        case .null: return TradeID.none
        case .number: return TradeID(text.extracting(value.start..<value.end))
        case .string: return JSONString.withBytes(of: value, in: text) { TradeID($0) } ?? nil
        default: return nil
        }
    }
}
