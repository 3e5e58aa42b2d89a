import MarketModel
import Rows
import Synchronizer

/// Notes of the rows before a keyframe what replays that begin there need to know.
final class KeyframeWatch: RowSink {
    let wants: RowNeeds = []
    /// The greatest `ts` of rows and ends of jumps: nanoseconds since the Unix epoch.
    var rowsThrough = Int64.min
    /// The last gap of each instrument's book, open or not.
    private(set) var gaps: [Instrument: BookGap] = [:]

    func write(_ row: borrowing Row) { rowsThrough = max(rowsThrough, row.snapshot.ts) }

    func received(_ notice: Notice) {
        switch notice {
        case .reanchored(let jump, _): rowsThrough = max(rowsThrough, jump.to)
        case .gapped(let gap, let instrument): gaps[instrument] = gap
        case .defined, .interrupted, .recorded: break
        }
    }
}
