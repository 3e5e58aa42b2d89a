public import MarketModel
import OrderBooks
public import Synchronizer

extension MarketSynchronizer {
    /// Applies the current frame's events up to the first status; returns its position, or the end.
    ///
    /// The batch is not changed; `inout` avoids a copy of it for each frame.
    ///
    /// Inlinable, to be specialized for the caller's books and consumer: no dynamic call per event.
    @inlinable
    @inline(__always)
    public mutating func apply<Consumer: EventConsumer>(
        _ events: Range<Int>,
        of batch: inout EventBatch,
        on connection: Int32,
        books: inout Consumer.Books,
        into consumer: inout Consumer
    ) -> Int {
        var position = events.lowerBound
        while position < events.upperBound {
            defer { position += 1 }
            let event = batch.order[position]
            switch event.kind {
            case .book:
                let update = batch.books[event.index]
                guard books.accept(update, on: connection) else {
                    passOver(update, on: connection)
                    continue
                }
                willApply(update, on: connection, books: &books, into: &consumer)
                let change = books.apply(update, levels: batch.levels.span, on: connection)
                didApply(update.instrument, isGapped: change.isGapped, books: &books, into: &consumer)
                if let cause = change.newGap { consumer.gapped(cause, by: update, on: connection) }
            case .trade: add(batch.trades[event.index], on: connection, books: &books, into: &consumer)
            case .liquidation:
                add(batch.liquidations[event.index], on: connection, books: &books, into: &consumer)
            case .fundingRate: update(batch.fundingRates[event.index], on: connection)
            case .openInterest: update(batch.openInterests[event.index], on: connection)
            case .status: return position
            }
            if consumer.wantsEvents { consumer.applied(event, of: batch, books: books) }
        }
        return events.upperBound
    }
}
