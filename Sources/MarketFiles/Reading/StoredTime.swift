import Parquet

/// The form in which a column stores times.
enum StoredTime: Equatable {
    /// A signed number of nanoseconds, which needs no conversion.
    case nanoseconds
    /// An unsigned number of nanoseconds.
    case unsigned
    /// A number of longer units.
    case multiples(of: Int128)
    /// A Julian day and nanoseconds of it.
    case int96

    init(_ column: ParquetColumn) {
        switch (column.physicalType, column.logicalType) {
        case (.int96, _): self = .int96
        case (_, .timestamp(.milliseconds, _)?): self = .multiples(of: 1_000_000)
        case (_, .timestamp(.microseconds, _)?): self = .multiples(of: 1000)
        case (_, .integer(_, isSigned: false)?): self = .unsigned
        default: self = .nanoseconds
        }
    }

    /// The value of a row that is not null, in nanoseconds since the Unix epoch.
    func nanoseconds(_ values: ColumnValues, _ row: Int) -> Int128 {
        switch (self, values) {
        case (.int96, .fixed(let values)): FixedBytesNumber.nanoseconds(int96: Array(values[row]))
        case (.multiples(let unit), .int64(let values)): Int128(values[row]) * unit
        case (.unsigned, .int64(let values)): Int128(UInt64(bitPattern: values[row]))
        case (_, .int64(let values)): Int128(values[row])
        default: 0
        }
    }
}
