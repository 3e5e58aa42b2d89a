#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Bytes read at any offset: a regular file, memory, or standard input.
public final class FileReader {
    /// The name shown in errors.
    public let path: String
    /// The number of bytes when it was opened.
    public let size: UInt64

    private let descriptor: Int32
    private let memory: [UInt8]
    private let store: SpillStore?

    /// Opens a regular file; a pipe or a folder is refused (`ESPIPE`, `EISDIR`).
    public init(path: String) throws(ByteCodingError) {
        let descriptor = try Self.open(path)
        guard let size = Self.regularSize(descriptor) else {
            _ = close(descriptor)
            throw .system(operation: "seek in", path: path, code: ESPIPE)
        }
        self.path = path
        self.size = size
        self.descriptor = descriptor
        memory = []
        store = nil
    }

    /// Opens standard input: in place if it is a file; otherwise all of it is stored first, beyond 64 MiB
    /// in an unnamed temporary file.
    public init(standardInput limit: Int = 64 << 20) throws(ByteCodingError) {
        path = "-"
        memory = []
        if let size = Self.regularSize(STDIN_FILENO) {
            self.size = size
            descriptor = dup(STDIN_FILENO)
            store = nil
            if descriptor < 0 { throw .system(operation: "open", path: "-", code: errno) }
            return
        }
        let (input, store) = (try ByteInput(path: "-"), SpillStore(limit: limit))
        while try input.fill(1) > 0 {
            _ = try store.append(input.window)
            input.consume(input.available)
        }
        (size, descriptor) = (store.count, -1)
        self.store = store
    }

    /// Reads bytes in memory.
    public init(bytes: [UInt8], path: String = "memory") {
        self.path = path
        size = UInt64(bytes.count)
        descriptor = -1
        memory = bytes
        store = nil
    }

    deinit {
        if descriptor >= 0 { _ = close(descriptor) }
    }

    /// Whether `path` can be read at any offset.
    public static func isRegularFile(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && (status.st_mode & S_IFMT) == S_IFREG
    }

    /// Appends exactly `count` bytes from `offset`.
    public func read(
        at offset: UInt64,
        count: Int,
        appendingTo output: inout GrowableBytes
    ) throws(ByteCodingError) {
        let available = offset < size ? size - offset : 0
        guard count >= 0, UInt64(count) <= available else {
            throw .endOfFile(
                path: path,
                offset: offset,
                needed: max(count, 0),
                available: Int(clamping: available)
            )
        }
        if let store {
            try store.read(at: offset, count: count, appendingTo: &output)
        } else if descriptor < 0 {
            output.append(upTo: count) { room in
                memory.withUnsafeBytes {
                    room.copyMemory(from: .init(rebasing: $0[Int(offset)...].prefix(count)))
                }
                return count
            }
        } else {
            try readFile(at: offset, count: count, appendingTo: &output)
        }
    }

    /// Replaces `block` by the next bytes from `offset`, at most 1 MiB, and moves it behind them; false at the end.
    public func readBlock(
        at offset: inout UInt64,
        into block: inout GrowableBytes
    ) throws(ByteCodingError) -> Bool {
        guard offset < size else { return false }
        block.removeAll()
        try read(at: offset, count: Int(min(1 << 20, size - offset)), appendingTo: &block)
        offset += UInt64(block.count)
        return true
    }

    private func readFile(
        at offset: UInt64,
        count: Int,
        appendingTo output: inout GrowableBytes
    ) throws(ByteCodingError) {
        let (file, path) = (descriptor, path)
        try output.append(upTo: count) { (room) throws(ByteCodingError) -> Int in
            var done = 0
            while done < count {
                let result = SystemCall.retrying {
                    pread(file, room.baseAddress.map { $0 + done }, count - done, off_t(offset) + off_t(done))
                }
                switch result {
                case .success(0):
                    // The file shrank since it was opened.
                    throw .endOfFile(path: path, offset: offset, needed: count, available: done)
                case .success(let size): done += size
                case .failure(let failure):
                    throw .system(operation: "read", path: path, code: failure.code)
                }
            }
            return done
        }
    }

    static func open(_ path: String) throws(ByteCodingError) -> Int32 {
        switch SystemCall.retrying({ Int(systemOpen(path)) }) {
        case .success(let descriptor): return try refuseFolder(Int32(descriptor), path)
        case .failure(let failure):
            throw .system(operation: "open", path: path, code: failure.code)
        }
    }

    private static func refuseFolder(_ descriptor: Int32, _ path: String) throws(ByteCodingError) -> Int32 {
        var status = stat()
        guard fstat(descriptor, &status) == 0, (status.st_mode & S_IFMT) == S_IFDIR else { return descriptor }
        _ = close(descriptor)
        throw .system(operation: "read", path: path, code: EISDIR)
    }

    static func regularSize(_ descriptor: Int32) -> UInt64? {
        var status = stat()
        guard fstat(descriptor, &status) == 0, (status.st_mode & S_IFMT) == S_IFREG else { return nil }
        return UInt64(max(status.st_size, 0))
    }
}

private func systemOpen(_ path: String) -> Int32 { open(path, O_RDONLY | O_CLOEXEC) }
