import Exchanges
import MarketModel

/// What a venue offers, to tell a symbol that it does not.
struct OfferedSymbols: Sendable {
    private let symbols: [String]
    private let set: Set<String>

    init(_ symbols: [String]) { (self.symbols, set) = (symbols, Set(symbols)) }

    func contains(_ symbol: String) -> Bool { set.contains(symbol) }

    /// The symbols that one not offered was perhaps meant to be, the nearest first.
    func nearest(to symbol: String) -> [String] { NearestName.nearest(to: symbol, of: symbols, limit: 3) }
}
