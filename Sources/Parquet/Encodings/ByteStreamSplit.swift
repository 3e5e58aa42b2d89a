import ByteCoding

/// BYTE_STREAM_SPLIT: the first bytes of all values, then all second bytes, and so on.
///
/// Source: the Parquet format's document "Encodings".
enum ByteStreamSplit {
    /// Appends the bytes of values of `width` bytes, split.
    static func append(_ source: UnsafeRawBufferPointer, width: Int, to output: inout ByteBuffer) {
        output.append(upTo: source.count) { room in
            split(source, width: width, into: room)
            return source.count
        }
    }

    private static func split(
        _ source: UnsafeRawBufferPointer,
        width: Int,
        into room: UnsafeMutableRawBufferPointer
    ) {
        let count = source.count / width
        for stream in 0..<width {
            for index in 0..<count {
                room[stream * count + index] = source[index * width + stream]
            }
        }
    }
}

extension ByteStreamSplit {
    /// Joins the values of a range again; `target` has room for `range.count` times `width` bytes.
    ///
    /// The caller has checked that `bytes` holds `total` values of `width` bytes and that the range lies within.
    static func join(
        _ bytes: PageBytes,
        total: Int,
        width: Int,
        _ range: Range<Int>,
        into target: UnsafeMutableRawPointer
    ) {
        for stream in 0..<width {
            let source = bytes.start + stream * total + range.lowerBound
            for index in 0..<range.count {
                target.storeBytes(
                    of: source.load(fromByteOffset: index, as: UInt8.self),
                    toByteOffset: index * width + stream,
                    as: UInt8.self
                )
            }
        }
    }
}
