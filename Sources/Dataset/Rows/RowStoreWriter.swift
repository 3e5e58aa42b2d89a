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

    /// How many rows were appended.
    var rows: Int { count }

    /// Copies the rows so far to a new file.
    func copy(to path: String) throws(DatasetError) {
        try fileWork { () throws(ByteCodingError) in
            try output.flush()
            let copy = try ByteOutput(path: path)
            try RowStoreWriter.copy("\(output.name).partial", to: copy)
            try copy.finish(replacing: false)
        }
    }

    /// Appends the rows of a file that ``copy(to:)`` made, of which there must be `rows`.
    func append(copiedTo path: String, rows: Int) throws(DatasetError) {
        let size = try fileWork { () throws(ByteCodingError) in try RowStoreWriter.copy(path, to: output) }
        let expected = rows * RowStore.recordLength(features)
        guard size == expected else {
            throw .source("\(path): found \(size) bytes, expected \(expected); make the state anew")
        }
        count += rows
    }

    /// Copies a file's bytes and returns how many there are.
    @discardableResult
    private static func copy(_ path: String, to output: ByteOutput) throws(ByteCodingError) -> Int {
        let file = try FileReader(path: path)
        var block = GrowableBytes(capacity: 1 << 20)
        var offset: UInt64 = 0
        while try file.readBlock(at: &offset, into: &block) { try output.write(block.bytes) }
        return Int(file.size)
    }

    /// Ends the file.
    package func finish() throws(DatasetError) -> RowStore {
        try fileWork { () throws(ByteCodingError) in try output.finish(replacing: true) }
        return RowStore(path: output.name, count: count, features: features)
    }
}
