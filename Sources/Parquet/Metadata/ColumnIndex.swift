/// The bounds of each page of a column chunk.
public struct ColumnIndex: Sendable, Equatable {
    /// How the bounds run from page to page.
    public enum Order: Int32, Sendable {
        /// Any way.
        case unordered = 0
        /// Never down.
        case ascending = 1
        /// Never up.
        case descending = 2
    }

    /// Whether each page holds nulls only.
    public var nullPages: [Bool] = []
    /// A lower bound for each page; empty bytes for a null page.
    public var minimums: [[UInt8]] = []
    /// An upper bound for each page; empty bytes for a null page.
    public var maximums: [[UInt8]] = []
    /// How the bounds are ordered.
    public var order = Order.unordered
    /// Nulls of each page, if the file says.
    public var nullCounts: [Int64]?
    /// NaNs of each page, if the file says.
    public var nanCounts: [Int64]?

    init() {}

    func write(to writer: inout ThriftWriter) {
        writer.field(1, list: nullPages, of: .booleanTrue) { $0.element($1) }
        writer.field(2, list: minimums, of: .binary) { $0.element($1) }
        writer.field(3, list: maximums, of: .binary) { $0.element($1) }
        writer.field(4, order.rawValue)
        if let nullCounts { writer.field(5, list: nullCounts, of: .int64) { $0.element($1) } }
        if let nanCounts { writer.field(8, list: nanCounts, of: .int64) { $0.element($1) } }
    }

    init(from reader: inout ThriftReader) throws(ThriftReader.Fault) {
        var read = ColumnIndex()
        try reader.structure { (reader, field) throws(ThriftReader.Fault) in
            switch field.id {
            case 1:
                try reader.list(field, of: .booleanTrue) { (item) throws(ThriftReader.Fault) in
                    read.nullPages.append(try item.boolElement())
                }
            case 2: read.minimums = try reader.binaries(field)
            case 3: read.maximums = try reader.binaries(field)
            case 4: read.order = Order(rawValue: try reader.int32(field)) ?? .unordered
            case 5: read.nullCounts = try reader.integers(field)
            case 8: read.nanCounts = try reader.integers(field)
            default: try reader.skip(field)
            }
        }
        self = read
    }
}

extension ThriftReader {
    mutating func binaries(_ field: Field) throws(Fault) -> [[UInt8]] {
        var values: [[UInt8]] = []
        try list(field, of: .binary) { (item) throws(Fault) in values.append(try item.binaryElement()) }
        return values
    }

    mutating func integers(_ field: Field) throws(Fault) -> [Int64] {
        var values: [Int64] = []
        try list(field, of: .int64) { (item) throws(Fault) in values.append(try item.int64Element()) }
        return values
    }
}
