import ByteCoding
import MarketModel

/// Reads a ``RowStore`` sequentially.
package struct RowStoreReader: ~Copyable {
    private var records: RecordReader
    /// The row read last.
    package private(set) var row: DatasetRow

    init(records: consuming RecordReader, row: DatasetRow) {
        self.records = records
        self.row = row
    }

    /// Reads the next row; returns false at the end.
    package mutating func next() throws(DatasetError) -> Bool {
        try records.next { bytes in RowStore.decode(bytes, into: &row) }
    }
}
