import MarketModel
import Parquet

/// The values of a column and which of them are not null.
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
