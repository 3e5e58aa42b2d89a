public import Exchanges
import MarketModel

/// Why a session cannot be simulated.
public enum SimulationError: Error, Equatable, CustomStringConvertible {
    /// No such exchange, or it has no such market.
    case unknownVenue(String, known: [String] = ExchangeCatalog.standard.simulatedVenues)
    /// The market has no such symbol in the simulation.
    case unknownSymbol(String, known: [String])
    /// No such fault.
    case unknownFault(String)
    /// Not a probability.
    case badChance(fault: SimulationFault, text: String)
    /// Nothing to simulate.
    case noVenues

    /// What was asked for, and what exists.
    public var description: String {
        switch self {
        case .unknownVenue(let name, let known):
            "cannot simulate \"\(name)\"; " + Self.offer(name, known)
        case .unknownSymbol(let symbol, let known):
            "cannot simulate the symbol \"\(symbol)\"; " + Self.offer(symbol, known)
        case .unknownFault(let name):
            "unknown fault \"\(name)\"; "
                + Self.offer(name, SimulationFault.allCases.map(\.rawValue) + ["all"])
        case .badChance(let fault, let text):
            "the chance of \(fault.rawValue) is \"\(text)\", expected a number from 0 to 1"
        case .noVenues:
            "nothing to simulate: name at least one exchange"
        }
    }

    private static func offer(_ name: String, _ known: [String]) -> String {
        "nearest: \(NearestName.nearest(to: name, of: known)) (known: \(known.joined(separator: ", ")))"
    }
}
