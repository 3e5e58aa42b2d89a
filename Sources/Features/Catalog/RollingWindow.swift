/// The last values of a row number, absent ones included, oldest first.
struct RollingWindow<Value: Sendable>: Sendable {
    let length: Int
    private var values: [Value?] = []
    private var oldest = 0
    private var absent = 0

    init(length: Int) { self.length = length }

    /// Whether it is full and nothing in it is absent.
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
    /// The sum is made anew for each row: what a running sum gains in speed it loses in digits, and it would
    /// not be the same on a stream that begins later.
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
