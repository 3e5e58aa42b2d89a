import Features
import MarketFiles
import MarketModel
import OrderBooks
import Pipeline
import Replay
import Sinks
import Synchronizer

/// The part of the log whose events go to raw files: `[from, to)` in the rows' time basis.
struct EventSlice {
    let from: Int64?
    let to: Int64?
    let basis: TimeBasis

    func includes(_ event: EventReference, of batch: borrowing EventBatch) -> Bool {
        guard from != nil || to != nil else { return true }
        let (exchangeTime, receiveTime) = batch.times(of: event)
        let time = basis == .exchange ? exchangeTime ?? receiveTime : receiveTime
        return time >= from ?? .min && time < to ?? .max
    }
}
