/// What is known of the values of a page or column chunk without reading them.
public struct ColumnStatistics: Sendable, Equatable {
    /// A lower bound of the values, PLAIN without a length; nil if unknown or if no value is a number.
    public var minimum: [UInt8]?
    /// An upper bound of the values, PLAIN without a length; nil if unknown or if no value is a number.
    public var maximum: [UInt8]?
    /// Whether ``minimum`` is one of the values.
    public var isMinimumExact: Bool?
    /// Whether ``maximum`` is one of the values.
    public var isMaximumExact: Bool?
    /// How many rows are null.
    public var nullCount: Int64?
    /// How many values are NaN; floating-point columns only.
    public var nanCount: Int64?
    /// How many different values there are.
    public var distinctCount: Int64?

    /// Makes empty statistics.
    public init() {}
}

extension ColumnStatistics {
    func write(to writer: inout ThriftWriter) {
        if let nullCount { writer.field(3, nullCount) }
        if let distinctCount { writer.field(4, distinctCount) }
        if let maximum { writer.field(5, maximum) }
        if let minimum { writer.field(6, minimum) }
        if maximum != nil, let isMaximumExact { writer.field(7, isMaximumExact) }
        if minimum != nil, let isMinimumExact { writer.field(8, isMinimumExact) }
        if let nanCount { writer.field(9, nanCount) }
    }

    /// Reads bounds from their new fields only: the old ones (1, 2) have no defined order.
    init(from reader: inout ThriftReader) throws(ThriftReader.Fault) {
        self.init()
        var read = ColumnStatistics()
        try reader.structure { (reader, field) throws(ThriftReader.Fault) in
            switch field.id {
            case 3: read.nullCount = try reader.int64(field)
            case 4: read.distinctCount = try reader.int64(field)
            case 5: read.maximum = try reader.binary(field)
            case 6: read.minimum = try reader.binary(field)
            case 7: read.isMaximumExact = try reader.bool(field)
            case 8: read.isMinimumExact = try reader.bool(field)
            case 9: read.nanCount = try reader.int64(field)
            default: try reader.skip(field)
            }
        }
        self = read
    }
}
