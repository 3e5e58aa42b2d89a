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
    /// Hands the gathered rows over and is empty.
    mutating func take() -> [ColumnVector]
}

/// The columns exchange, market and symbol, unless the folders say them.
struct IdentityColumns {
    private let context: TableContext
    private var exchange = ByteArrays()
    private var market = ByteArrays()
    private var symbol = ByteArrays()

    init(_ context: TableContext) { self.context = context }

    static func schema(_ context: TableContext) -> [ParquetColumn] {
        context.isPartitioned ? [] : [.string("exchange"), .string("market"), .string("symbol")]
    }

    mutating func append() {
        guard !context.isPartitioned else { return }
        exchange.append(context.instrument.exchange)
        market.append(context.instrument.market.rawValue)
        symbol.append(context.instrument.symbol)
    }

    mutating func take() -> [ColumnVector] {
        guard !context.isPartitioned else { return [] }
        defer {
            exchange.removeAll()
            market.removeAll()
            symbol.removeAll()
        }
        return [ColumnVector(.bytes(exchange)), ColumnVector(.bytes(market)), ColumnVector(.bytes(symbol))]
    }
}

/// The columns that all market files of events begin and end with.
struct EventColumns {
    private var tsEvent = OptionalColumn<Int64>()
    private var tsRecv: [Int64] = []
    private var identity: IdentityColumns
    private var ts: [Int64] = []
    private let context: TableContext

    init(_ context: TableContext) {
        self.context = context
        identity = IdentityColumns(context)
    }

    var count: Int { tsRecv.count }

    func schema(eventTimeIsOptional: Bool = false, _ own: [ParquetColumn]) -> ParquetSchema {
        let times = [
            ParquetColumn("ts_event", .int64, isOptional: eventTimeIsOptional),
            ParquetColumn("ts_recv", .int64),
        ]
        let label = context.stage == .synchronized ? [ParquetColumn("ts", .int64)] : []
        return ParquetSchema(times + IdentityColumns.schema(context) + own + label)
    }

    mutating func append(exchangeTime: Int64?, receiveTime: Int64, label: Int64?) {
        tsEvent.append(exchangeTime)
        tsRecv.append(receiveTime)
        identity.append()
        if context.stage == .synchronized { ts.append(label ?? 0) }
    }

    /// The columns with `own` in their place; then is empty.
    mutating func take(_ own: [ColumnVector]) -> [ColumnVector] {
        defer {
            tsRecv.removeAll(keepingCapacity: true)
            ts.removeAll(keepingCapacity: true)
        }
        var columns = [tsEvent.take(), ColumnVector(tsRecv)] + identity.take() + own
        if context.stage == .synchronized { columns.append(ColumnVector(ts)) }
        return columns
    }
}
