/// Reads the rows of a file batch by batch; see ``ParquetReader/batches(columns:rowGroups:batchRows:)``.
public final class BatchReader {
    /// The columns that are read, in the order of each batch.
    public let columns: [ParquetColumn]

    private let reader: ParquetReader
    private let indexes: [Int]
    private let rowGroups: [Int]
    private let batchRows: Int
    private var nextGroup = 0
    private var rowsLeft: Int64 = 0
    private var cursors: [Cursor] = []
    private var validity: [UInt8] = []
    private var failure: ParquetError?

    /// A column within a row group, and rows read ahead because another column's batch ended earlier.
    private struct Cursor {
        var stream: PageStream
        var decoder: any ValueDecoder
        var ahead: ColumnVector?
        /// How many rows of ``ahead`` were returned.
        var taken = 0
    }

    init(_ reader: ParquetReader, columns indexes: [Int], rowGroups: [Int], batchRows: Int) {
        self.reader = reader
        self.indexes = indexes
        self.rowGroups = rowGroups
        columns = indexes.map { reader.schema.columns[$0] }
        // Texts have limits of their own; only their offsets count here.
        let rowBytes = columns.reduce(0) { $0 + 1 + ($1.width ?? MemoryLayout<Int>.size) }
        self.batchRows = max(1, min(batchRows, reader.options.maximumFixedBytes / max(1, rowBytes)))
    }

    /// The next rows, or nil at the end.
    ///
    /// After an error the same error is thrown again.
    public func next() throws(ParquetError) -> RowBatch? {
        var batch = RowBatch()
        return try next(into: &batch) ? batch : nil
    }

    /// Reads the next rows into `batch`, reusing its memory if unshared; returns false at the end.
    ///
    /// After an error the same error is thrown again and `batch` is undefined.
    public func next(into batch: inout RowBatch) throws(ParquetError) -> Bool {
        if let failure { throw failure }
        do throws(ParquetError) {
            return try fill(&batch)
        } catch {
            failure = error
            throw error
        }
    }

    private func fill(_ batch: inout RowBatch) throws(ParquetError) -> Bool {
        while rowsLeft == 0 {
            guard nextGroup < rowGroups.count else { return false }
            try begin(rowGroups[nextGroup])
            nextGroup += 1
        }
        if batch.columns.count != indexes.count {
            batch.columns = columns.map { ColumnVector(ColumnValues(for: $0)) }
        }
        let wanted = Int(min(rowsLeft, Int64(batchRows)))
        var rows = wanted
        for index in cursors.indices {
            if let ahead = cursors[index].ahead {
                rows = min(rows, ahead.count - cursors[index].taken)
            } else {
                try read(index, wanted, into: &batch.columns[index])
                rows = min(rows, batch.columns[index].count)
            }
        }
        for index in cursors.indices { hand(rows, of: index, to: &batch.columns[index]) }
        rowsLeft -= Int64(rows)
        batch.rowCount = rows
        batch.rowGroup = rowGroups[nextGroup - 1]
        return true
    }

    /// Moves the next rows of a column to the batch; rows that other columns lack yet are kept.
    private func hand(_ rows: Int, of index: Int, to vector: inout ColumnVector) {
        if cursors[index].ahead == nil {
            guard vector.count > rows else { return }
            cursors[index].ahead = vector
            cursors[index].taken = 0
        }
        guard let ahead = cursors[index].ahead else { return }
        let start = cursors[index].taken
        vector = ahead.slice(start..<start + rows)
        cursors[index].taken = start + rows
        if start + rows == ahead.count { cursors[index].ahead = nil }
    }

    private func begin(_ group: Int) throws(ParquetError) {
        cursors.removeAll()
        // A group without rows need not have pages.
        guard reader.metadata.rowGroups[group].rowCount > 0 else { return }
        let budget = PageBudget(limit: reader.options.maximumOpenPageBytes)
        for position in indexes {
            let stream = try reader.stream(position, rowGroup: group, budget)
            cursors.append(Cursor(stream: stream, decoder: reader.decoder(reader.schema.columns[position])))
        }
        rowsLeft = reader.metadata.rowGroups[group].rowCount
    }

    private func read(_ index: Int, _ rows: Int, into vector: inout ColumnVector) throws(ParquetError) {
        if validity.count < rows { validity = [UInt8](repeating: 0, count: rows) }
        let cursor = cursors[index]
        var failure: ParquetError?
        validity.withUnsafeMutableBufferPointer { room in
            guard let base = room.baseAddress else { return }
            do throws(ParquetError) {
                vector.values = try cursor.decoder.read(
                    rows,
                    cursor.stream,
                    validity: base,
                    reusing: &vector.values
                )
                let flags = UnsafeBufferPointer(start: base, count: vector.values.count)
                vector.validity = cursor.stream.column.isOptional ? Self.flags(flags) : nil
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
    }

    private static func flags(_ validity: UnsafeBufferPointer<UInt8>) -> [Bool]? {
        var all: UInt8 = 1
        for flag in validity { all &= flag }
        guard all == 0 else { return nil }
        return [Bool](unsafeUninitializedCapacity: validity.count) { room, count in
            for index in validity.indices { room.initializeElement(at: index, to: validity[index] == 1) }
            count = validity.count
        }
    }
}
