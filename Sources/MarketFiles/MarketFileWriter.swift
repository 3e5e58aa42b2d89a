public import Features
public import MarketModel
public import OrderBooks
import Parquet
public import Synchronizer

/// Writes the market files of a replay: a file per instrument, data type and stage (and day, in the Hive
/// layout), in the folders of ``MarketDataType``.
///
/// A file takes its name when it is whole; until then nothing of it can be mistaken for a result. Memory: at
/// most ``MarketFileOptions/bufferBytes`` of rows over all files, and what encoding one row group takes.
public final class MarketFileWriter {
    /// Where the folders are made.
    public let root: String
    private let options: MarketFileOptions
    private let place: FilePlace
    private var files: [InstrumentFiles?] = []
    private var bids: [PriceLevel] = []
    private var asks: [PriceLevel] = []

    /// Makes a writer; nothing is made on disk before the first row.
    public init(root: String, options: MarketFileOptions = MarketFileOptions()) {
        self.root = root
        self.options = options
        place = FilePlace(
            root: root,
            folders: options.folders,
            keyValues: options.metadata.map { KeyValue($0.key, $0.value) },
            limit: options.bufferBytes
        )
    }

    // MARK: - Rows

    /// Adds a row: its aggregate, and what the snapshot holds of each data type, labelled with the row's `ts`.
    public func write(
        _ snapshot: borrowing MarketSnapshot,
        _ aggregate: MarketAggregate,
        of instrument: Instrument
    ) throws(MarketFileError) {
        let own = admit(snapshot.instrument, instrument)
        let label = snapshot.ts
        try own.aggregates.append(aggregate, time: label, sortTime: label, label: nil)
        if let book = snapshot.orderbook { try write(book, to: own.synchronized, label) }
        for trade in snapshot.trades { try own.synchronized.write(trade, label: label) }
        for liquidation in snapshot.liquidations { try own.synchronized.write(liquidation, label: label) }
        if let funding = snapshot.fundingRate { try own.synchronized.write(funding, label: label) }
        if let interest = snapshot.openInterest { try own.synchronized.write(interest, label: label) }
    }

    private func write(
        _ book: borrowing BookView,
        to files: StageFiles,
        _ label: Int64
    ) throws(MarketFileError) {
        let row = BookRow(
            exchangeTime: book.exchangeTime,
            receiveTime: book.receiveTime,
            bids: book.bids,
            asks: book.asks
        )
        try files.write(row, label: label)
    }

    // MARK: - Events

    /// Adds a trade as it came; those of the lists that venues send on subscribing are left out.
    public func write(_ trade: Trade, of instrument: Instrument) throws(MarketFileError) {
        if trade.isSnapshot { return }
        try admit(trade.instrument, instrument).raw.write(trade, label: nil)
    }

    /// Adds a liquidation as it came.
    public func write(_ liquidation: Liquidation, of instrument: Instrument) throws(MarketFileError) {
        try admit(liquidation.instrument, instrument).raw.write(liquidation, label: nil)
    }

    /// Adds a funding rate as it came.
    public func write(_ funding: FundingRate, of instrument: Instrument) throws(MarketFileError) {
        try admit(funding.instrument, instrument).raw.write(funding, label: nil)
    }

    /// Adds an open interest as it came.
    public func write(_ interest: OpenInterest, of instrument: Instrument) throws(MarketFileError) {
        try admit(interest.instrument, instrument).raw.write(interest, label: nil)
    }

    /// Adds the book as it is after `update`, unless it is not synced.
    public func write(
        _ update: BookUpdate,
        book: borrowing OrderBook,
        of instrument: Instrument
    ) throws(MarketFileError) {
        guard book.state == .synced else { return }
        bids.removeAll(keepingCapacity: true)
        asks.removeAll(keepingCapacity: true)
        book.copyBids(options.depth, into: &bids)
        book.copyAsks(options.depth, into: &asks)
        let row = BookRow(
            exchangeTime: update.exchangeTime,
            receiveTime: update.receiveTime,
            bids: bids,
            asks: asks
        )
        try admit(update.instrument, instrument).raw.write(row, label: nil)
    }

    // MARK: - The end

    /// Completes all files; returns the paths of all that were written, in the order they were completed.
    public func finish() throws(MarketFileError) -> [String] {
        for own in files { try own?.finish() }
        files.removeAll()
        place.synchronizeFolders()
        return place.finished
    }

    /// Gives up: removes all files and folders that were made.
    public func discard() {
        for own in files { own?.discard() }
        files.removeAll()
        place.discard()
    }

    private func admit(_ index: InstrumentIndex, _ instrument: Instrument) -> InstrumentFiles {
        while files.count <= index.position { files.append(nil) }
        if let own = files[index.position] { return own }
        let own = InstrumentFiles(instrument, options, place)
        files[index.position] = own
        return own
    }
}
