public import MarketModel
public import Synchronizer

/// What a sink is told besides rows and events, in the order of the log.
public enum Notice: Sendable {
    /// An instrument's definition is new or another: only later rows may use it. `at` is the index in rows.
    case defined(InstrumentDefinition, of: Instrument, at: InstrumentIndex)
    /// A clock jumped further than the gap-fill limit: the next row does not follow the one before.
    case reanchored(ClockJump, of: Instrument)
    /// A book became gapped.
    case gapped(BookGap, of: Instrument)
    /// A connection's status was recorded; `at` is the receive time, nanoseconds since the Unix epoch, UTC.
    case recorded(StatusRecord, of: ConnectionName, at: Int64)
    /// A connection had a gap: told once, at the first frame after it or at the end.
    case interrupted(ConnectionHole)

    /// The instrument concerned; nil where it is a connection.
    public var instrument: Instrument? {
        switch self {
        case .defined(_, let instrument, _), .reanchored(_, let instrument), .gapped(_, let instrument):
            instrument
        case .recorded, .interrupted: nil
        }
    }
}
