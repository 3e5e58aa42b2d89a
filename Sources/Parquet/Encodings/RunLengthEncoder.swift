import ByteCoding

/// Runs of equal values and bit-packed groups of eight, mixed.
///
/// Source: the Parquet format's document "Encodings", RLE / bit-packing hybrid.
enum RunLengthEncoder {
    /// Appends values of `width` bits (0 to 32), without a length prefix.
    static func append<Value: FixedWidthInteger & UnsignedInteger>(
        _ values: UnsafeBufferPointer<Value>,
        width: Int,
        to output: inout GrowableBytes
    ) {
        var literalStart = 0
        var position = 0
        while position < values.count {
            let value = values[position]
            var end = position + 1
            while end < values.count, values[end] == value { end += 1 }
            if end - position >= 8 {
                // A packed group has eight values: the run fills up the group begun before it.
                let filler = (8 - (position - literalStart) & 7) & 7
                let run = end - position - filler
                if run >= 8 {
                    appendLiteral(values, literalStart..<position + filler, width, &output)
                    appendRun(of: UInt32(truncatingIfNeeded: value), count: run, width: width, to: &output)
                    literalStart = end
                }
            }
            position = end
        }
        appendLiteral(values, literalStart..<values.count, width, &output)
    }

    /// Appends `count` times the same value.
    static func appendRun(of value: UInt32, count: Int, width: Int, to output: inout GrowableBytes) {
        guard count > 0 else { return }
        output.append(varint: UInt64(count) << 1)
        var rest = value
        for _ in 0..<(width + 7) / 8 {
            output.append(UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
    }

    private static func appendLiteral<Value: FixedWidthInteger & UnsignedInteger>(
        _ values: UnsafeBufferPointer<Value>,
        _ range: Range<Int>,
        _ width: Int,
        _ output: inout GrowableBytes
    ) {
        guard !range.isEmpty else { return }
        let groups = (range.count + 7) / 8
        output.append(varint: UInt64(groups) << 1 | 1)
        let before = output.count
        BitPacking.append(UnsafeBufferPointer(rebasing: values[range]), width: width, to: &output)
        // The last group is padded with zeros.
        while output.count < before + groups * width { output.append(UInt8(0)) }
    }
}
