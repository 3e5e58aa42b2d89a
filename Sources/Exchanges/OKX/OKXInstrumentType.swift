import MarketModel

/// What kind of instrument a symbol names, as the venue calls it.
enum OKXInstrumentType: UInt8, CaseIterable {
    case spot
    case swap
    case futures
    case option

    /// The word in requests and messages.
    var word: String {
        switch self {
        case .spot: "SPOT"
        case .swap: "SWAP"
        case .futures: "FUTURES"
        case .option: "OPTION"
        }
    }

    /// Of `BTC-USDT`, `BTC-USDT-SWAP`, `BTC-USD-260925`, `BTC-USD-260925-90000-C`.
    init(ofSymbol symbol: String) {
        let parts = symbol.utf8.split(separator: 0x2d, omittingEmptySubsequences: false)
        let last = parts.last.map(Array.init) ?? []
        if parts.count > 3, last == [0x43] || last == [0x50] {
            self = .option
        } else if parts.count > 2, last == Array("SWAP".utf8) {
            self = .swap
        } else {
            self =
                parts.count > 2 && last.count == 6 && last.allSatisfy { $0 &- 0x30 <= 9 } ? .futures : .spot
        }
    }

    /// Of the word in a message; nil if it is none of these.
    init?(_ value: JSONValue, in text: RawSpan) {
        guard let word = value.shortText(in: text),
            let type = Self.allCases.first(where: { $0.word == word })
        else { return nil }
        self = type
    }
}
