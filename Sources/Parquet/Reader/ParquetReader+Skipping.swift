import ByteCoding

extension ParquetReader {
    /// The row groups that may hold a value of `column` from `lower` to `upper`, both included.
    ///
    /// By statistics alone: a group is left out only if its bounds prove that it has no such value, in the
    /// order of the column's type. Nulls and NaN are in no range.
    public func rowGroups(
        where column: String,
        from lower: ColumnBound?,
        through upper: ColumnBound?
    ) throws(ParquetError) -> [Int] {
        try rowGroups(whereColumn: try columnIndex(of: column), from: lower, through: upper)
    }

    /// The same for the column at an index of ``schema``.
    public func rowGroups(
        whereColumn position: Int,
        from lower: ColumnBound?,
        through upper: ColumnBound?
    ) throws(ParquetError) -> [Int] {
        guard schema.columns.indices.contains(position) else {
            throw .misuse("there is no column \(position); the file has \(schema.columns.count)")
        }
        let column = schema.columns[position]
        let order = ValueOrder(column)
        let (low, high) = (try value(lower, column, order), try value(upper, column, order))
        let isOrdered = metadata.hasTypeOrder.indices.contains(position) && metadata.hasTypeOrder[position]
        return metadata.rowGroups.indices.filter { group in
            let chunk = metadata.rowGroups[group].columns[position]
            guard let statistics = chunk.statistics else { return true }
            if statistics.nullCount == chunk.valueCount { return false }
            guard isOrdered else { return true }
            let (least, greatest) = (statistics.minimum, statistics.maximum)
            if let low, let greatest = greatest.flatMap({ order.value($0, column) }),
                greatest.isLess(than: low)
            {
                return false
            }
            if let high, let least = least.flatMap({ order.value($0, column) }), high.isLess(than: least) {
                return false
            }
            return true
        }
    }

    private func value(
        _ bound: ColumnBound?,
        _ column: ParquetColumn,
        _ order: ValueOrder
    ) throws(ParquetError) -> OrderedValue? {
        guard let bound else { return nil }
        switch (bound, order) {
        // Undefined order proves nothing.
        case (_, .undefined): return nil
        case (.integer(let value), _) where order.isInteger: return .integer(Int128(value))
        case (.unsigned(let value), _) where order.isInteger: return .integer(Int128(value))
        case (.integer(let value), .signedBigEndian): return .signedBytes(value.bigEndianBytes)
        case (.unsigned(let value), .signedBigEndian): return .signedBytes([0] + value.bigEndianBytes)
        case (.number(let value), _) where order.isFloating: return .number(value)
        case (.bytes(let bytes), .bytes): return .bytes(bytes)
        case (.bytes(let bytes), .signedBigEndian): return .signedBytes(bytes)
        default: throw .misuse("a bound that is not \(column.physicalType.name) for column \(column.name)")
        }
    }

    /// The bounds of the pages of a column in a row group, if the file has them.
    public func columnIndex(of column: Int, rowGroup: Int) throws(ParquetError) -> ColumnIndex? {
        guard let part = metadata.rowGroups[rowGroup].columns[column].columnIndex else { return nil }
        return try index(part) { (reader) throws(ThriftReader.Fault) in try ColumnIndex(from: &reader) }
    }

    /// The locations of the pages of a column in a row group, if the file has them.
    public func offsetIndex(of column: Int, rowGroup: Int) throws(ParquetError) -> OffsetIndex? {
        guard let part = metadata.rowGroups[rowGroup].columns[column].offsetIndex else { return nil }
        return try index(part) { (reader) throws(ThriftReader.Fault) in try OffsetIndex(from: &reader) }
    }

    private func index<Index>(
        _ part: FilePart,
        _ parse: (inout ThriftReader) throws(ThriftReader.Fault) -> Index
    ) throws(ParquetError) -> Index {
        guard part.offset >= 0, part.length >= 0 else {
            throw .damaged(what: "an index of \(part.length) bytes", offset: part.offset, column: nil)
        }
        let limit = Int64(options.maximumFooterBytes)
        guard Int64(part.length) <= limit else {
            throw .limit(.pageIndex, found: Int64(part.length), limit: limit, offset: part.offset)
        }
        var buffer = GrowableBytes()
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
