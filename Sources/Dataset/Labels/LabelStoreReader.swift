import ByteCoding

/// Reads a ``LabelStore`` sequentially.
package struct LabelStoreReader: ~Copyable {
    private var records: RecordReader
    private var left: Int
    /// The labels read last.
    package private(set) var values: [LabelValue]

    init(records: consuming RecordReader, labels: Int, count: Int) {
        self.records = records
        left = count
        values = Array(repeating: LabelValue(value: nil, end: 0), count: labels)
    }

    /// Reads the labels of the next row; returns false at the end.
    package mutating func next() throws(DatasetError) -> Bool {
        guard left > 0 else { return false }
        left -= 1
        if values.isEmpty { return true }
        return try records.next { bytes in
            for index in values.indices {
                let offset = index * 17
                let isPresent = bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self) != 0
                let bits = bytes.unsafeLoadUnaligned(fromByteOffset: offset + 1, as: UInt64.self)
                values[index].value = isPresent ? Double(bitPattern: bits) : nil
                values[index].end = bytes.unsafeLoadUnaligned(fromByteOffset: offset + 9, as: Int64.self)
            }
        }
    }
}
