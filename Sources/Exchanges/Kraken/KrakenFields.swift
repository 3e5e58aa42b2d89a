import MarketModel

/// The members of one book of a `book` message.
struct KrakenBookFields {
    var symbol: JSONValue?
    var bids: JSONValue?
    var asks: JSONValue?
    var checksumValue: JSONValue?
    var timestamp: JSONValue?

    /// A checksum, or none where the message has none.
    struct Checksum {
        var value: UInt32?
    }

    init(_ entry: JSONValue, _ text: RawSpan) {
        var members = entry.members(in: text)
        while let (key, value) = members.next(in: text) {
            if key.isString("symbol", in: text) {
                symbol = value
            } else if key.isString("bids", in: text) {
                bids = value
            } else if key.isString("asks", in: text) {
                asks = value
            } else if key.isString("checksum", in: text) {
                checksumValue = value
            } else if key.isString("timestamp", in: text) {
                timestamp = value
            }
        }
    }

    /// Whether both sides are there.
    var areWhole: Bool { bids != nil && asks != nil }

    /// nil if there is one that is no unsigned 32-bit number.
    func checksum(_ text: RawSpan) -> Checksum? {
        guard let checksumValue else { return Checksum(value: nil) }
        guard let number = checksumValue.integer(in: text), let value = UInt32(exactly: number) else {
            return nil
        }
        return Checksum(value: value)
    }
}

/// The members of one trade.
struct KrakenTradeFields {
    var symbol: JSONValue?
    var sideText: JSONValue?
    var price: JSONValue?
    var size: JSONValue?
    var id: JSONValue?
    var timestamp: JSONValue?

    init(_ trade: JSONValue, _ text: RawSpan) {
        var members = trade.members(in: text)
        while let (key, value) = members.next(in: text) {
            if key.isString("symbol", in: text) {
                symbol = value
            } else if key.isString("side", in: text) {
                sideText = value
            } else if key.isString("price", in: text) {
                price = value
            } else if key.isString("qty", in: text) {
                size = value
            } else if key.isString("trade_id", in: text) {
                id = value
            } else if key.isString("timestamp", in: text) {
                timestamp = value
            }
        }
    }

    /// The taker's side; nil if it is neither.
    func side(_ text: RawSpan) -> Side? {
        guard let sideText else { return nil }
        if sideText.isString("buy", in: text) { return .buy }
        return sideText.isString("sell", in: text) ? .sell : nil
    }
}
