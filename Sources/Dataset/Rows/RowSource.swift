import MarketModel
public import Rows
public import Synchronizer

/// A source of rows: each call replays a plan's recordings with the same result.
public protocol RowSource {
    /// Replays the log, perhaps cut and continued by other frames, and passes every row to `sink` in the
    /// order of emission, which is order of time per instrument.
    func replay(
        _ options: SynchronizerOptions,
        _ cut: AuditCut,
        into sink: any RowSink
    ) throws(DatasetError) -> RowSourceReport
}
