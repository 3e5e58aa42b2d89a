import Exchanges
import MarketModel

/// The probability of each fault per message.
public struct SimulationFaults: Sendable, Equatable {
    private var chances: [Double]

    /// No faults.
    public init() { chances = Array(repeating: 0, count: SimulationFault.allCases.count) }

    /// The probability of a fault per message, 0…1.
    public subscript(_ fault: SimulationFault) -> Double {
        get { chances[fault.index] }
        set { chances[fault.index] = newValue }
    }

    /// Parses `all`, or names with optional probabilities: `gap=0.01,checksum`.
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
