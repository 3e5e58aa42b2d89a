import ByteCoding
import Features
import MarketModel
import OrderBooks

/// Encodes rows for digests.
///
/// Exchange, market and symbol, each a UInt32 length and UTF-8; then ts, ts_available, the scalars in order,
/// book state (0, 1, 2), observed_trades, observed_liquidations, gap, partial: each a presence byte and 8
/// little-endian bytes, the byte 0 alone where absent; −0 is written as +0.
struct RowEncoding {
    /// Exchange, market and symbol of each known instrument, by its index.
    private var heads: [[UInt8]] = []

    /// The size of a number: the presence byte and its value.
    private static let numberSize = 9
    /// The most bytes after the head: two times, the scalars, the state and four flags.
    private static let tailLimit = (2 + MarketAggregate.Scalar.names.count + 5) * numberSize

    /// Appends a row; returns the range of `ts_available`, which the digest over contents omits.
    mutating func append(
        _ row: MarketAggregate,
        of instrument: Instrument,
        to bytes: inout GrowableBytes
    ) -> Range<Int> {
        bytes.append(head(of: instrument, row.instrument.position).span.bytes)
        let start = bytes.count + RowEncoding.numberSize
        bytes.append(upTo: RowEncoding.tailLimit) { room in
            var writer = NumberWriter(room: room)
            writer.append(UInt64(bitPattern: row.ts))
            writer.append(UInt64(bitPattern: row.tsAvailable))
            for index in 0..<15 {
                let value = row.values[index]
                writer.append(
                    value == 0 ? 0 : value.bitPattern,
                    isPresent: row.mask & 1 << UInt16(index) != 0
                )
            }
            writer.append(UInt64(row.bookState.rawValue))
            writer.append(row.observedTrades ? 1 : 0)
            writer.append(row.observedLiquidations ? 1 : 0)
            writer.append(row.gap ? 1 : 0)
            writer.append(row.partial ? 1 : 0)
            return writer.count
        }
        return start..<(start + RowEncoding.numberSize)
    }

    private mutating func head(of instrument: Instrument, _ index: Int) -> [UInt8] {
        while heads.count <= index { heads.append([]) }
        if heads[index].isEmpty {
            for text in [instrument.exchange, instrument.market.rawValue, instrument.symbol] {
                withUnsafeBytes(of: UInt32(clamping: text.utf8.count).littleEndian) {
                    heads[index].append(contentsOf: $0)
                }
                heads[index].append(contentsOf: text.utf8)
            }
        }
        return heads[index]
    }
}

/// Writes numbers in sequence into memory with room for the longest row.
private struct NumberWriter {
    let room: UnsafeMutableRawBufferPointer
    var count = 0

    /// A number, or only the byte 0 if absent.
    ///
    /// Without a branch: the value of an absent number is overwritten by the next.
    @inline(__always)
    mutating func append(_ value: UInt64, isPresent: Bool = true) {
        // Safe: the room holds all numbers of a row, nine bytes each.
        room.storeBytes(of: isPresent ? 1 : 0, toByteOffset: count, as: UInt8.self)
        room.storeBytes(of: value.littleEndian, toByteOffset: count &+ 1, as: UInt64.self)
        count &+= isPresent ? 9 : 1
    }
}
