import Dataset
import Parquet

/// Rows of a dataset in the columns of its Parquet files.
struct DatasetTable {
    private let isDouble: Bool
    private(set) var count = 0
    private var times: [[Int64]] = [[], []]
    private var split: [String?] = []
    private var part: [String] = []
    private var flags: [[Bool]] = [[], [], []]
    private var price = OptionalColumn<Double>()
    private var features: [OptionalColumn<Double>]
    private var labels: [OptionalColumn<Double>]
    private var ends: [[Int64]]

    init(_ layout: DatasetLayout) {
        isDouble = layout.isDouble
        features = layout.features.map { _ in OptionalColumn() }
        labels = layout.labels.map { _ in OptionalColumn() }
        ends = layout.labels.map { _ in [] }
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
        for place in features.indices {
            features[place].append(row.isPresent[place] ? row.features[place] : nil)
        }
        for place in labels.indices {
            labels[place].append(row.isLabelled[place] ? row.labels[place] : nil)
            ends[place].append(row.labelEnds[place])
        }
    }

    /// Hands the rows over and is empty.
    mutating func take() -> [ColumnVector] {
        var columns = [
            ColumnVector(times[0]), ColumnVector(times[1]), ColumnVector(split), ColumnVector(part),
        ]
        columns += flags.map { ColumnVector($0) }
        columns.append(price.take())
        for place in flags.indices { flags[place].removeAll(keepingCapacity: true) }
        for place in features.indices {
            columns.append(DatasetTable.number(features[place].take(), isDouble))
        }
        for place in labels.indices {
            columns.append(DatasetTable.number(labels[place].take(), isDouble))
            columns.append(ColumnVector(ends[place]))
            ends[place].removeAll(keepingCapacity: true)
        }
        for place in times.indices { times[place].removeAll(keepingCapacity: true) }
        split.removeAll(keepingCapacity: true)
        part.removeAll(keepingCapacity: true)
        count = 0
        return columns
    }

    private static func number(_ column: ColumnVector, _ isDouble: Bool) -> ColumnVector {
        guard !isDouble, case .double(let values) = column.values else { return column }
        return ColumnVector(values.map { Float($0) }, validity: column.validity)
    }
}
