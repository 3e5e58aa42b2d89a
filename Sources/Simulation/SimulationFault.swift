import Exchanges
import MarketModel

/// The faults of a simulated session.
public enum SimulationFault: String, Sendable, CaseIterable {
    /// Messages are missing: update or message numbers jump, or without numbers an update is left out.
    case gap
    /// A wrong checksum, if the venue has them.
    case checksum
    /// The service restarts: an unexpected snapshot, numbered 1 if updates are numbered.
    case restart
    /// The connection breaks and reconnects with acks, snapshots and repeated trades.
    case reconnect
    /// A bid at the best ask stays for up to two and a half seconds.
    case crossed
    /// Venue times are off by up to four seconds, sometimes more than ten seconds ahead of receipt.
    case skew
    /// Nothing arrives for one to nine seconds.
    case silence
    /// The seed of a book comes before its first change; like the following, of seeds.
    case early
    /// A seed comes up to five seconds late.
    case late
    /// A seed is older than all changes at hand.
    case old
    /// A seed has a bid that crosses all asks.
    case wrong

    /// The default probability per message, or per seed.
    public var usualChance: Double {
        switch self {
        case .gap, .checksum: 0.002
        case .restart, .crossed: 0.001
        case .reconnect, .silence: 0.0005
        case .skew: 0.01
        case .early, .late, .old, .wrong: 0.2
        }
    }
}

extension SimulationFault {
    /// Its index among all cases.
    var index: Int { SimulationFault.allCases.firstIndex(of: self) ?? 0 }
}
