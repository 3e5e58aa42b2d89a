import Features
import MarketModel
public import OrderBooks
import Parquet

/// Rows of aggregates, in the columns of `aggregates/`.
struct AggregateTable: EventTable {
    static let type = MarketDataType.aggregates
    static let flagNames = DataKind.all.compactMap(\.observedColumn) + ["gap", "partial"]
    private let context: TableContext
    private let identity: IdentityColumns
    private var ts: [Int64] = []
    private var tsAvailable: [Int64] = []
    private var scalars = MarketAggregate.Scalar.allCases.map { _ in OptionalColumn() }
    private var ages = [RunColumn(), RunColumn(), RunColumn()]
    private var bookState = TextColumn()
    private var flags: [[Bool]] = [[], [], [], []]

    init(_ context: TableContext) {
        self.context = context
        identity = IdentityColumns(context)
    }

    var count: Int { ts.count }

    var schema: ParquetSchema {
        var columns = IdentityColumns.schema(context)
        columns += ["ts", "ts_available"].map { ParquetColumn($0, .int64) }
        columns += MarketAggregate.Scalar.names.map { ParquetColumn($0, .double, isOptional: true) }
        columns += ["book_age_ns", "funding_age_ns", "interest_age_ns"].map {
            ParquetColumn($0, .int64, isOptional: true)
        }
        columns.append(.string("book_state"))
        columns += AggregateTable.flagNames.map { ParquetColumn($0, .boolean) }
        return ParquetSchema(columns)
    }

    mutating func append(_ row: MarketAggregate, label: Int64?) {
        ts.append(row.ts)
        tsAvailable.append(row.tsAvailable)
        for scalar in MarketAggregate.Scalar.allCases { scalars[scalar.rawValue].append(row[scalar]) }
        ages[0].append(row.bookAge)
        ages[1].append(row.fundingAge)
        ages[2].append(row.interestAge)
        bookState.append(row.bookState.name)
        flags[0].append(row.observedTrades)
        flags[1].append(row.observedLiquidations)
        flags[2].append(row.gap)
        flags[3].append(row.partial)
    }

    var columns: [ColumnRows] {
        var columns = identity.rows(count) + [.each(ColumnVector(ts)), .each(ColumnVector(tsAvailable))]
        columns += scalars.map(\.rows)
        columns += ages.map(\.rows)
        columns.append(bookState.rows)
        return columns + flags.map { .each(ColumnVector($0)) }
    }

    mutating func removeAll() {
        ts.removeAll(keepingCapacity: true)
        tsAvailable.removeAll(keepingCapacity: true)
        for index in scalars.indices { scalars[index].removeAll() }
        for index in ages.indices { ages[index].removeAll() }
        bookState.removeAll()
        for index in flags.indices { flags[index].removeAll(keepingCapacity: true) }
    }
}

extension OrderBook.State {
    /// The name in files: `awaiting`, `synced`, `gapped`.
    public var name: String {
        switch self {
        case .awaitingSnapshot: "awaiting"
        case .synced: "synced"
        case .gapped: "gapped"
        }
    }
}
