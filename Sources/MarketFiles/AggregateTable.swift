import Features
import MarketModel
public import OrderBooks
import Parquet

/// Rows of aggregates, in the columns of `aggregates/`.
///
/// From row to row most numbers of a quiet instrument stay, so only those that changed are kept until the
/// columns are made.
struct AggregateTable: EventTable {
    static let type = MarketDataType.aggregates
    static let flagNames = DataKind.all.compactMap(\.observedColumn) + ["gap", "partial"]
    private static let scalarCount = MarketAggregate.Scalar.names.count
    private static let ageNames = ["book_age_ns", "funding_age_ns", "interest_age_ns"]
    private static let numberCount = scalarCount + ageNames.count

    private let context: TableContext
    private var ts: [Int64] = []
    private var tsAvailable: [Int64] = []
    /// The numbers of each row that differ from the row before, a bit a number.
    private var changes: [UInt32] = []
    /// The numbers of each row that are not null, a bit a number.
    private var presence: [UInt32] = []
    /// The bits of the numbers that changed, row by row; an age is kept as the time since when it is.
    private var changed: [UInt64] = []
    private var latest = [UInt64](repeating: 0, count: numberCount)
    private var states: [OrderBook.State] = []
    private var flags: [[Bool]] = [[], [], [], []]

    init(_ context: TableContext) { self.context = context }

    var count: Int { ts.count }

    var schema: ParquetSchema {
        var columns = IdentityColumns.schema(context)
        columns += ["ts", "ts_available"].map { ParquetColumn($0, .int64) }
        columns += MarketAggregate.Scalar.names.map { ParquetColumn($0, .double, isOptional: true) }
        columns += AggregateTable.ageNames.map { ParquetColumn($0, .int64, isOptional: true) }
        columns.append(.string("book_state"))
        columns += AggregateTable.flagNames.map { ParquetColumn($0, .boolean) }
        return ParquetSchema(columns)
    }

    mutating func append(_ row: MarketAggregate, label: Int64?) {
        ts.append(row.ts)
        tsAvailable.append(row.tsAvailable)
        changes.append(0)
        presence.append(0)
        for index in 0..<AggregateTable.scalarCount {
            let isPresent = row.mask & 1 << UInt16(index) != 0
            append(isPresent ? row.values[index].bitPattern : nil, at: index)
        }
        append(age: row.bookAge, at: AggregateTable.scalarCount)
        append(age: row.fundingAge, at: AggregateTable.scalarCount + 1)
        append(age: row.interestAge, at: AggregateTable.scalarCount + 2)
        states.append(row.bookState)
        flags[0].append(row.observedTrades)
        flags[1].append(row.observedLiquidations)
        flags[2].append(row.gap)
        flags[3].append(row.partial)
    }

    private mutating func append(age: Int64?, at index: Int) {
        append(age.map { UInt64(bitPattern: ts[ts.count - 1] &- $0) }, at: index)
    }

    @inline(__always)
    private mutating func append(_ bits: UInt64?, at index: Int) {
        let row = ts.count - 1
        if bits != nil { presence[row] |= 1 << UInt32(index) }
        guard latest[index] != bits ?? 0 else { return }
        latest[index] = bits ?? 0
        changes[row] |= 1 << UInt32(index)
        changed.append(bits ?? 0)
    }

    var columns: [ColumnRows] {
        let cells = cells
        var columns = IdentityColumns(context).rows(count)
        columns += [.each(ColumnVector(ts)), .each(ColumnVector(tsAvailable))]
        for index in 0..<AggregateTable.scalarCount {
            let numbers = cells[index * count..<(index + 1) * count].map { Double(bitPattern: $0) }
            columns.append(.each(ColumnVector(numbers, validity: validity(index))))
        }
        for index in AggregateTable.scalarCount..<AggregateTable.numberCount {
            var ages = RunColumn()
            for row in 0..<count {
                let isPresent = presence[row] & 1 << UInt32(index) != 0
                ages.append(isPresent ? ts[row] &- Int64(bitPattern: cells[index * count + row]) : nil)
            }
            columns.append(ages.rows)
        }
        var names = TextColumn()
        for state in states { names.append(state.name) }
        columns.append(names.rows)
        return columns + flags.map { .each(ColumnVector($0)) }
    }

    /// Each number of each row, number by number.
    private var cells: [UInt64] {
        var latest = [UInt64](repeating: 0, count: AggregateTable.numberCount)
        let size = AggregateTable.numberCount * count
        return [UInt64](unsafeUninitializedCapacity: size) { room, initialized in
            var next = 0
            for row in 0..<count {
                for index in 0..<AggregateTable.numberCount {
                    if changes[row] & 1 << UInt32(index) != 0 {
                        latest[index] = changed[next]
                        next += 1
                    }
                    // Safe: the room has a cell a number and row.
                    room[index * count + row] = latest[index]
                }
            }
            initialized = size
        }
    }

    /// Which rows have a number; nil if all have.
    private func validity(_ index: Int) -> [Bool]? {
        let bit: UInt32 = 1 << UInt32(index)
        return presence.allSatisfy { $0 & bit != 0 } ? nil : presence.map { $0 & bit != 0 }
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
