import MarketModel

/// The members of an event of `l2_data`.
struct CoinbaseBookFields {
    var product: JSONValue?
    var updates: JSONValue?
    /// nil if the event's type is neither `snapshot` nor `update`.
    var isSnapshot: Bool?

    init(_ event: JSONValue, _ text: RawSpan) {
        var type: JSONValue?
        var members = event.members(in: text)
        while let (key, value) = members.next(in: text) {
            if key.isString("product_id", in: text) {
                product = value
            } else if key.isString("updates", in: text) {
                updates = value
            } else if key.isString("type", in: text) {
                type = value
            }
        }
        if type?.isString("snapshot", in: text) == true { isSnapshot = true }
        if type?.isString("update", in: text) == true { isSnapshot = false }
    }
}

/// The members of one level.
struct CoinbaseLevelFields {
    var side: JSONValue?
    var price: JSONValue?
    var size: JSONValue?

    init(_ level: JSONValue, _ text: RawSpan) {
        var members = level.members(in: text)
        while let (key, value) = members.next(in: text) {
            if key.isString("side", in: text) {
                side = value
            } else if key.isString("price_level", in: text) {
                price = value
            } else if key.isString("new_quantity", in: text) {
                size = value
            }
        }
    }

    func isBid(_ text: RawSpan) -> Bool? {
        guard let side else { return nil }
        if side.isString("bid", in: text) { return true }
        return side.isString("offer", in: text) ? false : nil
    }
}

/// The members of one trade.
struct CoinbaseTradeFields {
    var product: JSONValue?
    var id: JSONValue?
    var price: JSONValue?
    var size: JSONValue?
    var time: JSONValue?
    var sideText: JSONValue?

    init(_ trade: JSONValue, _ text: RawSpan) {
        var members = trade.members(in: text)
        while let (key, value) = members.next(in: text) {
            if key.isString("product_id", in: text) {
                product = value
            } else if key.isString("trade_id", in: text) {
                id = value
            } else if key.isString("price", in: text) {
                price = value
            } else if key.isString("size", in: text) {
                size = value
            } else if key.isString("time", in: text) {
                time = value
            } else if key.isString("side", in: text) {
                sideText = value
            }
        }
    }

    /// The maker's side; nil if it is neither.
    func side(_ text: RawSpan) -> Side? {
        guard let sideText else { return nil }
        if sideText.isString("BUY", in: text) { return .buy }
        return sideText.isString("SELL", in: text) ? .sell : nil
    }
}
