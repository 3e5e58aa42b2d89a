public import MarketModel
import OrderBooks
public import Synchronizer

extension MarketSynchronizer {
    /// Applies the current frame's events up to the first status; returns its position, or the end.
    ///
    /// The batch is not changed; `inout` avoids a copy of it for each frame.
    ///
    /// Inlinable, to be specialized for the caller's host: no dynamic call per event.
    @inlinable
    @inline(__always)
    public mutating func apply(
        _ events: Range<Int>,
        of batch: inout EventBatch,
        on connection: Int32,
        for host: inout some FrameHost
    ) -> Int {
        var position = events.lowerBound
        while position < events.upperBound {
            defer { position += 1 }
            let event = batch.order[position]
            switch event.kind {
            case .book:
                let update = batch.books[event.index]
                guard host.accept(update, on: connection) else {
                    passOver(update, on: connection)
                    continue
                }
                willApply(update, on: connection, for: &host)
                let change = host.apply(update, levels: batch.levels.span, on: connection)
                didApply(update.instrument, isGapped: change.isGapped, for: &host)
                if let cause = change.newGap { host.gapped(cause, by: update, on: connection) }
            case .trade: add(batch.trades[event.index], on: connection, for: &host)
            case .liquidation:
                add(batch.liquidations[event.index], on: connection, for: &host)
            case .fundingRate: update(batch.fundingRates[event.index], on: connection)
            case .openInterest: update(batch.openInterests[event.index], on: connection)
            case .status: return position
            }
            if host.wantsEvents { host.applied(event, of: batch) }
        }
        return events.upperBound
    }
}
