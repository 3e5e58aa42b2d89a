import MarketModel

/// What a stream such as `btcusdt@depth@100ms` brings.
///
/// Partial books and changes of books have equal messages on futures: only the stream tells them apart.
enum BinanceStream: Equatable {
    /// What changed of a book.
    case diff
    /// The best levels of a book, so many a side.
    case partial(UInt32)
    /// A seed that a recorder wrote as a frame.
    case seed
    case trades
    case liquidations
    case markPrice
    /// The best bid and ask.
    case ticker
    /// Books with orders that not everyone can meet, in messages like those of books.
    case retailBook
    /// One that is not read, or none.
    case other

    /// Reads the name of a stream.
    init(_ name: RawSpan) {
        let start = BinanceStream.symbolEnd(name) + 1
        self = start < name.byteCount ? .init(channel: name.extracting(start..<name.byteCount)) : .other
        guard self == .other, name.byteCount > 1, JSONValue.byte(name, 0) == 0x21 else { return }
        // Of all symbols, such as `!markPrice@arr@1s`.
        let channel = name.extracting(1..<(start - 1))
        if BinanceStream.word(channel, "forceOrder") { self = .liquidations }
        if BinanceStream.word(channel, "markPrice") { self = .markPrice }
    }

    /// The kinds of feed it carries.
    var feeds: FeedKinds {
        switch self {
        case .diff, .partial: .book
        case .trades: .trades
        case .liquidations: .liquidations
        case .markPrice: .fundingRates
        case .ticker, .seed, .retailBook, .other: []
        }
    }

    /// The levels a side in book messages, 0 = the whole book; nil if it carries none.
    var depth: UInt32? {
        switch self {
        case .diff: 0
        case .partial(let depth): depth
        default: nil
        }
    }

    /// Where the symbol ends: at the first `@`, or the name's end.
    static func symbolEnd(_ name: RawSpan) -> Int {
        var end = 0
        while end < name.byteCount, name.unsafeLoad(fromByteOffset: end, as: UInt8.self) != 0x40 { end += 1 }
        return end
    }

    private init(channel: RawSpan) {
        var end = 0
        while end < channel.byteCount, JSONValue.byte(channel, end) != 0x40 { end += 1 }
        let name = channel.extracting(0..<end)
        if BinanceStream.begins(name, "depth") {
            let rest = name.extracting(5..<name.byteCount)
            self =
                rest.byteCount == 0
                ? .diff : BinanceStream.word(rest, "Snapshot") ? .seed : .init(depth: rest)
        } else if BinanceStream.word(name, "trade") || BinanceStream.word(name, "aggTrade") {
            self = .trades
        } else if BinanceStream.word(name, "forceOrder") {
            self = .liquidations
        } else if BinanceStream.word(name, "rpiDepth") {
            self = .retailBook
        } else if BinanceStream.word(name, "bookTicker") {
            self = .ticker
        } else {
            self = BinanceStream.word(name, "markPrice") ? .markPrice : .other
        }
    }

    /// A partial book of a depth in digits.
    private init(depth digits: RawSpan) {
        var depth: UInt32 = 0
        for offset in 0..<digits.byteCount {
            let digit = JSONValue.byte(digits, offset) &- 0x30
            guard digit <= 9, depth < 100_000 else {
                self = .other
                return
            }
            depth = depth * 10 + UInt32(digit)
        }
        self = depth > 0 ? .partial(depth) : .other
    }

    private static func word(_ text: RawSpan, _ word: StaticString) -> Bool {
        text.byteCount == word.utf8CodeUnitCount && begins(text, word)
    }

    private static func begins(_ text: RawSpan, _ word: StaticString) -> Bool {
        guard text.byteCount >= word.utf8CodeUnitCount else { return false }
        for index in 0..<word.utf8CodeUnitCount
        where text.unsafeLoad(fromByteOffset: index, as: UInt8.self) != word.utf8Start[index] {
            return false
        }
        return true
    }
}
