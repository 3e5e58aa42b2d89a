import MarketModel

/// The members of a book message's `data`.
struct BybitBookFields {
    var symbol: JSONValue?
    var bids: JSONValue?
    var asks: JSONValue?
    var number: JSONValue?

    init(_ data: JSONValue?, _ text: RawSpan) {
        guard let data else { return }
        var members = data.members(in: text)
        while let (key, value) = members.next(in: text) {
            if key.isString("s", in: text) {
                symbol = value
            } else if key.isString("b", in: text) {
                bids = value
            } else if key.isString("a", in: text) {
                asks = value
            } else if key.isString("u", in: text) {
                number = value
            }
        }
    }
}

/// The members of a ticker's `data` that are read: of a key given twice the last value.
///
/// Nil also where the value is an empty string or `null`, which say nothing; but of the next settlement's time and the
/// interval they say that there is none.
struct BybitTickerFields {
    var symbol: JSONValue?
    var rate: JSONValue?
    var nextFundingTime: JSONValue?
    var intervalHours: JSONValue?
    var openInterest: JSONValue?
    var openInterestValue: JSONValue?
    var markPrice: JSONValue?

    init(_ data: JSONValue?, _ text: RawSpan) {
        guard let data else { return }
        var members = data.members(in: text)
        while let (key, value) = members.next(in: text) {
            let given = value
            let value = given.isNothing(in: text) ? nil : given
            if key.isString("symbol", in: text) {
                symbol = value
            } else if key.isString("fundingRate", in: text) {
                rate = value
            } else if key.isString("nextFundingTime", in: text) {
                nextFundingTime = given
            } else if key.isString("fundingIntervalHour", in: text) {
                intervalHours = given
            } else if key.isString("openInterest", in: text) {
                openInterest = value
            } else if key.isString("openInterestValue", in: text) {
                openInterestValue = value
            } else if key.isString("markPrice", in: text) {
                markPrice = value
            }
        }
    }
}

/// The members of a trade or a liquidation.
struct BybitTradeFields {
    var symbol: JSONValue?
    var sideText: JSONValue?
    var price: JSONValue?
    var size: JSONValue?
    var time: JSONValue?
    var id: JSONValue?

    init(_ entry: JSONValue, _ text: RawSpan, retired: Bool = false) {
        var members = entry.members(in: text)
        while let (key, value) = members.next(in: text) {
            if key.isString(retired ? "symbol" : "s", in: text) {
                symbol = value
            } else if key.isString(retired ? "side" : "S", in: text) {
                sideText = value
            } else if key.isString(retired ? "price" : "p", in: text) {
                price = value
            } else if key.isString(retired ? "size" : "v", in: text) {
                size = value
            } else if key.isString(retired ? "updatedTime" : "T", in: text) {
                time = value
            } else if key.isString("i", in: text) {
                id = value
            }
        }
    }

    /// `Buy` or `Sell`; nil if it is neither.
    func side(_ text: RawSpan) -> Side? {
        guard let sideText else { return nil }
        if sideText.isString("Buy", in: text) { return .buy }
        return sideText.isString("Sell", in: text) ? .sell : nil
    }
}
