import CLZ4
import CSnappy

/// Snappy's raw format (Parquet's `SNAPPY`).
public enum Snappy {
    /// Appends `input` compressed.
    public static func compress(
        _ input: RawSpan,
        appendingTo output: inout GrowableBytes
    ) throws(ByteCodingError) {
        output.append(upTo: snappy_max_compressed_length(input.byteCount)) { room in
            var length = room.count
            let status = input.withUnsafeBytes {
                snappy_compress($0.baseAddress, $0.count, room.baseAddress, &length)
            }
            return status == SNAPPY_OK ? length : 0
        }
    }

    /// Appends the content of `input`, at most `maximumSize` bytes.
    public static func decompress(
        _ input: RawSpan,
        appendingTo output: inout GrowableBytes,
        maximumSize: Int
    ) throws(ByteCodingError) {
        var stated = 0
        let header = input.withUnsafeBytes { snappy_uncompressed_length($0.baseAddress, $0.count, &stated) }
        guard header == SNAPPY_OK, stated >= 0 else {
            throw .corrupt(codec: "snappy", reason: "no valid length at its start")
        }
        guard stated <= maximumSize else { throw .outputTooLarge(codec: "snappy", limit: maximumSize) }
        var status = SNAPPY_OK
        output.append(upTo: stated) { room in
            var length = room.count
            status = input.withUnsafeBytes {
                snappy_uncompress($0.baseAddress, $0.count, room.baseAddress, &length)
            }
            return status == SNAPPY_OK ? length : 0
        }
        guard status == SNAPPY_OK else { throw .corrupt(codec: "snappy", reason: "invalid input") }
    }
}
