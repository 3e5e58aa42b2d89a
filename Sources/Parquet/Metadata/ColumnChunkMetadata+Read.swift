extension ColumnChunkMetadata {
    init(from reader: inout ThriftReader) throws(ThriftReader.Fault) {
        var read = ColumnChunkMetadata()
        read.hasMetadata = false
        var (offsetIndex, columnIndex) = (FilePart(offset: -1, length: 0), FilePart(offset: -1, length: 0))
        try reader.structure { (reader, field) throws(ThriftReader.Fault) in
            switch field.id {
            case 1: read.filePath = try reader.string(field)
            case 3:
                try reader.expect(field, .structure)
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
        // Fields 1 to 5, 7 and 9 are required; otherwise a hostile footer would grow manyfold in memory.
        var missing: Set<Int16> = [1, 2, 3, 4, 5, 7, 9]
        try reader.structure { (reader, field) throws(ThriftReader.Fault) in
            switch field.id {
            case 1:
                let raw = try reader.int32(field)
                read.setKnown(\.type, PhysicalType(rawValue: raw), "the physical type \(raw)")
            case 2:
                try reader.list(field, of: .int32) { (item) throws(ThriftReader.Fault) in
                    // Unknown encodings are reported when a page uses one.
                    if let known = Encoding(rawValue: try item.int32Element()) {
                        read.encodings.append(known)
                    }
                }
            case 3:
                try reader.list(field, of: .binary) { (item) throws(ThriftReader.Fault) in
                    read.path.append(String(decoding: try item.binaryElement(), as: UTF8.self))
                }
            case 4:
                let raw = try reader.int32(field)
                read.setKnown(\.compression, Compression(rawValue: raw), "the codec \(raw)")
                if Compression(rawValue: raw) == nil { read.unknownCompression = raw }
            case 5: read.valueCount = try reader.int64(field)
            case 6: read.uncompressedSize = try reader.int64(field)
            case 7: read.compressedSize = try reader.int64(field)
            case 9: read.dataPageOffset = try reader.int64(field)
            case 11: read.dictionaryPageOffset = try reader.int64(field)
            case 12:
                try reader.expect(field, .structure)
                read.statistics = try ColumnStatistics(from: &reader)
            default: try reader.skip(field)
            }
            missing.remove(field.id)
        }
        try reader.require(missing.isEmpty, "column metadata without field \(missing.min() ?? 0)")
        self = read
    }

    /// Sets a value, or records that it is unknown, which makes only this column unreadable.
    private mutating func setKnown<Value>(
        _ path: WritableKeyPath<Self, Value>,
        _ value: Value?,
        _ what: String
    ) {
        if let value { self[keyPath: path] = value } else { unknown = what }
    }
}

extension ColumnChunkMetadata {
    /// The unsupported feature that the chunk uses; nil if it can be read.
    var obstacle: String? {
        if isEncrypted { return "encryption" }
        // An empty path means this file.
        if let filePath, !filePath.isEmpty { return "pages in another file (\(filePath))" }
        if let unknown { return unknown }
        return compression.isReadable ? nil : "the codec \(compression.name)"
    }
}
