/// Some rows of some columns.
public struct RowBatch: Sendable, Equatable {
    /// One vector for each column asked for, all of the same length.
    public var columns: [ColumnVector]
    /// How many rows there are.
    public var rowCount: Int
    /// The row group they are from.
    public var rowGroup: Int
}

/// Reads the rows of a file batch by batch; see ``ParquetReader/batches(columns:rowGroups:batchRows:)``.
public final class BatchReader {
    /// The columns that are read, in the order of each batch.
    public let columns: [ParquetColumn]

    private let reader: ParquetReader
    private let places: [Int]
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
    }

    init(_ reader: ParquetReader, columns places: [Int], rowGroups: [Int], batchRows: Int) {
        self.reader = reader
        self.places = places
        self.rowGroups = rowGroups
        self.batchRows = batchRows
        columns = places.map { reader.schema.columns[$0] }
    }

    /// The next rows, or nil at the end.
    ///
    /// After an error the same error is thrown again.
    public func next() throws(ParquetError) -> RowBatch? {
        if let failure { throw failure }
        do throws(ParquetError) {
            return try nextBatch()
        } catch {
            failure = error
            throw error
        }
    }

    private func nextBatch() throws(ParquetError) -> RowBatch? {
        while rowsLeft == 0 {
            guard nextGroup < rowGroups.count else { return nil }
            try begin(rowGroups[nextGroup])
            nextGroup += 1
        }
        let wanted = Int(min(rowsLeft, Int64(batchRows)))
        var vectors: [ColumnVector] = []
        var rows = wanted
        for index in cursors.indices {
            let vector = try read(index, wanted)
            rows = min(rows, vector.count)
            vectors.append(vector)
        }
        for index in vectors.indices where vectors[index].count > rows {
            cursors[index].ahead = vectors[index].slice(rows..<vectors[index].count)
            vectors[index] = vectors[index].slice(0..<rows)
        }
        rowsLeft -= Int64(rows)
        return RowBatch(columns: vectors, rowCount: rows, rowGroup: rowGroups[nextGroup - 1])
    }

    private func begin(_ group: Int) throws(ParquetError) {
        cursors.removeAll()
        // A group without rows need not have pages.
        guard reader.metadata.rowGroups[group].rowCount > 0 else { return }
        for place in places {
            let stream = try reader.stream(place, rowGroup: group)
            cursors.append(Cursor(stream: stream, decoder: reader.decoder(reader.schema.columns[place])))
        }
        rowsLeft = reader.metadata.rowGroups[group].rowCount
    }

    private func read(_ index: Int, _ rows: Int) throws(ParquetError) -> ColumnVector {
        if let ahead = cursors[index].ahead {
            cursors[index].ahead = nil
            return ahead
        }
        if validity.count < rows { validity = [UInt8](repeating: 0, count: rows) }
        let cursor = cursors[index]
        var failure: ParquetError?
        var values = ColumnValues.boolean([])
        var flags: [Bool]?
        validity.withUnsafeMutableBufferPointer { room in
            guard let base = room.baseAddress else { return }
            do throws(ParquetError) {
                values = try cursor.decoder.read(rows, cursor.stream, validity: base)
                flags = Self.flags(UnsafeBufferPointer(start: base, count: values.count))
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return ColumnVector(values, validity: cursor.stream.column.isOptional ? flags : nil)
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
