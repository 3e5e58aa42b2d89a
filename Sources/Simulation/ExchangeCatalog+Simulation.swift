public import Exchanges
public import MarketModel

extension ExchangeCatalog {
    /// The venues that can be simulated: `exchange/market`, or `exchange` if it has one market.
    public var simulatedVenues: [String] {
        all.flatMap { exchange in
            let markets = exchange.simulatedMarkets.filter { exchange.simulation(of: $0) != nil }
            return markets.count == 1 ? [exchange.name] : markets.map { "\(exchange.name)/\($0.rawValue)" }
        }
    }

    /// The symbols of an exchange's market that can be simulated, the usual ones first.
    public func simulatedSymbols(exchange: String, market: Market) -> [String] {
        named(exchange)?.simulation(of: market)?.symbols.map(\.symbol) ?? []
    }
}
