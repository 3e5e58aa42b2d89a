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
