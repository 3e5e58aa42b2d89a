import Parquet

/// A nullable column being filled.
struct OptionalColumn<Value> {
    private let placeholder: Value
    private var values: [Value] = []
    private var validity: [Bool] = []

    init(placeholder: Value) { self.placeholder = placeholder }

    mutating func append(_ value: Value?) {
        values.append(value ?? placeholder)
        validity.append(value != nil)
    }

    /// Hands the rows over and is empty.
    mutating func take(_ vector: ([Value], [Bool]?) -> ColumnVector) -> ColumnVector {
        defer {
            values.removeAll(keepingCapacity: true)
            validity.removeAll(keepingCapacity: true)
        }
        return vector(values, validity)
    }
}

extension OptionalColumn<Int64> {
    init() { self.init(placeholder: 0) }
    mutating func take() -> ColumnVector { take { ColumnVector($0, validity: $1) } }
}

extension OptionalColumn<Double> {
    init() { self.init(placeholder: 0) }
    mutating func take() -> ColumnVector { take { ColumnVector($0, validity: $1) } }
}
