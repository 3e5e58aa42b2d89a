public import MarketModel
public import Synchronizer

/// Counts rows and looks at nothing else.
public struct RowCounter: SnapshotConsumer {
    /// The rows so far.
    public var rows = 0

    /// Counts from 0.
    public init() {}

    /// Counts a row.
    public mutating func consume(_ snapshot: inout MarketSnapshot) { rows += 1 }
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
        // Arrays as spans: to pass on the batch as a whole would copy it once a frame.
        let (updates, trades) = (session.batch.books.span, session.batch.trades.span)
        let liquidations = session.batch.liquidations.span
        for index in range {
            let frame = frames[index]
            let stamp = FrameStamp(
                connection: frame.connection,
                receiveTime: frame.receiveTime,
                exchangeTime: frame.exchangeTime
            )
            begin(frame: stamp, books: &books, into: &consumer)
            for event in frame.events {
                let (kind, index) = (order[event].kind, order[event].index)
                switch kind {
                case .book: take(updates[index], of: session.batch, on: frame.connection, &books, &consumer)
                case .trade: add(trades[index], on: frame.connection, books: &books, into: &consumer)
                case .liquidation:
                    add(liquidations[index], on: frame.connection, books: &books, into: &consumer)
                case .fundingRate: update(session.batch.fundingRates[index], on: frame.connection)
                case .openInterest: update(session.batch.openInterests[index], on: frame.connection)
                case .status: break
                }
            }
        }
    }

    @inlinable
    @inline(__always)
    mutating func take(
        _ update: BookUpdate,
        of batch: borrowing EventBatch,
        on connection: Int32,
        _ books: inout some MeasuredBooks,
        _ consumer: inout some SnapshotConsumer
    ) {
        willApply(update, on: connection, books: &books, into: &consumer)
        let isGapped = books.apply(update, of: batch, on: connection)
        didApply(update.instrument, isGapped: isGapped, books: &books, into: &consumer)
    }
}
