import MarketModel
import Parquet

/// The columns that all market files of events begin with.
struct EventColumns {
    private var tsEvent = OptionalColumn<Int64>()
    private var tsRecv: [Int64] = []
    private var exchange = ByteArrays()
    private var market = ByteArrays()
    private var symbol = ByteArrays()
    private var ts: [Int64] = []
    private let hasLabel: Bool
    private let instrument: Instrument

    init(_ instrument: Instrument, _ stage: MarketFileStage) {
        self.instrument = instrument
        hasLabel = stage == .synchronized
    }

    var count: Int { tsRecv.count }

    static func schema(
        _ stage: MarketFileStage,
        eventTimeIsOptional: Bool = false,
        _ own: [ParquetColumn]
    )
        -> ParquetSchema
    {
        let first: [ParquetColumn] = [
            ParquetColumn("ts_event", .int64, isOptional: eventTimeIsOptional),
            ParquetColumn("ts_recv", .int64),
            .string("exchange"), .string("market"), .string("symbol"),
        ]
        return ParquetSchema(first + own + (stage == .synchronized ? [ParquetColumn("ts", .int64)] : []))
    }

    mutating func append(exchangeTime: Int64?, receiveTime: Int64, label: Int64?) {
        tsEvent.append(exchangeTime)
        tsRecv.append(receiveTime)
        exchange.append(instrument.exchange)
        market.append(instrument.market.rawValue)
        symbol.append(instrument.symbol)
        if hasLabel { ts.append(label ?? 0) }
    }

    /// The columns with `own` in their place; then is empty.
    mutating func take(_ own: [ColumnVector]) -> [ColumnVector] {
        var columns = [
            tsEvent.take(), ColumnVector(tsRecv), ColumnVector(.bytes(exchange)),
            ColumnVector(.bytes(market)),
            ColumnVector(.bytes(symbol)),
        ]
        columns += own
        if hasLabel { columns.append(ColumnVector(ts)) }
        tsRecv.removeAll(keepingCapacity: true)
        exchange.removeAll()
        market.removeAll()
        symbol.removeAll()
        ts.removeAll(keepingCapacity: true)
        return columns
    }
}

/// One market file of one data type and instrument: rows are gathered and handed on in batches.
protocol EventTable {
    /// What the table takes.
    associatedtype Row
    static var type: MarketDataType { get }
    static func schema(_ stage: MarketFileStage) -> ParquetSchema
    init(_ instrument: Instrument, _ stage: MarketFileStage)
    /// Rows gathered.
    var count: Int { get }
    /// Adds an event, with the label of its row where it has one.
    mutating func append(_ row: Row, label: Int64?)
    /// Hands the gathered rows over and is empty.
    mutating func take() -> [ColumnVector]
}

/// A table and the file it goes to.
final class TableFile<Table: EventTable> {
    private var table: Table
    private let file: PendingFile

    /// Rows gathered before they are handed to the file.
    private static var batch: Int { 4096 }

    init(
        _ instrument: Instrument,
        _ stage: MarketFileStage,
        root: String,
        number: Int
    ) throws(MarketFileError) {
        table = Table(instrument, stage)
        let directory = try MarketFolder.make(root, Table.type)
        file = try PendingFile(
            directory: directory,
            instrument: instrument,
            type: Table.type,
            stage: stage,
            schema: Table.schema(stage),
            number: number
        )
    }

    /// Adds an event whose earliest time is `time`.
    func append(_ row: Table.Row, time: Int64, label: Int64?) throws(MarketFileError) {
        table.append(row, label: label)
        file.note(time)
        if table.count >= Self.batch { try file.append(table.take()) }
    }

    func finish(_ keyValues: [KeyValue]) throws(MarketFileError) -> String {
        if table.count > 0 { try file.append(table.take()) }
        return try file.finish(keyValues)
    }

    func discard() { file.discard() }
}
