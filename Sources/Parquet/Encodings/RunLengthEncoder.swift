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
        while let equal = firstRun(in: values, from: position) {
            // A packed group has eight values: the run fills up the group begun before it.
            let filler = (8 - (equal.lowerBound - literalStart) & 7) & 7
            let run = equal.count - filler
            if run >= 8 {
                let value = UInt32(truncatingIfNeeded: values[equal.lowerBound])
                appendLiteral(values, literalStart..<equal.lowerBound + filler, width, &output)
                appendRun(of: value, count: run, width: width, to: &output)
                literalStart = equal.upperBound
            }
            position = equal.upperBound
        }
        appendLiteral(values, literalStart..<values.count, width, &output)
    }

    /// The first eight or more equal values; nil if there are none.
    ///
    /// Every fourth value is looked at: of eight in a row one and the three after it are among them.
    private static func firstRun<Value: FixedWidthInteger & UnsignedInteger>(
        in values: UnsafeBufferPointer<Value>,
        from start: Int
    ) -> Range<Int>? {
        var probe = start
        while probe + 3 < values.count {
            let value = values[probe]
            guard values[probe + 3] == value else {
                probe += 4
                continue
            }
            var (first, end) = (probe, probe + 1)
            while first > start, values[first - 1] == value { first -= 1 }
            while end < values.count, values[end] == value { end += 1 }
            if end - first >= 8 { return first..<end }
            // The fourth may be equal by chance: then the run ends before it.
            probe += 4
        }
        return nil
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
