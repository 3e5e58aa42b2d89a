import ArgumentParser
import ByteCoding
import Exchanges
import Glibc
import MarketModel
import Recording
import Simulation

/// Venues on the command line.
enum SimulatedVenues {
    /// Parses `exchange/market,exchange`; symbols go to the venues that have them.
    static func parse(
        _ text: String,
        _ symbols: String?,
        _ depth: Int?
    ) throws(SimulationError) -> [SimulationPlan.Venue] {
        let wanted = symbols?.split(separator: ",").map(String.init) ?? []
        var venues: [SimulationPlan.Venue] = []
        var known: [String] = []
        for name in text.split(separator: ",") {
            let parts = name.split(separator: "/", maxSplits: 1).map(String.init)
            let usual = ExchangeCatalog.standard.named(parts[0])?.simulatedMarkets.first
            let market = parts.count == 2 ? Market(rawValue: parts[1]) : usual
            guard let market else { throw .unknownVenue(String(name)) }
            let profiles = ExchangeCatalog.standard.simulatedSymbols(exchange: parts[0], market: market)
            if profiles.isEmpty { throw .unknownVenue(String(name)) }
            known += profiles.filter { !known.contains($0) }
            let chosen = wanted.filter(profiles.contains)
            if !wanted.isEmpty, chosen.isEmpty { continue }
            venues.append(try .init(exchange: parts[0], market: market, symbols: chosen, depth: depth))
        }
        if let unknown = wanted.first(where: { !known.contains($0) }) {
            throw .unknownSymbol(unknown, known: known)
        }
        return venues
    }
}
