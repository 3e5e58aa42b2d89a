import Exchanges
import MarketModel

/// What a simulated session can be made to suffer.
public enum SimulationFault: String, Sendable, CaseIterable {
    /// Messages are missing: update numbers or message numbers jump, or an update is left out where there are none.
    case gap
    /// A checksum that is not the book's, where there are checksums.
    case checksum
    /// The service restarts: a snapshot out of turn, numbered 1 where updates are numbered.
    case restart
    /// The connection breaks and comes back with acks, snapshots and trades sent before.
    case reconnect
    /// A bid at the best ask stays for up to two and a half seconds.
    case crossed
    /// Venue times are off by up to four seconds, sometimes ahead of the receipt by more than ten.
    case skew
    /// Nothing arrives for one to nine seconds.
    case silence

    /// The chance of it at every message when none is given.
    public var usualChance: Double {
        switch self {
        case .gap, .checksum: 0.002
        case .restart, .crossed: 0.001
        case .reconnect, .silence: 0.0005
        case .skew: 0.01
        }
    }
}

/// The chance of each fault at every message.
public struct SimulationFaults: Sendable, Equatable {
    private var chances: [Double]

    /// No faults.
    public init() { chances = Array(repeating: 0, count: SimulationFault.allCases.count) }

    /// The chance of a fault at every message, 0…1.
    public subscript(_ fault: SimulationFault) -> Double {
        get { chances[fault.index] }
        set { chances[fault.index] = newValue }
    }

    /// Reads `all`, or names with optional chances: `gap=0.01,checksum`.
    public init(parsing text: String) throws(SimulationError) {
        self.init()
        for part in text.split(separator: ",") {
            let pair = part.split(separator: "=", maxSplits: 1)
            if part == "all" {
                for fault in SimulationFault.allCases { self[fault] = fault.usualChance }
                continue
            }
            guard let fault = SimulationFault(rawValue: String(pair[0])) else {
                throw .unknownFault(String(pair[0]))
            }
            self[fault] = fault.usualChance
            guard pair.count == 2 else { continue }
            guard let chance = Double(pair[1]), (0...1).contains(chance) else {
                throw .badChance(fault: fault, text: String(pair[1]))
            }
            self[fault] = chance
        }
    }

    /// Whether there are none.
    public var isEmpty: Bool { chances.allSatisfy { $0 == 0 } }
}

extension SimulationFault {
    /// Its place among all cases.
    var index: Int { SimulationFault.allCases.firstIndex(of: self) ?? 0 }
}

/// Why a session cannot be simulated.
public enum SimulationError: Error, Equatable, CustomStringConvertible {
    /// No such exchange, or it has no such market.
    case unknownVenue(String)
    /// The exchange's market has no such symbol here.
    case unknownSymbol(String, known: [String])
    /// No such fault.
    case unknownFault(String)
    /// Not a chance.
    case badChance(fault: SimulationFault, text: String)
    /// Nothing to simulate.
    case noVenues

    /// What was asked, and what there is.
    public var description: String {
        switch self {
        case .unknownVenue(let name):
            "cannot simulate \"\(name)\"; "
                + Self.offer(name, ExchangeCatalog.standard.simulatedVenues)
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
