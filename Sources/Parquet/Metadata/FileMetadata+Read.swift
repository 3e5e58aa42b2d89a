extension FileMetadata {
    /// Reads a footer.
    init(from reader: inout ThriftReader) throws(ThriftReader.Fault) {
        var read = FileMetadata()
        var groupsWithoutColumns = 0
        try reader.structure { (reader, field) throws(ThriftReader.Fault) in
            switch field.id {
            case 1: read.version = try reader.int32(field)
            case 2:
                try reader.list(field, of: .structure) { (item) throws(ThriftReader.Fault) in
                    read.schema.append(try SchemaElement(from: &item))
                }
            case 3: read.rowCount = try reader.int64(field)
            case 4:
                try reader.list(field, of: .structure) { (item) throws(ThriftReader.Fault) in
                    let group = try RowGroupMetadata(from: &item)
                    groupsWithoutColumns += group.columns.isEmpty ? 1 : 0
                    // Such a group takes three bytes; a hostile footer would grow manyfold in memory.
                    try item.require(groupsWithoutColumns <= 1 << 20, "a million row groups without columns")
                    read.rowGroups.append(group)
                }
            case 5:
                try reader.list(field, of: .structure) { (item) throws(ThriftReader.Fault) in
                    read.keyValues.append(try KeyValue(from: &item))
                }
            case 6: read.createdBy = try reader.string(field)
            case 7:
                try reader.list(field, of: .structure) { (item) throws(ThriftReader.Fault) in
                    var isTypeOrder = false
                    try item.structure { (reader, field) throws(ThriftReader.Fault) in
                        isTypeOrder = field.id == 1
                        try reader.skip(field)
                    }
                    read.hasTypeOrder.append(isTypeOrder)
                }
            case 8:
                read.isEncrypted = true
                try reader.skip(field)
            default: try reader.skip(field)
            }
        }
        self = read
    }
}

extension KeyValue {
    init(from reader: inout ThriftReader) throws(ThriftReader.Fault) {
        var read = KeyValue("", nil)
        var hasKey = false
        try reader.structure { (reader, field) throws(ThriftReader.Fault) in
            switch field.id {
            case 1:
                read.key = try reader.string(field)
                hasKey = true
            case 2: read.value = try reader.string(field)
            default: try reader.skip(field)
            }
        }
        try reader.require(hasKey, "a key-value pair without a key")
        self = read
    }
}

extension SchemaElement {
    init(from reader: inout ThriftReader) throws(ThriftReader.Fault) {
        var read = SchemaElement()
        var hasName = false
        try reader.structure { (reader, field) throws(ThriftReader.Fault) in
            switch field.id {
            case 1:
                let raw = try reader.int32(field)
                read.type = PhysicalType(rawValue: raw)
                if read.type == nil { read.unknownType = raw }
            case 2: read.typeLength = try reader.int32(field)
            case 3:
                let raw = try reader.int32(field)
                read.repetition = Repetition(rawValue: raw)
                try reader.require(read.repetition != nil, "unknown repetition \(raw)")
            case 4:
                read.name = try reader.string(field)
                hasName = true
            case 5: read.childCount = try reader.int32(field)
            case 6: read.convertedType = try reader.int32(field)
            case 7: read.scale = try reader.int32(field)
            case 8: read.precision = try reader.int32(field)
            case 9: read.fieldID = try reader.int32(field)
            case 10:
                try reader.expect(field, .structure)
                read.logicalType = try LogicalType(from: &reader)
            default: try reader.skip(field)
            }
        }
        try reader.require(hasName, "a schema element without a name")
        if read.logicalType == nil, let converted = read.convertedType {
            read.logicalType = LogicalType(
                convertedType: converted,
                precision: read.precision,
                scale: read.scale
            )
        }
        self = read
    }
}

extension RowGroupMetadata {
    init(from reader: inout ThriftReader) throws(ThriftReader.Fault) {
        var read = RowGroupMetadata()
        var hasRows = false
        try reader.structure { (reader, field) throws(ThriftReader.Fault) in
            switch field.id {
            case 1:
                try reader.list(field, of: .structure) { (item) throws(ThriftReader.Fault) in
                    read.columns.append(try ColumnChunkMetadata(from: &item))
                }
            case 2: read.byteSize = try reader.int64(field)
            case 3:
                read.rowCount = try reader.int64(field)
                hasRows = true
            case 4:
                try reader.list(field, of: .structure) { (item) throws(ThriftReader.Fault) in
                    read.sortingColumns.append(try SortingColumn(from: &item))
                }
            case 5: read.fileOffset = try reader.int64(field)
            case 6: read.compressedSize = try reader.int64(field)
            default: try reader.skip(field)
            }
        }
        try reader.require(hasRows, "a row group that does not say its rows")
        self = read
    }
}

extension SortingColumn {
    init(from reader: inout ThriftReader) throws(ThriftReader.Fault) {
        var read = SortingColumn(column: 0)
        try reader.structure { (reader, field) throws(ThriftReader.Fault) in
            switch field.id {
            case 1: read.column = Int(try reader.int32(field))
            case 2: read.isDescending = try reader.bool(field)
            case 3: read.nullsFirst = try reader.bool(field)
            default: try reader.skip(field)
            }
        }
        self = read
    }
}
