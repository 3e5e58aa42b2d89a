import MarketModel
import Parquet

/// The rows of a batch by column name, checked as they are read.
struct RowTable {
    let path: String
    /// The number of the batch's first row in the file.
    let firstRow: Int
    let count: Int
    private let columns: [String: ColumnVector]
    private let schema: [ParquetColumn]

    /// The rows of a batch whose columns have different names.
    init(_ batch: RowBatch, _ schema: [ParquetColumn], path: String, firstRow: Int) {
        self.path = path
        self.firstRow = firstRow
        self.schema = schema
        count = batch.rowCount
        columns = Dictionary(uniqueKeysWithValues: zip(schema.map(\.name), batch.columns))
    }

    func hasColumn(_ name: String) -> Bool { columns[name] != nil }

    // MARK: - Columns

    func integers(_ name: String) -> NumberColumn<Int64> {
        guard let column = columns[name] else { return NumberColumn(name, [], nil) }
        switch column.values {
        case .int64(let values): return NumberColumn(name, values, column.validity)
        case .int32(let values): return NumberColumn(name, values.map(Int64.init), column.validity)
        default: return NumberColumn(name, [], nil)
        }
    }

    /// Times in nanoseconds since the Unix epoch, whatever the unit they are stored in.
    func times(_ name: String) throws(MarketFileError) -> NumberColumn<Int64> {
        guard let column = columns[name], let meaning = schema.first(where: { $0.name == name }) else {
            return NumberColumn(name, [], nil)
        }
        if case .int64(let values) = column.values, StoredTime(meaning) == .nanoseconds {
            return NumberColumn(name, values, column.validity)
        }
        var times: [Int64] = []
        for row in 0..<count {
            guard column.isValid(row) else {
                times.append(0)
                continue
            }
            let time = StoredTime(meaning).nanoseconds(column.values, row)
            guard let time = Int64(exactly: time) else {
                throw bad(row, name, found: "\(time) ns", expected: "a time from 1677 to 2262")
            }
            times.append(time)
        }
        return NumberColumn(name, times, column.validity)
    }

    func doubles(_ name: String) -> NumberColumn<Double> {
        guard let column = columns[name], case .double(let values) = column.values else {
            return NumberColumn(name, [], nil)
        }
        return NumberColumn(name, values, column.validity)
    }

    func flags(_ name: String) -> NumberColumn<Bool> {
        guard let column = columns[name], case .boolean(let values) = column.values else {
            return NumberColumn(name, [], nil)
        }
        return NumberColumn(name, values, column.validity)
    }

    func text(_ name: String, at row: Int) -> String? {
        guard let column = columns[name], column.isValid(row), case .bytes(let values) = column.values else {
            return nil
        }
        return values.text(at: row)
    }

    // MARK: - Judgement

    /// A value that must be there.
    func required<Value>(_ column: NumberColumn<Value>, at row: Int) throws(MarketFileError) -> Value {
        guard let value = column[row] else {
            throw bad(row, column.name, found: "null", expected: "a value")
        }
        return value
    }

    /// A required finite number of at least `least`.
    func number(
        _ column: NumberColumn<Double>,
        at row: Int,
        least: Double = -.infinity
    ) throws(MarketFileError) -> Double {
        let value = try required(column, at: row)
        guard value.isFinite, value >= least else {
            let expected = least == -.infinity ? "a finite number" : "a finite number of \(least) or more"
            throw bad(row, column.name, found: "\(value)", expected: expected)
        }
        return value
    }

    /// A text that must be one of a few.
    func choice<Value>(
        _ name: String,
        at row: Int,
        of values: [(String, Value)]
    ) throws(MarketFileError) -> Value {
        let found = text(name, at: row)
        guard let value = values.first(where: { $0.0 == found }) else {
            let expected = values.map(\.0).joined(separator: " or ")
            throw bad(row, name, found: found ?? "null", expected: expected)
        }
        return value.1
    }

    func bad(_ row: Int, _ column: String, found: String, expected: String) -> MarketFileError {
        .value(path: path, row: firstRow + row, column: column, found: found, expected: expected)
    }
}

extension RowTable {
    /// The texts of the column `side`.
    static let sides: [(String, Side)] = [("buy", .buy), ("sell", .sell)]
}
