import ByteCoding

/// A frame as it waits to be sorted: connection, direction, bytes.
enum ImportedFrame {
    /// Appends a frame of the connection at an index.
    static func append(
        _ bytes: RawSpan,
        _ connection: UInt16,
        _ direction: FrameDirection,
        to record: inout GrowableBytes
    ) {
        record.append(connection)
        record.append(UInt8(truncatingIfNeeded: FrameDirection.allCases.firstIndex(of: direction) ?? 0))
        record.append(bytes)
    }

    /// The connection's index and the direction of an appended record.
    static func head(_ record: RawSpan) -> (connection: Int, direction: FrameDirection) {
        let connection = record.unsafeLoadUnaligned(fromByteOffset: 0, as: UInt16.self)
        let direction = record.unsafeLoad(fromByteOffset: 2, as: UInt8.self)
        return (Int(UInt16(littleEndian: connection)), FrameDirection.allCases[Int(direction)])
    }

    /// The frame's bytes of an appended record.
    @_lifetime(copy record)
    static func bytes(_ record: RawSpan) -> RawSpan { record.extracting(3...) }
}
