import ByteCoding
import MarketModel
import OrderBooks

/// Kraken's proof of a book: CRC-32 over the digits of its ten best asks, then its ten best bids.
///
/// Of each level price then size as sent, without the point and leading zeros: a mantissa's digits.
enum KrakenChecksum {
    /// Levels a side that count, however deep the book.
    static let levels = 10
    /// Twenty levels of two numbers of at most nineteen digits.
    private static let longestText = 2 * levels * 2 * 19

    static func of(_ book: borrowing OrderBook) -> UInt32 {
        let (asks, bids) = (min(book.askCount, levels), min(book.bidCount, levels))
        return withUnsafeTemporaryAllocation(byteCount: longestText, alignment: 8) { buffer in
            var end = 0
            for place in 0..<asks {
                let level = book.ask(at: place)
                end = append(level.price.mantissa, to: buffer, at: end)
                end = append(level.size.mantissa, to: buffer, at: end)
            }
            for place in 0..<bids {
                let level = book.bid(at: place)
                end = append(level.price.mantissa, to: buffer, at: end)
                end = append(level.size.mantissa, to: buffer, at: end)
            }
            return CRC32.checksum(UnsafeRawBufferPointer(rebasing: buffer[..<end]).bytes)
        }
    }

    /// Writes the digits of a mantissa, none for zero; returns where they end.
    @inline(__always)
    private static func append(
        _ mantissa: Int64,
        to buffer: UnsafeMutableRawBufferPointer,
        at start: Int
    ) -> Int {
        var rest = mantissa.magnitude
        var count = 0
        var power: UInt64 = 1
        // At most nineteen digits: Int64.max has nineteen, and prices and sizes are not negative.
        while count < 19, rest >= power {
            count += 1
            power = power &* 10
        }
        var place = start + count
        while rest > 0 {
            place -= 1
            buffer[place] = UInt8(truncatingIfNeeded: 0x30 + rest % 10)
            rest /= 10
        }
        return start + count
    }
}
