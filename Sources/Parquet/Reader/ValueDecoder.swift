/// Decodes the values of one column chunk.
protocol ValueDecoder: AnyObject {
    /// Reads up to `rows` rows (at least one) of a chunk that has them; fewer only where texts grow beyond their
    /// limit. `validity` has room for `rows` bytes; the memory of `old` is used again if it suits.
    func read(
        _ rows: Int,
        _ stream: PageStream,
        validity: UnsafeMutablePointer<UInt8>,
        reusing old: inout ColumnValues
    ) throws(ParquetError) -> ColumnValues
}

/// Reads dictionary indices: a width, then runs and packed groups.
struct IndexDecoder {
    private var runs: RunLengthDecoder
    private let count: Int

    init(_ bytes: PageBytes, dictionaryCount: Int?) throws(DecodingFault) {
        guard let dictionaryCount else { throw DecodingFault("indices without a dictionary") }
        count = dictionaryCount
        guard bytes.count > 0 else {
            // A page of nulls may leave out even the width.
            runs = RunLengthDecoder(bytes, width: 0)
            return
        }
        let width = Int(bytes.load(0, as: UInt8.self))
        guard width <= 32 else { throw DecodingFault("dictionary indices of \(width) bits") }
        runs = RunLengthDecoder(bytes.dropping(1), width: width)
    }

    /// Reads indices that are all within the dictionary.
    mutating func read(into target: UnsafeMutablePointer<UInt32>, count: Int) throws(DecodingFault) {
        try runs.read(into: target, count: count)
        var largest: UInt32 = 0
        for index in 0..<count { largest = max(largest, target[index]) }
        guard count == 0 || Int(largest) < self.count else {
            throw DecodingFault("index \(largest) in a dictionary of \(self.count) values")
        }
    }
}

/// Moves values, which stand together at the front, to the slots of their rows.
enum Spreading {
    static func spread<Value: BitwiseCopyable>(
        _ slots: UnsafeMutablePointer<Value>,
        rows: Int,
        present: Int,
        validity: UnsafePointer<UInt8>,
        placeholder: Value
    ) {
        guard present < rows else { return }
        var source = present
        var row = rows
        // From the back, so that nothing is overwritten before it has moved.
        while row > source {
            row -= 1
            if validity[row] == 1 {
                source -= 1
                slots[row] = slots[source]
            } else {
                slots[row] = placeholder
            }
        }
    }
}
