import Features
import MarketModel
import Synchronizer

/// An instrument's rows after a replay.
struct CollectedInstrument: Sendable {
    var instrument: Instrument
    var order: Int
    var rows: RowStore
    var summary: RowSummary
}
