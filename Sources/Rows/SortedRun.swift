import ByteCoding
import MarketModel

/// The range of a sorted run in the temporary file: each row after its ts, instrument and length.
struct SortedRun {
    /// The size of the key before each row.
    static let keySize = 16

    var start: UInt64
    var end: UInt64
}
