import MarketModel

/// What kind of instrument a symbol names, as the venue calls it.
enum OKXInstrumentType: UInt8 {
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
        var (marks, length, areDigits) = (0, 0, true)
        for byte in symbol.utf8 {
            let isMark = byte == 0x2d
            marks += isMark ? 1 : 0
            length = isMark ? 0 : length + 1
            areDigits = isMark || areDigits && byte &- 0x30 <= 9
        }
        if marks > 2, symbol.hasSuffix("-C") || symbol.hasSuffix("-P") {
            self = .option
        } else if marks > 1, symbol.hasSuffix("-SWAP") {
            self = .swap
        } else {
            self = marks > 1 && length == 6 && areDigits ? .futures : .spot
        }
    }

    /// Of the word in a message; nil if it is none of these.
    init?(_ value: JSONValue, in text: RawSpan) {
        if value.isString("SWAP", in: text) {
            self = .swap
        } else if value.isString("FUTURES", in: text) {
            self = .futures
        } else if value.isString("OPTION", in: text) {
            self = .option
        } else {
            guard value.isString("SPOT", in: text) else { return nil }
            self = .spot
        }
    }
}
