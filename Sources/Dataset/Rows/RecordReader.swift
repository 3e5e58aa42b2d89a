import ByteCoding

/// Reads a file of fixed-length records sequentially, a block at a time.
struct RecordReader: ~Copyable {
    private let file: FileReader
    private let length: Int
    private let count: Int
    private var position = 0
    private var block = GrowableBytes()
    private var blockStart = 0
    private let blockRecords: Int

    init(path: String, length: Int, count: Int) throws(DatasetError) {
        file = try fileWork { () throws(ByteCodingError) in try FileReader(path: path) }
        self.length = length
        self.count = count
        blockRecords = max(1, (1 << 20) / max(length, 1))
    }

    /// Calls `body` with the next record; returns false at the end.
    mutating func next(_ body: (RawSpan) -> Void) throws(DatasetError) -> Bool {
        guard position < count else { return false }
        if position == 0 || position == blockStart + blockRecords { try fill() }
        let offset = (position - blockStart) * length
        body(block.bytes.extracting(offset..<(offset + length)))
        position += 1
        return true
    }

    private mutating func fill() throws(DatasetError) {
        block.removeAll()
        blockStart = position
        let size = min(blockRecords, count - position) * length
        do {
            try file.read(at: UInt64(position) * UInt64(length), count: size, appendingTo: &block)
        } catch {
            throw .file(error)
        }
    }
}
