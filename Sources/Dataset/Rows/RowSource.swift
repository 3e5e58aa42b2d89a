import MarketModel
public import Synchronizer

/// Where rows come from: one replay of a plan's recordings a call, each call the same.
public protocol RowSource {
    /// Replays the log, or a part and something else behind it, and hands every row to `consumer` in the order
    /// of emission; rows of one instrument come in order of time.
    func replay(
        _ options: SynchronizerOptions,
        _ cut: AuditCut,
        into consumer: any RowReceiver
    ) throws(DatasetError) -> RowSourceReport
}
