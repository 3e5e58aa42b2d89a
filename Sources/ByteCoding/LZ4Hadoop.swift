/// Parquet's codec `LZ4`: the first writers used Hadoop's frames, others blocks or LZ4 frames.
public enum LZ4Hadoop {
    /// Appends the content of `input` in any of the three forms, exactly `size` bytes.
    public static func decompress(
        _ input: RawSpan,
        appendingTo output: inout GrowableBytes,
        size: Int
    ) throws(ByteCodingError) {
        let start = output.count
        if (try? expandFrames(input, &output, start + size)) != nil { return }
        output.truncate(to: start)
        if input.byteCount >= 4, input.unsafeLoadUnaligned(as: UInt32.self) == 0x184D_2204 {
            return try LZ4FrameDecompressor().decompress(input, appendingTo: &output, maximumSize: size)
        }
        try LZ4Block.decompress(input, appendingTo: &output, maximumSize: size)
    }

    /// Hadoop's frames: the size of some data, then blocks with their sizes until they make it up; sizes
    /// are four bytes, most significant first.
    private static func expandFrames(
        _ input: RawSpan,
        _ output: inout GrowableBytes,
        _ end: Int
    ) throws(ByteCodingError) {
        var index = 0
        while index < input.byteCount {
            let frameEnd = output.count + (try size(input, &index))
            guard frameEnd <= end else { throw mismatch }
            repeat {
                let packed = try size(input, &index)
                guard packed <= input.byteCount - index else { throw mismatch }
                let block = input.extracting(index..<index + packed)
                try LZ4Block.decompress(block, appendingTo: &output, maximumSize: frameEnd - output.count)
                index += packed
            } while output.count < frameEnd && index < input.byteCount
            guard output.count == frameEnd else { throw mismatch }
        }
        guard output.count == end else { throw mismatch }
    }

    private static func size(_ input: RawSpan, _ index: inout Int) throws(ByteCodingError) -> Int {
        guard input.byteCount - index >= 4 else { throw mismatch }
        defer { index += 4 }
        return Int(UInt32(bigEndian: input.unsafeLoadUnaligned(fromByteOffset: index, as: UInt32.self)))
    }

    private static var mismatch: ByteCodingError { .corrupt(codec: "lz4", reason: "no frames of Hadoop's") }
}
