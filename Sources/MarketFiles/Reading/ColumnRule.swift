import MarketModel
import Parquet

/// A column that a market file must or may have.
struct ColumnRule {
    let name: String
    let type: PhysicalType
    /// Whether files without it are accepted.
    var mayBeAbsent = false
    /// Whether its values are times, in the unit that the column states, or nanoseconds if none.
    var isTime = false

    /// Whether a column's values can be read as the rule demands.
    func allows(_ column: ParquetColumn) -> Bool {
        if isTime, column.physicalType == .int96 { return true }
        guard column.physicalType == type else { return false }
        switch (column.logicalType, type) {
        case (nil, _), (.integer, .int32), (.integer(_, isSigned: true), .int64): return true
        case (.timestamp, .int64), (.integer, .int64): return isTime
        case (.string, .byteArray), (.enumeration, .byteArray): return true
        default: return false
        }
    }
}
