import ByteCoding

/// A frame as it waits to be sorted: connection, channel, bytes.
enum ImportedFrame {
    /// Appends a frame of the connection at an index.
    static func append(
        _ bytes: RawSpan,
        _ connection: UInt16,
        _ channel: Int,
        to record: inout GrowableBytes
    ) {
        record.append(connection)
        record.append(UInt16(truncatingIfNeeded: channel))
        record.append(bytes)
    }

    /// The indexes of the connection and of its channel of an appended record.
    static func head(_ record: RawSpan) -> (connection: Int, channel: Int) {
        let connection = record.unsafeLoadUnaligned(fromByteOffset: 0, as: UInt16.self)
        let channel = record.unsafeLoadUnaligned(fromByteOffset: 2, as: UInt16.self)
        return (Int(UInt16(littleEndian: connection)), Int(UInt16(littleEndian: channel)))
    }

    /// The frame's bytes of an appended record.
    @_lifetime(copy record)
    static func bytes(_ record: RawSpan) -> RawSpan { record.extracting(4...) }
}
