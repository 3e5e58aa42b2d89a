import MarketModel

/// The symbols of one exchange and market that a session subscribed to: events of others are not decoded.
///
/// Takes every symbol until one is named. A decoder is given it by ``FrameDecoder/restrict(to:)``.
public struct SubscribedSymbols: Sendable {
    /// A name a place; of one venue.
    private var names = InstrumentTable()
    private static let venue = VenueIndex(0)

    /// Takes every symbol.
    public init() { _ = names.venue(exchange: "", market: .spot) }

    /// Takes the symbols named, as `exchange` writes them in its messages; every symbol if there are none.
    public init(_ symbols: [String], of exchange: Exchange) {
        self.init()
        _ = add(exchange.spellings(of: symbols.map { Array($0.utf8) }))
    }

    /// Whether any symbol is left out.
    public var restricts: Bool { names.count > 0 }

    /// Whether events of a symbol, its bytes as in a message, are decoded.
    ///
    /// Cost: one look-up, no allocation.
    public func contains(_ symbol: RawSpan) -> Bool {
        !restricts || names.find(symbol, venue: SubscribedSymbols.venue) != nil
    }

    /// Adds spellings; false if all were there.
    mutating func add(_ symbols: [[UInt8]]) -> Bool {
        let before = names.count
        for symbol in symbols { _ = names.index(of: symbol.span.bytes, venue: SubscribedSymbols.venue) }
        return names.count > before
    }
}

/// Who names the symbols that a session subscribed to, and when that counts.
///
/// One value an exchange and market of a session. Channel metadata and requests before the first data of their
/// connection attempt begin a restriction; later requests widen one that is there. Acks do neither.
public struct SymbolNaming: Sendable {
    /// The symbols named so far.
    public private(set) var symbols = SubscribedSymbols()
    private let exchange: Exchange

    /// No symbol is named.
    public init(_ exchange: Exchange) { self.exchange = exchange }

    /// Takes a frame sent to the venue; whether ``symbols`` changed.
    public mutating func sent(_ frame: RawSpan, beforeData: Bool) -> Bool {
        guard beforeData || symbols.restricts else { return false }
        return symbols.add(exchange.spellings(of: exchange.symbolsOf(frame)))
    }

    /// Takes the subscription arguments of a channel's metadata; whether ``symbols`` changed.
    public mutating func described(_ subscriptions: String) -> Bool {
        symbols.add(exchange.spellings(of: exchange.symbols(inMetadata: subscriptions)))
    }
}

extension Exchange {
    /// The symbols that a request subscribes to; none for every other frame.
    ///
    /// Cost: a tolerant reading.
    public func symbolsSubscribed(by request: RawSpan) -> [String] {
        symbolsOf(request).map { String(decoding: $0, as: UTF8.self) }
    }

    /// How messages may spell symbols that requests name.
    func spellings(of symbols: [[UInt8]]) -> [[UInt8]] {
        var spellings: [[UInt8]] = []
        for symbol in symbols where 1...EventBatch.longestSymbol ~= symbol.count {
            // No venue has a name in lower case; requests may.
            let upper = symbol.map { 0x61...0x7a ~= $0 ? $0 - 0x20 : $0 }
            for name in upper == symbol ? [symbol] : [symbol, upper] {
                spellings.append(name)
                if let other = otherSpelling(name) { spellings.append(other) }
            }
        }
        return spellings
    }

    /// The symbols of subscription arguments: requests, topics, symbols, or kinds and symbols as `book,trades:X`.
    func symbols(inMetadata text: String) -> [[UInt8]] {
        let bytes = Array(text.utf8)
        if JSONValidator.isValid(bytes.span.bytes) { return symbols(inJSON: bytes.span.bytes) }
        return text.split(whereSeparator: \.isWhitespace).flatMap { symbols(inArgument: Array($0.utf8)) }
    }

    private func symbols(inJSON text: RawSpan) -> [[UInt8]] {
        let root = JSONValue.root(of: text)
        guard root.kind(in: text) == .array else { return symbolsOf(text) }
        var found: [[UInt8]] = []
        var elements = root.elements(in: text)
        while let element = elements.next(in: text) {
            if let argument = element.bytes(in: text) {
                found += symbols(inArgument: argument)
            } else {
                found += symbolsOf(text.extracting(element.start..<element.end))
            }
        }
        return found
    }

    private func symbols(inArgument argument: [UInt8]) -> [[UInt8]] {
        let request = argument.span.bytes
        if JSONValidator.isValid(request), JSONValue.root(of: request).kind(in: request) == .object {
            return symbolsOf(request)
        }
        var rest = argument[...]
        if let colon = rest.firstIndex(of: 0x3a), rest[..<colon].allSatisfy(Exchange.isOfWord) {
            rest = rest[(colon + 1)...]
        }
        return rest.split(separator: 0x2c).filter { !$0.allSatisfy(Exchange.isOfWord) }
            .compactMap { symbolOfTopic(Array($0)) }
    }

    /// Whether a byte occurs in the names of kinds and channels, such as `open_interest` or `level2`.
    private static func isOfWord(_ byte: UInt8) -> Bool {
        0x61...0x7a ~= byte || byte &- 0x30 <= 9 || byte == 0x5f || byte == 0x2c
    }
}

extension JSONValue {
    /// The content of a string; nil if it is none.
    func bytes(in text: RawSpan) -> [UInt8]? {
        JSONString.withBytes(of: self, in: text) { bytes in bytes.withUnsafeBytes { [UInt8]($0) } }
    }

    /// The content of a string, or of each string of an array.
    func texts(in text: RawSpan) -> [[UInt8]] {
        if let one = bytes(in: text) { return [one] }
        var texts: [[UInt8]] = []
        var elements = elements(in: text)
        while let element = elements.next(in: text) {
            if let one = element.bytes(in: text) { texts.append(one) }
        }
        return texts
    }
}
