import MarketModel
import Parquet

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

    /// The columns with `own` between the common ones.
    func columns(_ own: [ColumnRows]) -> [ColumnRows] {
        var columns = [tsEvent.rows, tsRecv.rows] + identity.rows(count) + own
        if context.stage == .synchronized { columns.append(ts.rows) }
        return columns
    }
}
