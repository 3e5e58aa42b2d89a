import ByteCoding

/// DELTA_BINARY_PACKED: the first value, then differences in blocks of 128, packed 32 at a time.
///
/// Differences wrap around, as the format wants, so that any integers can be stored.
/// Source: the Parquet format's document "Encodings".
enum DeltaEncoder {
    static let blockSize = 128
    static let miniblockSize = 32

    /// Appends all values.
    static func append<Value: FixedWidthInteger & SignedInteger>(
        _ values: UnsafeBufferPointer<Value>,
        to output: inout GrowableBytes
    ) {
        output.append(varint: UInt64(blockSize))
        output.append(varint: UInt64(blockSize / miniblockSize))
        output.append(varint: UInt64(values.count))
        output.append(zigzag: Int64(values.first ?? 0))
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: blockSize) { deltas in
            var start = 1
            while start < values.count {
                let end = min(start + blockSize, values.count)
                appendBlock(values, start..<end, deltas, &output)
                start = end
            }
        }
    }

    private static func appendBlock<Value: FixedWidthInteger & SignedInteger>(
        _ values: UnsafeBufferPointer<Value>,
        _ range: Range<Int>,
        _ deltas: UnsafeMutableBufferPointer<UInt64>,
        _ output: inout GrowableBytes
    ) {
        var least = Value.max
        for index in range {
            least = Swift.min(least, values[index] &- values[index - 1])
        }
        output.append(zigzag: Int64(least))
        for index in range {
            // The difference minus the least one, in the value's own width.
            let distance = values[index] &- values[index - 1] &- least
            deltas[index - range.lowerBound] = UInt64(Value.Magnitude(truncatingIfNeeded: distance))
        }
        for index in range.count..<blockSize { deltas[index] = 0 }
        appendMiniblocks(deltas, count: range.count, &output)
    }

    private static func appendMiniblocks(
        _ deltas: UnsafeMutableBufferPointer<UInt64>,
        count: Int,
        _ output: inout GrowableBytes
    ) {
        var widths = SIMD4<UInt8>(repeating: 0)
        for miniblock in 0..<blockSize / miniblockSize {
            var all: UInt64 = 0
            for index in miniblock * miniblockSize..<(miniblock + 1) * miniblockSize { all |= deltas[index] }
            widths[miniblock] = UInt8(BitPacking.width(of: all))
            output.append(widths[miniblock])
        }
        for miniblock in 0..<(count + miniblockSize - 1) / miniblockSize where widths[miniblock] > 0 {
            let range = miniblock * miniblockSize..<(miniblock + 1) * miniblockSize
            BitPacking.appendWide(
                UnsafeBufferPointer(rebasing: deltas[range]),
                width: Int(widths[miniblock]),
                to: &output
            )
        }
    }
}
