public import MarketModel
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
    ///
    /// Inlinable: compiled for the caller's books and consumer, so that little but the synchronizer is measured.
    @inlinable
    public mutating func feed(
        _ session: borrowing DecodedSession,
        _ range: Range<Int>,
        _ books: inout some MeasuredBooks,
        _ consumer: inout some SnapshotConsumer
    ) {
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

    @inlinable
    @inline(__always)
    mutating func take(
        _ event: EventReference,
        of batch: borrowing EventBatch,
        on connection: Int32,
        _ books: inout some MeasuredBooks,
        _ consumer: inout some SnapshotConsumer
    ) {
        switch event.kind {
        case .book:
            let update = batch.books[event.place]
            willApply(update, on: connection, books: books, into: &consumer)
            let isGapped = books.apply(update, of: batch, on: connection)
            didApply(update.instrument, isGapped: isGapped, books: books, into: &consumer)
        case .trade: add(batch.trades[event.place], on: connection, books: books, into: &consumer)
        case .liquidation:
            add(batch.liquidations[event.place], on: connection, books: books, into: &consumer)
        case .fundingRate: update(batch.fundingRates[event.place], on: connection)
        case .openInterest: update(batch.openInterests[event.place], on: connection)
        case .status: break
        }
    }
}
