import Exchanges
import MarketModel

/// The symbols that a venue offers, to recognize unknown ones.
struct OfferedSymbols: Sendable {
    private let symbols: [String]
    private let set: Set<String>

    init(_ symbols: [String]) { (self.symbols, set) = (symbols, Set(symbols)) }

    func contains(_ symbol: String) -> Bool { set.contains(symbol) }

    /// Suggestions for an unknown symbol, the nearest first.
    func nearest(to symbol: String) -> [String] { NearestName.nearest(to: symbol, of: symbols, limit: 3) }
}
