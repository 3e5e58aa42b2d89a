package import MarketModel

/// The symbols of one exchange and market that a session subscribed to: events of others are not decoded.
///
/// Every symbol counts until one is named. A decoder is given it by ``FrameDecoder/restrict(to:)``.
public struct SubscribedSymbols: Sendable {
    /// One entry per name; all of one venue.
    private var names = InstrumentTable()
    private static let venue = VenueIndex(0)

    /// Every symbol counts.
    public init() { _ = names.venue(exchange: "", market: .spot) }

    /// Only the symbols named count, as `exchange` writes them in its messages; every symbol if there are none.
    public init(_ symbols: [String], of exchange: any Exchange) {
        self.init()
        _ = add(exchange.spellings(of: symbols))
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

extension SubscribedSymbols: StateCodable {
    /// Writes or reads the names.
    package mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.field("names", &names)
    }
}
