import Dataset
import Parquet

/// Rows of a dataset in the columns of its Parquet files.
struct DatasetTable {
    private let isDouble: Bool
    private(set) var count = 0
    private var times: [[Int64]] = [[], []]
    private var split = TextColumn()
    private var part = TextColumn()
    private var flags: [[Bool]] = [[], [], []]
    private var price = OptionalColumn()
    private var features: [OptionalColumn]
    private var labels: [OptionalColumn]
    private var ends: [RunColumn]

    init(_ layout: DatasetLayout) {
        isDouble = layout.isDouble
        features = layout.features.map { _ in OptionalColumn() }
        labels = layout.labels.map { _ in OptionalColumn() }
        ends = layout.labels.map { _ in RunColumn() }
    }

    static func schema(_ layout: DatasetLayout) -> ParquetSchema {
        let number: (String) -> ParquetColumn = {
            ParquetColumn($0, layout.isDouble ? .double : .float, isOptional: true)
        }
        var columns: [ParquetColumn] = [
            ParquetColumn("ts", .int64), ParquetColumn("ts_available", .int64),
            .string("split", isOptional: true), .string("part"), ParquetColumn("gap", .boolean),
            ParquetColumn("partial", .boolean), ParquetColumn("jump", .boolean),
            ParquetColumn("reference_price", .double, isOptional: true),
        ]
        columns += layout.features.map(number)
        for label in layout.labels {
            columns.append(number(label))
            columns.append(ParquetColumn(label + "_end", .int64))
        }
        return ParquetSchema(columns)
    }

    mutating func append(_ row: borrowing OutputRow, part name: String) {
        count += 1
        times[0].append(row.ts)
        times[1].append(row.available)
        split.append(row.windowStart == nil ? nil : name)
        part.append(name)
        flags[0].append(row.isGap)
        flags[1].append(row.isPartial)
        flags[2].append(row.startsAnew)
        price.append(row.price)
        for index in features.indices {
            features[index].append(row.isPresent[index] ? row.features[index] : nil)
        }
        for index in labels.indices {
            labels[index].append(row.isLabelled[index] ? row.labels[index] : nil)
            ends[index].append(row.labelEnds[index])
        }
    }

    /// The gathered rows.
    var columns: [ColumnRows] {
        var columns: [ColumnRows] = times.map { .each(ColumnVector($0)) }
        columns += [split.rows, part.rows]
        columns += flags.map { .each(ColumnVector($0)) }
        columns.append(price.rows)
        columns += features.map { DatasetTable.number($0.rows, isDouble) }
        for index in labels.indices {
            columns.append(DatasetTable.number(labels[index].rows, isDouble))
            columns.append(ends[index].rows)
        }
        return columns
    }

    /// Removes all rows and keeps the memory.
    mutating func removeAll() {
        count = 0
        for index in times.indices { times[index].removeAll(keepingCapacity: true) }
        split.removeAll()
        part.removeAll()
        for index in flags.indices { flags[index].removeAll(keepingCapacity: true) }
        price.removeAll()
        for index in features.indices { features[index].removeAll() }
        for index in labels.indices {
            labels[index].removeAll()
            ends[index].removeAll()
        }
    }

    private static func number(_ column: ColumnRows, _ isDouble: Bool) -> ColumnRows {
        guard !isDouble, case .each(let vector) = column, case .double(let values) = vector.values else {
            return column
        }
        return .each(ColumnVector(values.map { Float($0) }, validity: vector.validity))
    }
}
