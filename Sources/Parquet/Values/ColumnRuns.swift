/// Rows of one column as runs of equal values.
///
/// The bytes written are the same with or without runs; runs take less time and memory.
public struct ColumnRuns: Sendable, Equatable {
    /// A value a run, null or not.
    public var values: ColumnVector
    /// The end row of each run; ascending.
    public var ends: [Int]

    /// Makes runs; the writer refuses ends that do not ascend or are not as many as the values.
    public init(_ values: ColumnVector, ends: [Int]) {
        self.values = values
        self.ends = ends
    }

    /// How many rows there are.
    public var count: Int { ends.last ?? 0 }

    /// Every row with its value.
    public func expanded() -> ColumnVector { expanded(0..<count) }

    /// The rows of a range, each with its value.
    func expanded(_ rows: Range<Int>) -> ColumnVector {
        let runs = runs(over: rows)
        let validity = values.validity.map { Self.repeated($0, runs) }
        switch values.values {
        case .boolean(let list): return ColumnVector(.boolean(Self.repeated(list, runs)), validity: validity)
        case .int32(let list): return ColumnVector(.int32(Self.repeated(list, runs)), validity: validity)
        case .int64(let list): return ColumnVector(.int64(Self.repeated(list, runs)), validity: validity)
        case .float(let list): return ColumnVector(.float(Self.repeated(list, runs)), validity: validity)
        case .double(let list): return ColumnVector(.double(Self.repeated(list, runs)), validity: validity)
        case .bytes(let list):
            var all = ByteArrays()
            for run in runs {
                for _ in 0..<run.count { all.append(list[run.value]) }
            }
            return ColumnVector(.bytes(all), validity: validity)
        case .fixed(let list):
            var all = FixedByteArrays(width: list.width)
            for run in runs {
                for _ in 0..<run.count { all.append(list[run.value]) }
            }
            return ColumnVector(.fixed(all), validity: validity)
        }
    }

    private static func repeated<Value>(_ list: [Value], _ runs: [Part]) -> [Value] {
        var all: [Value] = []
        all.reserveCapacity(runs.reduce(0) { $0 + $1.count })
        for run in runs { all.append(contentsOf: repeatElement(list[run.value], count: run.count)) }
        return all
    }

    /// The part of a run within a range of rows.
    struct Part {
        /// The index of its value.
        var value: Int
        /// Its rows within the range.
        var count: Int
    }

    /// The runs within a range of rows.
    func runs(over rows: Range<Int>) -> [Part] {
        guard !rows.isEmpty else { return [] }
        var parts: [Part] = []
        var (index, start) = (run(of: rows.lowerBound), rows.lowerBound)
        while start < rows.upperBound {
            let end = min(ends[index], rows.upperBound)
            parts.append(Part(value: index, count: end - start))
            (index, start) = (index + 1, end)
        }
        return parts
    }

    /// The run that holds a row.
    func run(of row: Int) -> Int {
        var (low, high) = (0, ends.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if ends[middle] > row { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
