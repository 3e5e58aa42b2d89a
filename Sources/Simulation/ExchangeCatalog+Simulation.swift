public import Exchanges
public import MarketModel

extension ExchangeCatalog {
    /// What can be simulated, as it is asked for: `exchange/market`, or `exchange` where there is one market.
    public var simulatedVenues: [String] {
        all.flatMap { exchange in
            let markets = exchange.simulatedMarkets.filter { exchange.simulation(of: $0) != nil }
            return markets.count == 1 ? [exchange.name] : markets.map { "\(exchange.name)/\($0.rawValue)" }
        }
    }

    /// The symbols that can be simulated of an exchange's market; the first are its usual ones.
    public func simulatedSymbols(exchange: String, market: Market) -> [String] {
        named(exchange)?.simulation(of: market)?.symbols.map(\.symbol) ?? []
    }
}
