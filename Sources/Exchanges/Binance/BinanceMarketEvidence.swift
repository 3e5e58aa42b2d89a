import MarketModel

/// Finds out which of Binance's markets a recorded connection is of, when nobody says.
///
/// Evidence: changes of books with `pu`, trades with `X`, tickers with `T` and mark prices are of futures, those without of
/// spot. A symbol such as `BTCUSD_PERP` is of COIN-M, whose pairs are quoted in `USD`, another one of USD-M.
struct BinanceMarketEvidence: MarketEvidence {
    private var sawSpot = false
    private var sawFutures = false
    private var sawLinearSymbol = false
    private var sawInverseSymbol = false

    var market: Market? {
        guard sawSpot != sawFutures else { return nil }
        if sawSpot { return .spot }
        guard sawLinearSymbol != sawInverseSymbol else { return nil }
        return sawLinearSymbol ? .linear : .inverse
    }

    mutating func observe(_ text: RawSpan) {
        guard JSONValidator.isValid(text) else { return }
        let payload = BinancePayload.open(.root(of: text), in: text).payload
        guard payload.kind(in: text) == .object, let symbol = payload.member("s", in: text) else { return }
        let kind = payload.member("e", in: text)
        let mark: StaticString
        if kind?.isString("depthUpdate", in: text) == true {
            mark = "pu"
        } else if kind?.isString("trade", in: text) == true {
            mark = "X"
        } else if kind?.isString("markPriceUpdate", in: text) == true {
            mark = "r"
        } else if kind == nil || kind?.isString("bookTicker", in: text) == true {
            mark = "T"
        } else {
            return
        }
        guard payload.member(mark, in: text) != nil else {
            sawSpot = true
            return
        }
        sawFutures = true
        let name = symbol.string(in: text) ?? ""
        let pair = name.split(separator: "_").first ?? ""
        if pair.count < name.count, pair.hasSuffix("USD") {
            sawInverseSymbol = true
        } else {
            sawLinearSymbol = true
        }
    }
}
