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

extension SimulationFault {
    /// Its place among all cases.
    var index: Int { SimulationFault.allCases.firstIndex(of: self) ?? 0 }
}
