import MarketModel
public import Synchronizer

/// Counts rows and looks at nothing else.
public struct RowCounter: SnapshotConsumer {
    /// The rows so far.
    public var rows = 0

    /// Counts from 0.
    public init() {}

    /// Counts a row.
    public mutating func consume(_ snapshot: borrowing MarketSnapshot) { rows += 1 }
}

extension MarketSynchronizer {
    /// Feeds the frames of a session in a range, as a replay would.
    public mutating func feed(
        _ session: borrowing DecodedSession,
        _ range: Range<Int>,
        _ books: inout some MeasuredBooks,
        _ consumer: inout some SnapshotConsumer
    ) {
        // Spans: a subscript of an array would copy each event first.
        let (frames, order) = (session.frames.span, session.order.span)
        for place in range {
            let frame = frames[place]
            let stamp = FrameStamp(
                connection: frame.connection,
                receiveTime: frame.receiveTime,
                exchangeTime: frame.exchangeTime
            )
            begin(frame: stamp, books: books, into: &consumer)
            for event in frame.events {
                take(order[event], of: session.batch, on: frame.connection, &books, &consumer)
            }
        }
    }

    @inline(__always)
    private mutating func take(
        _ event: EventReference,
        of batch: borrowing EventBatch,
        on connection: Int32,
        _ books: inout some MeasuredBooks,
        _ consumer: inout some SnapshotConsumer
    ) {
        switch event.kind {
        case .book:
            let updates = batch.books.span
            willApply(updates[event.place], on: connection, books: books, into: &consumer)
            let isGapped = books.apply(updates[event.place], of: batch, on: connection)
            let instrument = updates[event.place].instrument
            didApply(instrument, isGapped: isGapped, books: books, into: &consumer)
        case .trade: add(batch.trades.span[event.place], on: connection, books: books, into: &consumer)
        case .liquidation:
            add(batch.liquidations.span[event.place], on: connection, books: books, into: &consumer)
        case .fundingRate: update(batch.fundingRates.span[event.place], on: connection)
        case .openInterest: update(batch.openInterests.span[event.place], on: connection)
        case .status: break
        }
    }
}
