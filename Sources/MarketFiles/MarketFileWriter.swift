import ByteCoding
public import Features
import Glibc
public import MarketModel
public import OrderBooks
import Parquet
public import Synchronizer

/// Writes the market files of a replay: a file per instrument, data type and stage (and day, in the Hive
/// layout), in the folders of ``MarketDataType``.
///
/// A file gets its name when it is complete, so that nothing partial is mistaken for a result. Memory: at
/// most ``MarketFileOptions/bufferBytes`` of rows over all files, plus the encoding of one row group.
public final class MarketFileWriter {
    /// Where the folders are made.
    public let root: String
    private let options: MarketFileOptions
    private let store: MarketFileStore
    private var files: [InstrumentFiles?] = []
    private var bids: [PriceLevel] = []
    private var asks: [PriceLevel] = []

    /// Makes a writer; nothing is created on disk before the first row.
    public convenience init(root: String, options: MarketFileOptions = MarketFileOptions()) {
        self.init(root: root, options: options, isInMemory: false)
    }

    /// Makes a writer of files in memory, returned by ``finishInMemory(adding:)``; they take as much memory
    /// as disk space.
    public convenience init(inMemoryFor root: String, options: MarketFileOptions = MarketFileOptions()) {
        self.init(root: root, options: options, isInMemory: true)
    }

    private init(root: String, options: MarketFileOptions, isInMemory: Bool) {
        self.root = root
        self.options = options
        store = MarketFileStore(root: root, options, isInMemory: isInMemory)
    }

    /// Makes a folder if needed, and throws if no file can be created in it.
    public static func probe(_ folder: String) throws(MarketFileError) {
        _ = try MarketFileStore.make(folder)
        let path = "\(folder)/.\(getpid())-probe"
        do throws(ByteCodingError) {
            try ByteOutput(path: path).discard()
        } catch {
            throw .write(path: folder, reason: error.description)
        }
    }

    /// The bytes of all rows and files in memory, except up to 64 KiB a file not yet batched.
    public var memoryBytes: Int { store.openBytes }

    // MARK: - Rows

    /// Adds a row: its aggregate, and the snapshot's events of each data type, labelled with the row's
    /// `ts`.
    public func write(
        _ snapshot: borrowing MarketSnapshot,
        _ aggregate: MarketAggregate,
        of instrument: Instrument
    ) throws(MarketFileError) {
        let own = register(snapshot.instrument, instrument)
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

    /// Adds a raw trade; those in lists sent on subscribing, and those that are no market trades, are left out.
    public func write(_ trade: Trade, of instrument: Instrument) throws(MarketFileError) {
        if trade.isSnapshot || trade.isExcluded { return }
        try register(trade.instrument, instrument).raw.write(trade, label: nil)
    }

    /// Adds a liquidation as it came; those in lists sent on subscribing are left out.
    public func write(_ liquidation: Liquidation, of instrument: Instrument) throws(MarketFileError) {
        if liquidation.isSnapshot { return }
        try register(liquidation.instrument, instrument).raw.write(liquidation, label: nil)
    }

    /// Adds a funding rate as it came.
    public func write(_ funding: FundingRate, of instrument: Instrument) throws(MarketFileError) {
        try register(funding.instrument, instrument).raw.write(funding, label: nil)
    }

    /// Adds an open interest as it came.
    public func write(_ interest: OpenInterest, of instrument: Instrument) throws(MarketFileError) {
        try register(interest.instrument, instrument).raw.write(interest, label: nil)
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
        try register(update.instrument, instrument).raw.write(row, label: nil)
    }

    // MARK: - The end

    /// Completes all files; returns the paths of all that were written, in the order they were completed.
    public func finish() throws(MarketFileError) -> [String] {
        for own in files { try own?.finish() }
        files.removeAll()
        store.synchronizeFolders()
        return store.finished
    }

    /// Completes all files of a writer that makes them in memory.
    ///
    /// - Parameter facts: go into the files' key-value metadata besides those of the options.
    /// - Returns: the files, in the order they were completed.
    /// - Throws: ``MarketFileError`` where rows cannot be encoded.
    public func finishInMemory(
        adding facts: [(key: String, value: String)] = []
    ) throws(MarketFileError) -> [MarketFileImage] {
        store.keyValues += facts.map { KeyValue($0.key, $0.value) }
        for own in files { try own?.finish() }
        files.removeAll()
        return store.images
    }

    /// Discards everything: removes all files and folders that were created.
    public func discard() {
        for own in files { own?.discard() }
        files.removeAll()
        store.discard()
    }

    private func register(_ index: InstrumentIndex, _ instrument: Instrument) -> InstrumentFiles {
        while files.count <= index.position { files.append(nil) }
        if let own = files[index.position] { return own }
        let own = InstrumentFiles(instrument, options, store)
        files[index.position] = own
        return own
    }
}
