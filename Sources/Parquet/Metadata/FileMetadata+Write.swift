extension FileMetadata {
    /// The footer's bytes, without length and magic.
    func encoded() -> [UInt8] {
        var writer = ThriftWriter()
        writer.element(structure: { body in
            body.field(1, version)
            body.field(2, list: schema, of: .structure) { $0.element(structure: $1.write) }
            body.field(3, rowCount)
            body.field(4, list: rowGroups, of: .structure) { $0.element(structure: $1.write) }
            if !keyValues.isEmpty {
                body.field(5, list: keyValues, of: .structure) { $0.element(structure: $1.write) }
            }
            if let createdBy { body.field(6, createdBy) }
            body.field(7, list: hasTypeOrder, of: .structure) { writer, _ in
                writer.element(structure: { $0.field(1, structure: { _ in }) })
            }
        })
        return writer.bytes
    }
}

extension KeyValue {
    func write(to writer: inout ThriftWriter) {
        writer.field(1, key)
        if let value { writer.field(2, value) }
    }
}

extension SchemaElement {
    init(root name: String, childCount: Int) {
        self.init()
        self.name = name
        self.childCount = Int32(clamping: childCount)
    }

    init(_ column: ParquetColumn) {
        self.init()
        type = column.physicalType
        if column.physicalType == .fixedLengthByteArray { typeLength = Int32(clamping: column.typeLength) }
        repetition = column.isOptional ? .optional : .required
        name = column.name
        logicalType = column.logicalType
        convertedType = column.logicalType?.convertedType
        if case .decimal(let precision, let scale)? = column.logicalType {
            self.scale = scale
            self.precision = precision
        }
    }

    func write(to writer: inout ThriftWriter) {
        if let type { writer.field(1, type.rawValue) }
        if let typeLength { writer.field(2, typeLength) }
        if let repetition { writer.field(3, repetition.rawValue) }
        writer.field(4, name)
        if let childCount { writer.field(5, childCount) }
        if let convertedType { writer.field(6, convertedType) }
        if let scale { writer.field(7, scale) }
        if let precision { writer.field(8, precision) }
        if let fieldID { writer.field(9, fieldID) }
        if let logicalType { logicalType.write(to: &writer, field: 10) }
    }
}

extension RowGroupMetadata {
    func write(to writer: inout ThriftWriter) {
        writer.field(1, list: columns, of: .structure) { $0.element(structure: $1.write) }
        writer.field(2, byteSize)
        writer.field(3, rowCount)
        if !sortingColumns.isEmpty {
            writer.field(4, list: sortingColumns, of: .structure) { writer, sorting in
                writer.element(structure: { body in
                    body.field(1, Int32(clamping: sorting.column))
                    body.field(2, sorting.isDescending)
                    body.field(3, sorting.nullsFirst)
                })
            }
        }
        if let fileOffset { writer.field(5, fileOffset) }
        if let compressedSize { writer.field(6, compressedSize) }
        if let ordinal { writer.field(7, short: ordinal) }
    }
}

extension ColumnChunkMetadata {
    func write(to writer: inout ThriftWriter) {
        writer.field(2, Int64(0))
        writer.field(3, structure: writeMetadata)
        if let offsetIndex {
            writer.field(4, offsetIndex.offset)
            writer.field(5, offsetIndex.length)
        }
        if let columnIndex {
            writer.field(6, columnIndex.offset)
            writer.field(7, columnIndex.length)
        }
    }

    private func writeMetadata(to writer: inout ThriftWriter) {
        writer.field(1, type.rawValue)
        writer.field(2, list: encodings, of: .int32) { $0.element(Int64($1.rawValue)) }
        writer.field(3, list: path, of: .binary) { $0.element(Array($1.utf8)) }
        writer.field(4, compression.rawValue)
        writer.field(5, valueCount)
        writer.field(6, uncompressedSize)
        writer.field(7, compressedSize)
        writer.field(9, dataPageOffset)
        if let dictionaryPageOffset { writer.field(11, dictionaryPageOffset) }
        if let statistics { writer.field(12, structure: statistics.write) }
        writer.field(13, list: encodingStatistics, of: .structure) { writer, pages in
            writer.element(structure: { body in
                body.field(1, pages.pageKind)
                body.field(2, pages.encoding.rawValue)
                body.field(3, pages.count)
            })
        }
    }
}
