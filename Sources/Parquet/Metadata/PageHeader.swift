/// The header in front of each page.
struct PageHeader: Equatable {
    enum Kind: Int32 {
        case data = 0
        case index = 1
        case dictionary = 2
        case dataV2 = 3

        /// The number of the header's field that belongs to the kind.
        var body: Int16? {
            switch self {
            case .data: 5
            case .index: nil
            case .dictionary: 7
            case .dataV2: 8
            }
        }
    }

    var kind = Kind.data
    var uncompressedSize: Int32 = 0
    var compressedSize: Int32 = 0
    var checksum: UInt32?
    var valueCount: Int32 = 0
    var encoding: Int32 = 0
    var definitionLevelEncoding: Int32 = Encoding.rle.rawValue
    var nullCount: Int32 = 0
    var rowCount: Int32 = 0
    var definitionLevelsSize: Int32 = 0
    var repetitionLevelsSize: Int32 = 0
    var isCompressed = true
    var statistics: ColumnStatistics?

    init() {}

    func write(to writer: inout ThriftWriter) {
        writer.element(structure: { header in
            header.field(1, kind.rawValue)
            header.field(2, uncompressedSize)
            header.field(3, compressedSize)
            if let checksum { header.field(4, Int32(bitPattern: checksum)) }
            switch kind {
            case .data: header.field(5, structure: writeDataHeader)
            case .index: header.field(6, structure: { _ in })
            case .dictionary:
                header.field(
                    7,
                    structure: { body in
                        body.field(1, valueCount)
                        body.field(2, encoding)
                    }
                )
            case .dataV2: header.field(8, structure: writeDataHeaderV2)
            }
        })
    }

    private func writeDataHeader(_ body: inout ThriftWriter) {
        body.field(1, valueCount)
        body.field(2, encoding)
        body.field(3, definitionLevelEncoding)
        body.field(4, Encoding.rle.rawValue)
        if let statistics { body.field(5, structure: statistics.write) }
    }

    private func writeDataHeaderV2(_ body: inout ThriftWriter) {
        body.field(1, valueCount)
        body.field(2, nullCount)
        body.field(3, rowCount)
        body.field(4, encoding)
        body.field(5, definitionLevelsSize)
        body.field(6, repetitionLevelsSize)
        body.field(7, isCompressed)
        if let statistics { body.field(8, structure: statistics.write) }
    }
}

extension PageHeader {
    init(from reader: inout ThriftReader) throws(ThriftReader.Fault) {
        var read = PageHeader()
        // Negative marks missing required fields, as no valid value is negative.
        (read.uncompressedSize, read.compressedSize, read.valueCount, read.encoding) = (-1, -1, -1, -1)
        (read.definitionLevelsSize, read.repetitionLevelsSize) = (-1, -1)
        var kind: Int32 = -1
        var bodies: Set<Int16> = []
        try reader.structure { (reader, field) throws(ThriftReader.Fault) in
            switch field.id {
            case 1: kind = try reader.int32(field)
            case 2: read.uncompressedSize = try reader.int32(field)
            case 3: read.compressedSize = try reader.int32(field)
            case 4: read.checksum = UInt32(bitPattern: try reader.int32(field))
            case 5, 7, 8:
                try reader.expect(field, .structure)
                bodies.insert(field.id)
                switch field.id {
                case 5: try read.readDataHeader(&reader)
                case 7: try read.readDictionaryHeader(&reader)
                default: try read.readDataHeaderV2(&reader)
                }
            default: try reader.skip(field)
            }
        }
        try reader.require(kind >= 0, "a page header without the kind of page")
        // Pages of unknown kinds have no known values and are skipped, as the format demands.
        read.kind = Kind(rawValue: kind) ?? .index
        if let body = read.kind.body {
            try reader.require(bodies.contains(body), "a page header without its body")
            try reader.require(read.encoding >= 0, "a page header without an encoding")
        } else {
            read.valueCount = 0
        }
        self = read
    }

    private mutating func readDataHeader(_ reader: inout ThriftReader) throws(ThriftReader.Fault) {
        var read = self
        try reader.structure { (reader, field) throws(ThriftReader.Fault) in
            switch field.id {
            case 1: read.valueCount = try reader.int32(field)
            case 2: read.encoding = try reader.int32(field)
            case 3: read.definitionLevelEncoding = try reader.int32(field)
            default: try reader.skip(field)
            }
        }
        self = read
    }

    private mutating func readDictionaryHeader(_ reader: inout ThriftReader) throws(ThriftReader.Fault) {
        var read = self
        try reader.structure { (reader, field) throws(ThriftReader.Fault) in
            switch field.id {
            case 1: read.valueCount = try reader.int32(field)
            case 2: read.encoding = try reader.int32(field)
            default: try reader.skip(field)
            }
        }
        self = read
    }

    private mutating func readDataHeaderV2(_ reader: inout ThriftReader) throws(ThriftReader.Fault) {
        var read = self
        try reader.structure { (reader, field) throws(ThriftReader.Fault) in
            switch field.id {
            case 1: read.valueCount = try reader.int32(field)
            case 2: read.nullCount = try reader.int32(field)
            case 3: read.rowCount = try reader.int32(field)
            case 4: read.encoding = try reader.int32(field)
            case 5: read.definitionLevelsSize = try reader.int32(field)
            case 6: read.repetitionLevelsSize = try reader.int32(field)
            case 7: read.isCompressed = try reader.bool(field)
            default: try reader.skip(field)
            }
        }
        self = read
    }
}
