import MarketModel
import Parquet

/// A column that a market file must or may have.
struct ColumnRule {
    let name: String
    let type: PhysicalType
    /// Whether files without it are read all the same.
    var mayBeAbsent = false
}

/// The rows of a batch by column name, checked as they are read.
struct RowTable {
    let path: String
    /// The number of the batch's first row in the file.
    let firstRow: Int
    let count: Int
    private let columns: [String: ColumnVector]

    init(_ batch: RowBatch, _ names: [String], path: String, firstRow: Int) {
        self.path = path
        self.firstRow = firstRow
        count = batch.rowCount
        columns = Dictionary(uniqueKeysWithValues: zip(names, batch.columns))
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

    /// A finite number that must be there and above `least` or equal to it.
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

/// The values of a column and which of them are there.
struct NumberColumn<Value> {
    let name: String
    private let values: [Value]
    private let validity: [Bool]?

    init(_ name: String, _ values: [Value], _ validity: [Bool]?) {
        self.name = name
        self.values = values
        self.validity = validity
    }

    /// The value of a row; nil where it is null or the column is absent.
    subscript(row: Int) -> Value? {
        guard values.indices.contains(row), validity?[row] ?? true else { return nil }
        return values[row]
    }
}
