import Features
import MarketModel
import OrderBooks

/// The bytes of a row that digests are taken over.
///
/// Exchange, market and symbol, each a UInt32 length and UTF-8; then ts, ts_available, the scalars in order,
/// book state (0, 1, 2), observed_trades, observed_liquidations, gap, partial: each a presence byte and 8
/// little-endian bytes, the byte 0 alone where absent; −0 is written as +0.
enum RowEncoding {
    /// Appends a row; without `tsAvailable` for the digest of contents.
    static func append(
        _ row: borrowing MarketAggregate,
        of instrument: Instrument,
        withAvailability: Bool,
        to bytes: inout [UInt8]
    ) {
        append(instrument.exchange, to: &bytes)
        append(instrument.market.rawValue, to: &bytes)
        append(instrument.symbol, to: &bytes)
        append(UInt64(bitPattern: row.ts), to: &bytes)
        if withAvailability { append(UInt64(bitPattern: row.tsAvailable), to: &bytes) }
        for place in MarketAggregate.Scalar.names.indices {
            if row.mask & (1 << UInt16(place)) == 0 {
                bytes.append(0)
            } else {
                let value = row.values[place]
                append(value == 0 ? 0 : value.bitPattern, to: &bytes)
            }
        }
        append(UInt64(row.bookState.rawValue), to: &bytes)
        append(row.observedTrades ? 1 : 0, to: &bytes)
        append(row.observedLiquidations ? 1 : 0, to: &bytes)
        append(row.gap ? 1 : 0, to: &bytes)
        append(row.partial ? 1 : 0, to: &bytes)
    }

    private static func append(_ text: String, to bytes: inout [UInt8]) {
        let count = UInt32(clamping: text.utf8.count)
        for shift in stride(from: 0, to: 32, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: count >> shift))
        }
        bytes.append(contentsOf: text.utf8)
    }

    private static func append(_ value: UInt64, to bytes: inout [UInt8]) {
        bytes.append(1)
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }
}
