import MarketModel
import Parquet

/// What a table must know to lay out its columns.
struct TableContext {
    var instrument: Instrument
    var stage: MarketFileStage
    var depth: Int
    /// Whether the folders name exchange, market and symbol, so that the file need not.
    var isPartitioned: Bool
}

/// Rows of one data type and instrument, gathered and handed on in batches.
protocol EventTable {
    /// What the table takes.
    associatedtype Row
    static var type: MarketDataType { get }
    init(_ context: TableContext)
    var schema: ParquetSchema { get }
    /// Rows gathered.
    var count: Int { get }
    /// Adds an event, with the label of its row where it has one.
    mutating func append(_ row: Row, label: Int64?)
    /// The gathered rows.
    var columns: [ColumnRows] { get }
    /// Removes all rows and keeps the memory.
    mutating func removeAll()
}

/// The columns exchange, market and symbol, unless the folders say them.
struct IdentityColumns {
    private let texts: [ColumnVector]

    init(_ context: TableContext) {
        let instrument = context.instrument
        let names = [instrument.exchange, instrument.market.rawValue, instrument.symbol]
        texts = context.isPartitioned ? [] : names.map { ColumnVector([$0]) }
    }

    static func schema(_ context: TableContext) -> [ParquetColumn] {
        context.isPartitioned ? [] : [.string("exchange"), .string("market"), .string("symbol")]
    }

    /// The columns over `count` rows.
    func rows(_ count: Int) -> [ColumnRows] { texts.map { .runs(ColumnRuns($0, ends: [count])) } }
}

/// The columns that all market files of events begin and end with.
struct EventColumns {
    private(set) var count = 0
    private var tsEvent = RunColumn()
    private var tsRecv = RunColumn()
    private let identity: IdentityColumns
    private var ts = RunColumn()
    private let context: TableContext

    init(_ context: TableContext) {
        self.context = context
        identity = IdentityColumns(context)
    }

    func schema(eventTimeIsOptional: Bool = false, _ own: [ParquetColumn]) -> ParquetSchema {
        let times = [
            ParquetColumn("ts_event", .int64, isOptional: eventTimeIsOptional),
            ParquetColumn("ts_recv", .int64),
        ]
        let label = context.stage == .synchronized ? [ParquetColumn("ts", .int64)] : []
        return ParquetSchema(times + IdentityColumns.schema(context) + own + label)
    }

    /// Adds rows of the same times.
    mutating func append(exchangeTime: Int64?, receiveTime: Int64, label: Int64?, rows: Int = 1) {
        count += rows
        tsEvent.append(exchangeTime, rows: rows)
        tsRecv.append(receiveTime, rows: rows)
        if context.stage == .synchronized { ts.append(label ?? 0, rows: rows) }
    }

    /// The columns with `own` in their place.
    func columns(_ own: [ColumnRows]) -> [ColumnRows] {
        var columns = [tsEvent.rows, tsRecv.rows] + identity.rows(count) + own
        if context.stage == .synchronized { columns.append(ts.rows) }
        return columns
    }

    mutating func removeAll() {
        count = 0
        tsEvent.removeAll()
        tsRecv.removeAll()
        ts.removeAll()
    }
}
