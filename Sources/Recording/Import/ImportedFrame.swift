import ByteCoding

/// A frame as it waits to be sorted: connection, direction, bytes.
enum ImportedFrame {
    /// Appends a frame of the connection at a place.
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

    /// The connection's place and the direction of a record that was appended here.
    static func head(_ record: RawSpan) -> (connection: Int, direction: FrameDirection) {
        let connection = record.unsafeLoadUnaligned(fromByteOffset: 0, as: UInt16.self)
        let direction = record.unsafeLoad(fromByteOffset: 2, as: UInt8.self)
        return (Int(UInt16(littleEndian: connection)), FrameDirection.allCases[Int(direction)])
    }

    /// The frame's bytes of such a record.
    @_lifetime(copy record)
    static func bytes(_ record: RawSpan) -> RawSpan { record.extracting(3...) }
}
