import ByteCoding

/// The reply to a REST request as a queue entry: the length of its path, the path, the body.
enum LoggedReply {
    /// Writes an entry.
    static func bytes(_ body: RawSpan, path: String) -> GrowableBytes {
        let name = Array(path.utf8)
        var entry = GrowableBytes(capacity: 4 + name.count + body.byteCount)
        entry.append(UInt32(truncatingIfNeeded: name.count))
        entry.append(name.span.bytes)
        entry.append(body)
        return entry
    }

    /// The path of an entry.
    static func path(in entry: RawSpan) -> String {
        entry.extracting(4..<bodyStart(in: entry)).withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    }

    /// The body of an entry.
    @_lifetime(copy entry)
    static func body(in entry: RawSpan) -> RawSpan {
        entry.extracting(bodyStart(in: entry)..<entry.byteCount)
    }

    private static func bodyStart(in entry: RawSpan) -> Int {
        // Safe: only `bytes(_:path:)` writes entries.
        4 + Int(entry.unsafeLoadUnaligned(as: UInt32.self))
    }
}
