import MarketModel

/// Finds out which of Bybit's markets a recorded connection is of, when nobody says.
///
/// Evidence: an ack's `ret_msg` (`subscribe` = spot, empty = linear or inverse); tickers with
/// `openInterest` = linear or inverse, with `usdIndexPrice` = spot; a trade id that is a UUID = linear or
/// inverse, a number = spot. Linear and inverse are told apart by the symbol's quote.
struct BybitMarketEvidence: MarketEvidence {
    private var sawSpot = false
    private var sawDerivatives = false
    private var sawLinearSymbol = false
    private var sawInverseSymbol = false

    var market: Market? {
        guard sawSpot != sawDerivatives else { return nil }
        if sawSpot { return .spot }
        guard sawLinearSymbol != sawInverseSymbol else { return nil }
        return sawLinearSymbol ? .linear : .inverse
    }

    mutating func observe(_ text: RawSpan) {
        guard JSONValidator.isValid(text) else { return }
        let root = JSONValue.root(of: text)
        guard let name = root.member("topic", in: text) else {
            observeAck(root, text)
            return
        }
        let topic =
            JSONString.withBytes(of: name, in: text) { bytes -> BybitTopic? in
                guard let topic = BybitTopic(bytes) else { return nil }
                observeSymbol(bytes.extracting(topic.symbolStart..<bytes.byteCount))
                return topic
            } ?? nil
        guard let data = root.member("data", in: text) else { return }
        switch topic?.kind {
        case .tickers: observeTicker(data, text)
        case .trades: observeTrades(data, text)
        case .liquidations, .retiredLiquidations: sawDerivatives = true
        default: break
        }
    }

    private mutating func observeAck(_ ack: JSONValue, _ text: RawSpan) {
        guard ack.member("op", in: text)?.isString("subscribe", in: text) == true,
            ack.member("success", in: text)?.isTrue(in: text) == true,
            let message = ack.member("ret_msg", in: text)
        else { return }
        if message.isString("subscribe", in: text) { sawSpot = true }
        if message.isString("", in: text) { sawDerivatives = true }
    }

    private mutating func observeTicker(_ data: JSONValue, _ text: RawSpan) {
        if data.member("openInterest", in: text) != nil { sawDerivatives = true }
        if data.member("usdIndexPrice", in: text) != nil { sawSpot = true }
    }

    private mutating func observeTrades(_ data: JSONValue, _ text: RawSpan) {
        var entries = data.elements(in: text)
        while let entry = entries.next(in: text) {
            guard let id = JSONValue.tradeID(entry.member("i", in: text), in: text), !id.isEmpty else {
                continue
            }
            let isNumber = id.withBytes { bytes in bytes.allSatisfy { $0 &- 0x30 <= 9 } }
            let isUUID = id.withBytes { bytes in
                bytes.count == 36 && [8, 13, 18, 23].allSatisfy { bytes[$0] == 0x2d }
            }
            if isNumber { sawSpot = true }
            if isUUID { sawDerivatives = true }
        }
    }

    /// `BTCUSD` and `BTCUSDZ25` are inverse; `…USDT`, `…USDC`, `…PERP` and their dated forms are linear.
    private mutating func observeSymbol(_ symbol: RawSpan) {
        let text = symbol.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        let root = text.prefix { $0 != "-" }
        if root.hasSuffix("USDT") || root.hasSuffix("USDC") || root.hasSuffix("PERP") {
            sawLinearSymbol = true
        } else if root.hasSuffix("USD") || BybitMarketEvidence.isDatedInverse(root) {
            sawInverseSymbol = true
        }
    }

    /// Three characters after `USD`: a month's letter and a year of two digits.
    private static func isDatedInverse(_ symbol: Substring) -> Bool {
        let ending = symbol.utf8.suffix(3)
        guard let month = ending.first, symbol.dropLast(3).hasSuffix("USD") else { return false }
        return "FGHJKMNQUVXZ".utf8.contains(month) && ending.dropFirst().allSatisfy { $0 &- 0x30 <= 9 }
    }
}
