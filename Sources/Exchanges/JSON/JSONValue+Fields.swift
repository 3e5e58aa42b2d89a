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

    /// The element at a place of an array, from 0 on; nil if there is none.
    func place(_ place: Int, in text: RawSpan) -> JSONValue? {
        var elements = elements(in: text)
        for _ in 0..<place where elements.next(in: text) == nil { return nil }
        return elements.next(in: text)
    }

    /// ``place(_:in:)`` of an element that is neither `null` nor an empty string.
    func stated(_ place: Int, in text: RawSpan) -> JSONValue? {
        guard let value = self.place(place, in: text), !value.isNothing(in: text) else { return nil }
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
