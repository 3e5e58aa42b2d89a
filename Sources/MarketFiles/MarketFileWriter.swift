public import Features
public import MarketModel
public import OrderBooks
import Parquet
public import Synchronizer

/// Writes the market files of a replay: a file per instrument, data type and stage, in the folders of
/// ``MarketDataType``.
///
/// A file takes its name when it is whole; until then nothing of it can be mistaken for a result. Memory: a row
/// group of each open file.
public final class MarketFileWriter {
    /// Where the folders are made.
    public let root: String
    private let depth: Int
    private let keyValues: [KeyValue]
    private var files: [InstrumentFiles?] = []
    private var opened = 0
    private var bids: [PriceLevel] = []
    private var asks: [PriceLevel] = []

    private final class InstrumentFiles {
        let instrument: Instrument
        var aggregates: TableFile<AggregateTable>?
        let stages = MarketFileStage.allCases.map { _ in StageFiles() }

        init(_ instrument: Instrument) { self.instrument = instrument }

        subscript(stage: MarketFileStage) -> StageFiles { stages[stage == .synchronized ? 0 : 1] }
    }

    private final class StageFiles {
        var books: TableFile<LongBookTable>?
        var trades: TableFile<TradeTable>?
        var liquidations: TableFile<LiquidationTable>?
        var fundings: TableFile<FundingTable>?
        var interests: TableFile<OpenInterestTable>?
    }

    /// Makes a writer; raw books are written to `depth` levels a side.
    ///
    /// `metadata` goes into every file.
    public init(root: String, depth: Int, metadata: [(key: String, value: String)] = []) {
        self.root = root
        self.depth = depth
        keyValues = metadata.map { KeyValue($0.key, $0.value) }
    }

    // MARK: - Rows

    /// Adds a row: its aggregate, and what the snapshot holds of each data type, labelled with the row's `ts`.
    public func write(
        _ snapshot: borrowing MarketSnapshot,
        _ aggregate: MarketAggregate,
        of instrument: Instrument
    ) throws(MarketFileError) {
        let own = admit(snapshot.instrument, instrument)
        let stage = MarketFileStage.synchronized
        let label = snapshot.ts
        try open(&own.aggregates, own, stage).append(aggregate, time: aggregate.ts, label: nil)
        if let book = snapshot.orderbook {
            let file = try open(&own[stage].books, own, stage)
            let (stamp, received) = (book.exchangeTime, book.receiveTime)
            try append(book.bids, isBid: true, to: file, exchangeTime: stamp, receiveTime: received, label)
            try append(book.asks, isBid: false, to: file, exchangeTime: stamp, receiveTime: received, label)
        }
        for trade in snapshot.trades {
            try open(&own[stage].trades, own, stage).append(trade, time: trade.exchangeTime, label: label)
        }
        for liquidation in snapshot.liquidations {
            let time = liquidation.exchangeTime
            try open(&own[stage].liquidations, own, stage).append(liquidation, time: time, label: label)
        }
        if let funding = snapshot.fundingRate {
            try open(&own[stage].fundings, own, stage).append(
                funding,
                time: funding.exchangeTime,
                label: label
            )
        }
        if let interest = snapshot.openInterest {
            let time = interest.exchangeTime
            try open(&own[stage].interests, own, stage).append(interest, time: time, label: label)
        }
    }

    // MARK: - Events

    /// Adds a trade as it came; those of the lists that venues send on subscribing are left out.
    public func write(_ trade: Trade, of instrument: Instrument) throws(MarketFileError) {
        if trade.isSnapshot { return }
        let own = admit(trade.instrument, instrument)
        try open(&own[.raw].trades, own, .raw).append(trade, time: trade.exchangeTime, label: nil)
    }

    /// Adds a liquidation as it came.
    public func write(_ liquidation: Liquidation, of instrument: Instrument) throws(MarketFileError) {
        let own = admit(liquidation.instrument, instrument)
        let file = try open(&own[.raw].liquidations, own, .raw)
        try file.append(liquidation, time: liquidation.exchangeTime, label: nil)
    }

