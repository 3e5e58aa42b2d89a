import Parquet

/// A table whose rows mostly repeat the one before: each is kept once until the columns are made.
struct RepeatingTable<Table: EventTable>: EventTable where Table.Row: Equatable {
    static var type: MarketDataType { Table.type }
    private let context: TableContext
    /// Each row, and the number of rows up to its last repetition.
    private var rows: [(row: Table.Row, end: Int)] = []
    private var labels: [Int64] = []
    private(set) var count = 0

    init(_ context: TableContext) { self.context = context }

    var schema: ParquetSchema { Table(context).schema }

    mutating func append(_ row: Table.Row, label: Int64?) {
        count += 1
        if let label { labels.append(label) }
        if let last = rows.last, last.row == row {
            rows[rows.count - 1].end = count
        } else {
            rows.append((row, count))
        }
    }

    var columns: [ColumnRows] {
        var (table, next) = (Table(context), 0)
        for (row, end) in rows {
            for index in next..<end { table.append(row, label: index < labels.count ? labels[index] : nil) }
            next = end
        }
        return table.columns
    }
}
