import ByteCoding
import MarketModel

/// Writes a ``RowStore``.
package final class RowStoreWriter {
    private let output: ByteOutput
    private let features: Int
    private var count = 0
    private var record = GrowableBytes()

    /// Begins a file.
    package init(path: String, features: Int) throws(DatasetError) {
        output = try fileWork { () throws(ByteCodingError) in try ByteOutput(path: path) }
        self.features = features
    }

    /// Appends a row.
    package func append(_ row: borrowing DatasetRow) throws(DatasetError) {
        record.removeAll()
        record.append(row.ts)
        record.append(row.available)
        record.append((row.price ?? .nan).bitPattern)
        record.append(row.flags.rawValue)
        RowStore.append(row.exactPrice, to: &record)
        for index in 0..<features {
            record.append(row.isPresent[index] ? UInt8(1) : 0)
            record.append(row.values[index].bitPattern)
        }
        count += 1
        // Safe: the buffer is not touched before the call returns.
        let bytes = RawSpan(_unsafeStart: record.unsafeBase, byteCount: record.count)
        do { try output.write(bytes) } catch { throw .file(error) }
    }

    /// Ends the file.
    package func finish() throws(DatasetError) -> RowStore {
        try fileWork { () throws(ByteCodingError) in try output.finish(replacing: true) }
        return RowStore(path: output.name, count: count, features: features)
    }
}
