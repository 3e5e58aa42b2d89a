#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Bytes appended in order and read back at any offset: in memory up to a limit, then in an unnamed
/// temporary file (in `TMPDIR` or `/tmp`).
public final class SpillStore {
    private var tail: GrowableBytes
    private let limit: Int
    private var spilled: UInt64 = 0
    private var descriptor: Int32 = -1

    /// Makes an empty store that holds up to `limit` bytes in memory.
    public init(limit: Int = 64 << 20) {
        self.limit = limit
        tail = GrowableBytes()
    }

    deinit {
        if descriptor >= 0 { _ = close(descriptor) }
    }

    /// How many bytes are put away.
    public var count: UInt64 { spilled + UInt64(tail.count) }

    /// Appends bytes; returns their offset.
    public func append(_ bytes: RawSpan) throws(ByteCodingError) -> UInt64 {
        let offset = count
        tail.append(bytes)
        if tail.count > limit { try spill() }
        return offset
    }

    /// Reads `size` bytes at `offset`, which must exist, and appends them to `output`.
    public func read(
        at offset: UInt64,
        count size: Int,
        appendingTo output: inout GrowableBytes
    ) throws(ByteCodingError) {
        guard size >= 0, offset <= count, UInt64(size) <= count - offset else {
            throw .endOfFile(
                path: "temporary file",
                offset: offset,
                needed: size,
                available: Int(clamping: count - min(offset, count))
            )
        }
        var offset = offset
        var size = size
        if offset < spilled {
            let part = Int(min(UInt64(size), spilled - offset))
            try readFile(at: offset, count: part, appendingTo: &output)
            offset += UInt64(part)
            size -= part
        }
        if size > 0 {
            let start = Int(offset - spilled)
            output.append(RawSpan(_unsafeStart: tail.unsafeBase + start, byteCount: size))
        }
    }

    private func spill() throws(ByteCodingError) {
        if descriptor < 0 { descriptor = try Self.open() }
        var done = 0
        while done < tail.count {
            let (file, from) = (descriptor, done)
            switch SystemCall.retrying({ write(file, tail.unsafeBase + from, tail.count - from) }) {
            case .success(let size): done += size
            case .failure(let failure):
                throw .system(operation: "write", path: "temporary file", code: failure.code)
            }
        }
        spilled += UInt64(tail.count)
        tail.removeAll()
    }

    private func readFile(
        at offset: UInt64,
        count size: Int,
        appendingTo output: inout GrowableBytes
    ) throws(ByteCodingError) {
        let file = descriptor
        try output.append(upTo: size) { (room) throws(ByteCodingError) -> Int in
            var done = 0
            while done < size {
                let result = SystemCall.retrying {
                    pread(file, room.baseAddress.map { $0 + done }, size - done, off_t(offset) + off_t(done))
                }
                guard case .success(let taken) = result, taken > 0 else {
                    throw .system(operation: "read", path: "temporary file", code: EIO)
                }
                done += taken
            }
            return done
        }
    }

    private static func open() throws(ByteCodingError) -> Int32 {
        let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(folder)/atelier-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else {
            throw .system(operation: "create a temporary file in", path: folder, code: errno)
        }
        // Unlinked here: the file is deleted when it is closed.
        _ = unlink(template)
        return descriptor
    }
}
