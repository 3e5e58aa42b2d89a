import ByteCoding

/// Consecutive entries in a buffer: size, connection, kind, receive time, bytes.
extension GrowableBytes {
    /// The size of an entry's header.
    static var entryHeaderSize: Int { 16 }

    /// Appends an entry.
    mutating func appendEntry(_ kind: FrameQueue.Kind, _ connection: Int, _ time: Int64, _ bytes: RawSpan) {
        append(UInt32(truncatingIfNeeded: bytes.byteCount))
        append(UInt16(truncatingIfNeeded: connection))
        append(kind.rawValue)
        append(UInt8(0))
        append(time)
        append(bytes)
    }

    /// Calls `body` with each entry; the buffer holds entries and nothing else.
    borrowing func forEachEntry(_ body: (FrameQueue.Kind, Int, Int64, RawSpan) -> Void) {
        let bytes = RawSpan(_unsafeStart: unsafeBase, byteCount: count)
        var offset = 0
        while offset < bytes.byteCount {
            // Safe: only `appendEntry` writes here; each entry is whole.
            let size = Int(bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
            let connection = Int(bytes.unsafeLoadUnaligned(fromByteOffset: offset + 4, as: UInt16.self))
            let kind = FrameQueue.Kind(
                rawValue: bytes.unsafeLoad(fromByteOffset: offset + 6, as: UInt8.self)
            )
            let time = bytes.unsafeLoadUnaligned(fromByteOffset: offset + 8, as: Int64.self)
            offset += Self.entryHeaderSize
            body(kind ?? .received, connection, time, bytes.extracting(offset..<(offset + size)))
            offset += size
        }
    }
}
