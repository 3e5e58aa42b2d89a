import MarketModel

/// The kinds of message that come often.
enum BinanceMessageKind {
    case book, trade, aggregate, ticker, other

    /// Moves over what tells the kind; a ticker's number may stand before its kind, and spot's has none.
    @inline(__always)
    init(_ cursor: inout FastCursor) {
        if cursor.isNext(#"{"u":"#) {
            self = .ticker
        } else if cursor.consume(#"{"e":"depthUpdate""#) {
            self = .book
        } else if cursor.consume(#"{"e":"trade""#) {
            self = .trade
        } else if cursor.consume(#"{"e":"bookTicker""#) {
            self = .ticker
        } else {
            self = cursor.consume(#"{"e":"aggTrade""#) ? .aggregate : .other
        }
    }

    /// Reads the kind of any message.
    init(_ message: JSONValue, in text: RawSpan) {
        guard let kind = message.member("e", in: text) else {
            // A ticker of spot says nothing of its kind: its members are no others'.
            let isTicker = ["u", "s", "b", "B", "a", "A"].allSatisfy { message.member($0, in: text) != nil }
            self = isTicker ? .ticker : .other
            return
        }
        if kind.isString("depthUpdate", in: text) {
            self = .book
        } else if kind.isString("trade", in: text) {
            self = .trade
        } else if kind.isString("aggTrade", in: text) {
            self = .aggregate
        } else {
            self = kind.isString("bookTicker", in: text) ? .ticker : .other
        }
    }
}
