import Features
import MarketModel
public import OrderBooks
import Parquet

/// Rows of aggregates, in the columns of `aggregates/`.
struct AggregateTable: EventTable {
    static let type = MarketDataType.aggregates
    private let context: TableContext
    private var identity: IdentityColumns
    private var ts: [Int64] = []
    private var tsAvailable: [Int64] = []
    private var scalars = MarketAggregate.Scalar.allCases.map { _ in OptionalColumn<Double>() }
    private var ages = [OptionalColumn<Int64>(), OptionalColumn<Int64>(), OptionalColumn<Int64>()]
    private var bookState = ByteArrays()
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
        columns += ["observed_trades", "observed_liquidations", "gap", "partial"].map {
            ParquetColumn($0, .boolean)
        }
        return ParquetSchema(columns)
    }

    mutating func append(_ row: MarketAggregate, label: Int64?) {
        identity.append()
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

    mutating func take() -> [ColumnVector] {
        var columns = identity.take() + [ColumnVector(ts), ColumnVector(tsAvailable)]
        for place in scalars.indices { columns.append(scalars[place].take()) }
        for place in ages.indices { columns.append(ages[place].take()) }
        columns.append(ColumnVector(.bytes(bookState)))
        for place in flags.indices {
            columns.append(ColumnVector(flags[place]))
            flags[place].removeAll(keepingCapacity: true)
        }
        ts.removeAll(keepingCapacity: true)
        tsAvailable.removeAll(keepingCapacity: true)
        bookState.removeAll()
        return columns
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
