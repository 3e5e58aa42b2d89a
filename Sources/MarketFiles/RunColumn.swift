import Parquet

/// A column of integers, null or not, that is filled in runs of rows with the same value.
struct RunColumn {
    private var values: [Int64] = []
    private var validity: [Bool] = []
    private var ends: [Int] = []
    private var nulls = 0

    /// How many rows there are.
    var count: Int { ends.last ?? 0 }

    mutating func append(_ value: Int64?, rows: Int = 1) {
        guard rows > 0 else { return }
        let last = ends.count - 1
        if last >= 0, validity[last] == (value != nil), values[last] == value ?? 0 {
            ends[last] += rows
            return
        }
        ends.append(count + rows)
        values.append(value ?? 0)
        validity.append(value != nil)
        if value == nil { nulls += 1 }
    }

    /// The rows: in runs where that is shorter.
    var rows: ColumnRows {
        let vector = ColumnVector(values, validity: nulls > 0 ? validity : nil)
        if ends.count == count { return .each(vector) }
        let runs = ColumnRuns(vector, ends: ends)
        return ends.count * 2 > count ? .each(runs.expanded()) : .runs(runs)
    }

    mutating func removeAll() {
        values.removeAll(keepingCapacity: true)
        validity.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        nulls = 0
    }
}
