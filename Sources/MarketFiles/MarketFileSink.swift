import Features
public import MarketModel
public import OrderBooks
public import Rows
import Synchronizer

/// Writes rows to market files that are complete at the end, and events as they came if wanted.
public final class MarketFileSink: RowSink {
    private let writer: MarketFileWriter
    /// The events that go to raw files; nil for none.
    private let raw: EventSlice?

    /// Makes a sink; nothing is created on disk before the first row.
    public init(root: String, options: MarketFileOptions = MarketFileOptions(), raw: EventSlice? = nil) {
        writer = MarketFileWriter(root: root, options: options)
        self.raw = raw
    }

    /// Levels, and events for raw files.
    public var wants: RowNeeds { raw == nil ? .levels : [.levels, .events] }

    /// Writes a row.
    public func write(_ row: borrowing Row) throws(MarketFileError) {
        try writer.write(row.snapshot, row.aggregate, of: row.instrument)
    }

    /// Writes an event of the slice to its raw file; of a book message the book after it.
    public func applied(
        _ event: EventReference,
        of batch: borrowing EventBatch,
        books: Span<BookKeeper>
    ) throws(MarketFileError) {
        guard let raw, raw.includes(event, of: batch), let index = batch.instrument(of: event) else { return }
        let instrument = batch.instruments[index]
        switch event.kind {
        case .book:
            try writer.write(batch.books[event.index], book: books[index.position].book, of: instrument)
        case .trade: try writer.write(batch.trades[event.index], of: instrument)
        case .liquidation: try writer.write(batch.liquidations[event.index], of: instrument)
        case .fundingRate: try writer.write(batch.fundingRates[event.index], of: instrument)
        case .openInterest: try writer.write(batch.openInterests[event.index], of: instrument)
        case .status: break
        }
    }

    /// Completes the files.
    public func finish() throws(MarketFileError) -> SinkReceipt { SinkReceipt(files: try writer.finish()) }

    /// Removes the files and the folders that were created for them.
    public func discard() { writer.discard() }
}
