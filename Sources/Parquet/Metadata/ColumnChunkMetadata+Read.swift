extension ColumnChunkMetadata {
    init(from reader: inout ThriftReader) throws(ThriftReader.Fault) {
        var read = ColumnChunkMetadata()
        read.hasMetadata = false
        var (offsetIndex, columnIndex) = (FilePart(offset: -1, length: 0), FilePart(offset: -1, length: 0))
        try reader.structure { (reader, field) throws(ThriftReader.Fault) in
            switch field.id {
            case 1: read.filePath = try reader.string(field)
            case 3:
                guard field.kind == ThriftWriter.Kind.structure.rawValue else {
                    return try reader.skip(field)
                }
                try read.readMetadata(&reader)
            case 4: offsetIndex.offset = try reader.int64(field)
            case 5: offsetIndex.length = try reader.int32(field)
            case 6: columnIndex.offset = try reader.int64(field)
            case 7: columnIndex.length = try reader.int32(field)
            case 8, 9:
                read.isEncrypted = true
                try reader.skip(field)
            default: try reader.skip(field)
            }
        }
        try reader.require(read.hasMetadata || read.isEncrypted, "a column chunk without metadata")
        if offsetIndex.offset >= 0, offsetIndex.length > 0 { read.offsetIndex = offsetIndex }
        if columnIndex.offset >= 0, columnIndex.length > 0 { read.columnIndex = columnIndex }
        self = read
    }

    private mutating func readMetadata(_ reader: inout ThriftReader) throws(ThriftReader.Fault) {
        var read = self
        read.hasMetadata = true
        // Fields 1 to 5, 7 and 9 are required; without them a hostile footer would grow manyfold in memory.
        var missing: Set<Int16> = [1, 2, 3, 4, 5, 7, 9]
        try reader.structure { (reader, field) throws(ThriftReader.Fault) in
            missing.remove(field.id)
            switch field.id {
            case 1: read.type = try Self.known(try reader.int32(field), "physical type", at: reader.position)
            case 2:
                try reader.list(field, of: .int32) { (item) throws(ThriftReader.Fault) in
                    // What is not known here is found out when a page uses it.
                    if let known = Encoding(rawValue: try item.int32Element()) {
                        read.encodings.append(known)
                    }
                }
            case 3:
                try reader.list(field, of: .binary) { (item) throws(ThriftReader.Fault) in
                    read.path.append(String(decoding: try item.binaryElement(), as: UTF8.self))
                }
            case 4: read.compression = try Self.known(try reader.int32(field), "codec", at: reader.position)
            case 5: read.valueCount = try reader.int64(field)
            case 6: read.uncompressedSize = try reader.int64(field)
            case 7: read.compressedSize = try reader.int64(field)
            case 9: read.dataPageOffset = try reader.int64(field)
            case 11: read.dictionaryPageOffset = try reader.int64(field)
            case 12:
                guard field.kind == ThriftWriter.Kind.structure.rawValue else {
                    return try reader.skip(field)
                }
                read.statistics = try Statistics(from: &reader)
            default: try reader.skip(field)
            }
        }
        try reader.require(missing.isEmpty, "column metadata without field \(missing.min() ?? 0)")
        self = read
    }

    private static func known<Value: RawRepresentable<Int32>>(
        _ raw: Int32,
        _ what: String,
        at position: Int
    ) throws(ThriftReader.Fault) -> Value {
        guard let value = Value(rawValue: raw) else {
            throw ThriftReader.Fault(what: "unknown \(what) \(raw)", position: position)
        }
        return value
    }
}
