package import MarketModel

/// Who names the symbols that a session subscribed to, and when that counts.
///
/// One value an exchange and market of a session. Channel metadata and requests before the first data of their
/// connection attempt begin a restriction; later requests widen one that is there. Acks do neither.
public struct SymbolNaming: Sendable {
    /// The symbols named so far.
    public private(set) var symbols = SubscribedSymbols()
    private let exchange: any Exchange

    /// No symbol is named.
    public init(_ exchange: any Exchange) { self.exchange = exchange }

    /// Reads a frame sent to the venue; returns whether ``symbols`` changed.
    public mutating func sent(_ frame: RawSpan, beforeData: Bool) -> Bool {
        guard beforeData || symbols.restricts else { return false }
        return symbols.add(exchange.spellings(of: exchange.symbols(inRequest: frame)))
    }

    /// Reads the subscription arguments of a channel's metadata; returns whether ``symbols`` changed.
    public mutating func described(_ subscriptions: String) -> Bool {
        symbols.add(exchange.spellings(of: exchange.symbols(inMetadata: subscriptions)))
    }
}

extension SymbolNaming: StateCodable {
    /// Writes or reads the symbols named so far.
    package mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.field("symbols", &symbols)
    }
}
