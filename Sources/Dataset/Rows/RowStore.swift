import ByteCoding
import MarketModel

/// The rows of one instrument as fixed-length records of a temporary file: memory stays bounded.
package struct RowStore: Sendable {
    /// The file.
    package let path: String
    /// How many rows it holds.
    package let count: Int
    /// Features a row.
    package let features: Int

    static func recordLength(_ features: Int) -> Int { 43 + features * 9 }

    /// Calls `body` with each row in order; the row is reused.
    package func forEach(
        _ body: (borrowing DatasetRow) throws(DatasetError) -> Void
    ) throws(DatasetError) {
        var row = DatasetRow(features: features)
        let records = try RecordReader(path: path, length: RowStore.recordLength(features), count: count)
        var reader = records
        while try reader.next({ bytes in RowStore.decode(bytes, into: &row) }) { try body(row) }
    }

    /// A reader from the first row on.
    package func reader() throws(DatasetError) -> RowStoreReader {
        RowStoreReader(
            records: try RecordReader(path: path, length: RowStore.recordLength(features), count: count),
            row: DatasetRow(features: features)
        )
    }

    static func decode(_ bytes: RawSpan, into row: inout DatasetRow) {
        row.ts = bytes.unsafeLoadUnaligned(fromByteOffset: 0, as: Int64.self)
        row.available = bytes.unsafeLoadUnaligned(fromByteOffset: 8, as: Int64.self)
        let price = Double(bitPattern: bytes.unsafeLoadUnaligned(fromByteOffset: 16, as: UInt64.self))
        row.price = price.isNaN ? nil : price
        row.flags = DatasetRow.Flags(rawValue: bytes.unsafeLoad(fromByteOffset: 24, as: UInt8.self))
        row.exactPrice = row.price.flatMap { exactPrice(bytes, $0) }
        var offset = 43
        for index in row.values.indices {
            row.isPresent[index] = bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self) != 0
            let bits = bytes.unsafeLoadUnaligned(fromByteOffset: offset + 1, as: UInt64.self)
            row.values[index] = Double(bitPattern: bits)
            offset += 9
        }
    }
}

// The two decimals of a mid after the flags: mantissas, then scales; a scale that no mid has marks absence.
extension RowStore {
    private static let noMid: UInt8 = 0xff

    private static func exactPrice(_ bytes: RawSpan, _ number: Double) -> ExactPrice? {
        let scale = bytes.unsafeLoad(fromByteOffset: 41, as: UInt8.self)
        guard scale != noMid else { return ExactPrice(number) }
        return .mid(
            bid: FixedDecimal(
                mantissa: bytes.unsafeLoadUnaligned(fromByteOffset: 25, as: Int64.self),
                scale: scale
            ),
            ask: FixedDecimal(
                mantissa: bytes.unsafeLoadUnaligned(fromByteOffset: 33, as: Int64.self),
                scale: bytes.unsafeLoad(fromByteOffset: 42, as: UInt8.self)
            )
        )
    }

    static func append(_ price: ExactPrice?, to record: inout GrowableBytes) {
        var (bid, ask) = (FixedDecimal(mantissa: 0, scale: noMid), FixedDecimal(mantissa: 0, scale: noMid))
        if case .mid(let best, let other) = price { (bid, ask) = (best, other) }
        record.append(bid.mantissa)
        record.append(ask.mantissa)
        record.append(bid.scale)
        record.append(ask.scale)
    }
}