    /// Adds a funding rate as it came.
    public func write(_ funding: FundingRate, of instrument: Instrument) throws(MarketFileError) {
        let own = admit(funding.instrument, instrument)
        try open(&own[.raw].fundings, own, .raw).append(funding, time: funding.exchangeTime, label: nil)
    }

    /// Adds an open interest as it came.
    public func write(_ interest: OpenInterest, of instrument: Instrument) throws(MarketFileError) {
        let own = admit(interest.instrument, instrument)
        try open(&own[.raw].interests, own, .raw).append(interest, time: interest.exchangeTime, label: nil)
    }

    /// Adds the book as it is after `update`, unless it is not synced.
    public func write(
        _ update: BookUpdate,
        book: borrowing OrderBook,
        of instrument: Instrument
    ) throws(MarketFileError) {
        guard book.state == .synced else { return }
        let own = admit(update.instrument, instrument)
        bids.removeAll(keepingCapacity: true)
        asks.removeAll(keepingCapacity: true)
        book.copyBids(depth, into: &bids)
        book.copyAsks(depth, into: &asks)
        let file = try open(&own[.raw].books, own, .raw)
        let (stamp, received) = (update.exchangeTime, update.receiveTime)
        try append(bids, isBid: true, to: file, exchangeTime: stamp, receiveTime: received, nil)
        try append(asks, isBid: false, to: file, exchangeTime: stamp, receiveTime: received, nil)
    }

    // MARK: - The end

    /// Completes all files; returns their paths in the order of instruments, stages and data types.
    public func finish() throws(MarketFileError) -> [String] {
        var paths: [String] = []
        for own in files {
            guard let own else { continue }
            if let file = own.aggregates { paths.append(try file.finish(keyValues)) }
            for stage in own.stages {
                if let file = stage.books { paths.append(try file.finish(keyValues)) }
                if let file = stage.trades { paths.append(try file.finish(keyValues)) }
                if let file = stage.liquidations { paths.append(try file.finish(keyValues)) }
                if let file = stage.fundings { paths.append(try file.finish(keyValues)) }
                if let file = stage.interests { paths.append(try file.finish(keyValues)) }
            }
        }
        files.removeAll()
        return paths
    }

    /// Gives up: removes what is not finished.
    public func discard() {
        for own in files {
            own?.aggregates?.discard()
            for stage in own?.stages ?? [] {
                stage.books?.discard()
                stage.trades?.discard()
                stage.liquidations?.discard()
                stage.fundings?.discard()
                stage.interests?.discard()
            }
        }
        files.removeAll()
    }

    // MARK: - Parts

    private func admit(_ index: InstrumentIndex, _ instrument: Instrument) -> InstrumentFiles {
        while files.count <= index.position { files.append(nil) }
        if let own = files[index.position] { return own }
        let own = InstrumentFiles(instrument)
        files[index.position] = own
        return own
    }

    private func open<Table>(
        _ file: inout TableFile<Table>?,
        _ own: InstrumentFiles,
        _ stage: MarketFileStage
    ) throws(MarketFileError) -> TableFile<Table> {
        if let file { return file }
        opened += 1
        let made = try TableFile<Table>(own.instrument, stage, root: root, number: opened)
        file = made
        return made
    }

    private func append(
        _ levels: [PriceLevel],
        isBid: Bool,
        to file: TableFile<LongBookTable>,
        exchangeTime: Int64?,
        receiveTime: Int64,
        _ label: Int64?
    ) throws(MarketFileError) {
        let time = exchangeTime ?? receiveTime
        for (rank, level) in levels.enumerated() {
            let row = BookLevelRow(
                exchangeTime: exchangeTime,
                receiveTime: receiveTime,
                isBid: isBid,
                place: rank,
                level: level
            )
            try file.append(row, time: time, label: label)
        }
    }
}
