import CLZ4
import CSnappy

/// LZ4 blocks without a frame (Parquet's `LZ4_RAW`).
public enum LZ4Block {
    /// Appends one block containing `input`, which is at most about 2 GB.
    public static func compress(
        _ input: RawSpan,
        appendingTo output: inout GrowableBytes
    ) throws(ByteCodingError) {
        guard input.byteCount <= Int(LZ4_MAX_INPUT_SIZE) else {
            throw .outputTooLarge(codec: "lz4 block", limit: Int(LZ4_MAX_INPUT_SIZE))
        }
        let bound = Int(LZ4_compressBound(Int32(input.byteCount)))
        output.append(upTo: bound) { room in
            input.withUnsafeBytes {
                Int(LZ4_compress_default($0.baseAddress, room.baseAddress, Int32($0.count), Int32(bound)))
            }
        }
    }

    /// Appends the content of the block, at most `maximumSize` bytes.
    public static func decompress(
        _ input: RawSpan,
        appendingTo output: inout GrowableBytes,
        maximumSize: Int
    ) throws(ByteCodingError) {
        guard input.byteCount <= Int(Int32.max), maximumSize >= 0, maximumSize <= Int(Int32.max) else {
            throw .outputTooLarge(codec: "lz4 block", limit: maximumSize)
        }
        // The library refuses an empty destination even if nothing is to be written.
        if maximumSize == 0, input.byteCount == 1, input.unsafeLoad(as: UInt8.self) == 0 { return }
        var result: Int32 = -1
        output.append(upTo: maximumSize) { room in
            result = input.withUnsafeBytes {
                LZ4_decompress_safe($0.baseAddress, room.baseAddress, Int32($0.count), Int32(room.count))
            }
            return Int(max(result, 0))
        }
        guard result >= 0 else {
            throw .corrupt(codec: "lz4 block", reason: "not a block of at most \(maximumSize) bytes")
        }
    }
}
