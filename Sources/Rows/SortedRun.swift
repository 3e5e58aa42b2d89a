import ByteCoding
import MarketModel

/// The range of a sorted run in the temporary file: each row after its ts, instrument and length.
struct SortedRun {
    /// The size of the key before each row.
    static let keySize = 16

    var start: UInt64
    var end: UInt64

    /// Whether the bytes of a run are whole rows of so many instruments.
    static func isSound(_ bytes: [UInt8], instruments: Int) -> Bool {
        var offset = 0
        while offset < bytes.count {
            guard bytes.count - offset >= keySize else { return false }
            let instrument = bytes.span.bytes.unsafeLoadUnaligned(fromByteOffset: offset + 8, as: UInt32.self)
            let length = bytes.span.bytes.unsafeLoadUnaligned(fromByteOffset: offset + 12, as: UInt32.self)
            guard Int(instrument) < instruments, Int(length) <= bytes.count - offset - keySize else {
                return false
            }
            offset += keySize + Int(length)
        }
        return true
    }
}
