import Parquet

/// A nullable column of numbers under construction.
struct OptionalColumn {
    private var values: [Double] = []
    private var validity: [Bool] = []
    private var nulls = 0

    mutating func append(_ value: Double?) {
        values.append(value ?? 0)
        validity.append(value != nil)
        if value == nil { nulls += 1 }
    }

    /// The rows.
    var rows: ColumnRows { .each(ColumnVector(values, validity: nulls > 0 ? validity : nil)) }

    mutating func removeAll() {
        values.removeAll(keepingCapacity: true)
        validity.removeAll(keepingCapacity: true)
        nulls = 0
    }
}
