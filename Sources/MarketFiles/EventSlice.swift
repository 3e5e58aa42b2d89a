import MarketModel
public import Synchronizer

/// The part of the log whose events go to raw files: `[from, to)` in the rows' time basis.
public struct EventSlice: Sendable {
    private let from: Int64?
    private let to: Int64?
    private let basis: TimeBasis

    /// The events from `from` until before `to`, nanoseconds since the Unix epoch; nil for no bound.
    public init(from: Int64?, to: Int64?, basis: TimeBasis) {
        (self.from, self.to, self.basis) = (from, to, basis)
    }

    /// Whether an event is in it.
    func includes(_ event: EventReference, of batch: borrowing EventBatch) -> Bool {
        guard from != nil || to != nil else { return true }
        let (exchangeTime, receiveTime) = batch.times(of: event)
        let time = basis == .exchange ? exchangeTime ?? receiveTime : receiveTime
        return time >= from ?? .min && time < to ?? .max
    }
}
