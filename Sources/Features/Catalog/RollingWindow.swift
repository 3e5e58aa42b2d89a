import MarketModel

/// The values of the last rows, absent ones included, oldest first.
struct RollingWindow<Value: Sendable>: Sendable {
    let length: Int
    private var values: [Value?] = []
    private var oldest = 0
    private var absent = 0

    init(length: Int) { self.length = length }

    /// Whether it is full and every value is present.
    var isComplete: Bool { values.count == length && absent == 0 }

    mutating func append(_ value: Value?) {
        if value == nil { absent += 1 }
        guard values.count == length else {
            values.append(value)
            return
        }
        if values[oldest] == nil { absent -= 1 }
        values[oldest] = value
        oldest = oldest + 1 == length ? 0 : oldest + 1
    }

    /// Folds the present values, oldest first.
    ///
    /// Computed from scratch for each row: a running sum would lose digits and depend on where the stream
    /// began.
    func reduce<Result>(_ initial: Result, _ fold: (inout Result, Value) -> Void) -> Result {
        var result = initial
        for step in 0..<values.count {
            var index = oldest + step
            if index >= values.count { index -= values.count }
            if let value = values[index] { fold(&result, value) }
        }
        return result
    }
}

extension RollingWindow: StateCodable where Value: StateElement {
    /// Writes or reads the values, oldest first: equal windows give equal bytes, wherever they begin in memory.
    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        var ordered = Array(values[oldest...] + values[..<oldest])
        try coder.field("values", &ordered)
        guard coder.isReading else { return }
        guard ordered.count <= length else {
            throw coder.malformed("\(ordered.count) values of a window of \(length)")
        }
        (values, oldest) = (ordered, 0)
        absent = ordered.count { $0 == nil }
    }
}
