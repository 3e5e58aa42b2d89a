import MarketModel

/// A table of the venue's that is read.
enum BitMEXTable: String, CaseIterable {
    case book = "orderBookL2"
    case book25 = "orderBookL2_25"
    case book100 = "orderBookL2_100"
    case window = "orderBook10"
    case trades = "trade"
    case quotes = "quote"
    case liquidations = "liquidation"
    case instruments = "instrument"
    case funding = "funding"

    /// The table of a name; nil if it is none that is read.
    ///
    /// Cost: a few comparisons, no memory.
    init?(_ name: JSONValue, in text: RawSpan) {
        if name.isString("orderBookL2", in: text) {
            self = .book
        } else if name.isString("instrument", in: text) {
            self = .instruments
        } else if name.isString("trade", in: text) {
            self = .trades
        } else if name.isString("quote", in: text) {
            self = .quotes
        } else if name.isString("liquidation", in: text) {
            self = .liquidations
        } else {
            guard let rare = name.shortText(in: text).flatMap(BitMEXTable.init(rawValue:)) else { return nil }
            self = rare
        }
    }

    /// The kinds of event that its rows make.
    var kinds: FeedKinds {
        switch self {
        case .book, .book25, .book100, .window: .book
        case .trades: .trades
        case .quotes: []
        case .liquidations: .liquidations
        case .instruments: BitMEXTable.tickers
        case .funding: .fundingRates
        }
    }

    private static let tickers = FeedKinds.fundingRates.union(.openInterest)

    /// Levels a side, 0 = all; nil of what is no book.
    var depth: UInt32? {
        switch self {
        case .book: 0
        case .book25: 25
        case .book100: 100
        case .window: 10
        default: nil
        }
    }

    /// The place among the books of an instrument whose rows have keys.
    var place: Int { self == .book ? 0 : self == .book25 ? 1 : 2 }

    /// How many places there are.
    static let places = 3

    /// The table and the symbol of a topic, such as `trade:XBTUSD`; nil if it is none that is read, of a symbol.
    static func topic(_ text: some StringProtocol) -> (table: BitMEXTable, symbol: String)? {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let table = BitMEXTable(rawValue: String(parts[0])) else { return nil }
        return (table, String(parts[1]))
    }
}
