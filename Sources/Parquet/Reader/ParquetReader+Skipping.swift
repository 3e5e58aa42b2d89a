import ByteCoding

/// A value to hold bounds against.
public enum ColumnBound: Sendable, Equatable {
    /// For INT32, INT64 and BOOLEAN (0, 1).
    case integer(Int64)
    /// For FLOAT and DOUBLE.
    case number(Double)
    /// For BYTE_ARRAY and FIXED_LEN_BYTE_ARRAY.
    case bytes([UInt8])
}

extension ParquetReader {
    /// The row groups that may hold a value of `column` from `lower` to `upper`, both included.
    ///
    /// Judged by statistics alone: a group is left out only if its bounds are known and prove that it has no such
    /// value. Nulls and NaN lie in no range.
    public func rowGroups(
        where column: String,
        from lower: ColumnBound?,
        through upper: ColumnBound?
    ) throws(ParquetError) -> [Int] {
        guard let place = schema.index(of: column) else {
            throw .misuse("there is no column \(column)")
        }
        let order = ValueOrder(schema.columns[place])
        let isOrdered = metadata.hasTypeOrder.indices.contains(place) && metadata.hasTypeOrder[place]
        let (low, high) = (try encoded(lower, place), try encoded(upper, place))
        return metadata.rowGroups.indices.filter { group in
            let chunk = metadata.rowGroups[group].columns[place]
            guard isOrdered, order != .undefined, let statistics = chunk.statistics else { return true }
            if statistics.nullCount == chunk.valueCount { return false }
            if let low, let maximum = statistics.maximum, isSound(maximum, order), order.isLess(maximum, low)
            {
                return false
            }
            if let high, let minimum = statistics.minimum, isSound(minimum, order),
                order.isLess(high, minimum)
            {
                return false
            }
            return true
        }
    }

    /// Old writers put NaN into bounds; those prove nothing (comparisons with NaN are false, so they skip nothing).
    private func isSound(_ bound: [UInt8], _ order: ValueOrder) -> Bool {
        switch order {
        case .boolean: bound.count == 1
        case .signed32, .unsigned32, .float: bound.count == 4
        case .signed64, .unsigned64, .double: bound.count == 8
        case .float16: bound.count == 2
        case .bytes, .signedBigEndian: true
        case .undefined: false
        }
    }

    private func encoded(_ bound: ColumnBound?, _ place: Int) throws(ParquetError) -> [UInt8]? {
        guard let bound else { return nil }
        let column = schema.columns[place]
        switch (bound, column.physicalType) {
        case (.integer(let value), .boolean): return [value > 0 ? 1 : 0]
        case (.integer(let value), .int32): return Int32(clamping: value).littleEndianBytes
        case (.integer(let value), .int64): return value.littleEndianBytes
        case (.number(let value), .double): return value.bitPattern.littleEndianBytes
        case (.number(let value), .float): return Float(value).bitPattern.littleEndianBytes
        case (.bytes(let bytes), .byteArray), (.bytes(let bytes), .fixedLengthByteArray): return bytes
        default: throw .misuse("a bound that is not \(column.physicalType.name) for column \(column.name)")
        }
    }

    /// The bounds of the pages of a column in a row group, if the file has them.
    public func columnIndex(of column: Int, rowGroup: Int) throws(ParquetError) -> ColumnIndex? {
        guard let part = metadata.rowGroups[rowGroup].columns[column].columnIndex else { return nil }
        return try index(part) { (reader) throws(ThriftReader.Fault) in try ColumnIndex(from: &reader) }
    }

    /// The places of the pages of a column in a row group, if the file has them.
    public func offsetIndex(of column: Int, rowGroup: Int) throws(ParquetError) -> OffsetIndex? {
        guard let part = metadata.rowGroups[rowGroup].columns[column].offsetIndex else { return nil }
        return try index(part) { (reader) throws(ThriftReader.Fault) in try OffsetIndex(from: &reader) }
    }

    private func index<Index>(
        _ part: FilePart,
        _ parse: (inout ThriftReader) throws(ThriftReader.Fault) -> Index
    ) throws(ParquetError) -> Index {
        guard part.offset >= 0, part.length >= 0, Int(part.length) <= options.maximumFooterBytes else {
            throw .damaged(what: "an index of \(part.length) bytes", offset: part.offset, column: nil)
        }
        var buffer = ByteBuffer()
        do throws(ByteCodingError) {
            try file.read(at: UInt64(part.offset), count: Int(part.length), appendingTo: &buffer)
        } catch {
            throw ParquetError(error)
        }
        var reader = ThriftReader(UnsafeRawBufferPointer(start: buffer.unsafeBase, count: buffer.count))
        do throws(ThriftReader.Fault) {
            return try parse(&reader)
        } catch {
            throw .damaged(what: "page index: \(error.what)", offset: part.offset, column: nil)
        }
    }
}
