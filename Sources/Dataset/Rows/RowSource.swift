import MarketModel
public import Synchronizer

/// A source of rows: each call replays a plan's recordings with the same result.
public protocol RowSource {
    /// Replays the log, perhaps cut and continued by other frames, and passes every row to `consumer` in
    /// the order of emission, which is order of time per instrument.
    func replay(
        _ options: SynchronizerOptions,
        _ cut: AuditCut,
        into consumer: any RowReceiver
    ) throws(DatasetError) -> RowSourceReport
}
