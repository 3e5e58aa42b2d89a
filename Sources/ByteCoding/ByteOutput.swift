#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Buffered bytes written sequentially to a file, a pipe or memory.
///
/// A file is written as `<path>.partial`, opened exclusively, and renamed by ``finish(replacing:)``: a file
/// under its own name is always complete.
public final class ByteOutput {
    /// The name shown in errors: the final path, `-` for standard output.
    public let name: String
    /// How many bytes were given to it.
    public private(set) var position: UInt64 = 0

    private var descriptor: Int32
    private let kind: Kind
    private var buffer = GrowableBytes()
    /// How many bytes the operating system has accepted.
    private var writtenOut: UInt64 = 0
    /// A failed write, after which the file's content beyond `writtenOut` is unknown.
    private var failure: ByteCodingError?

    private enum Kind {
        case file(partial: String)
        case borrowed
        case memory
    }

    private static let stride = 256 << 10
    /// Pieces of this size are cheaper to write directly than to copy.
    private static let large = 64 << 10

    private init(name: String, descriptor: Int32, kind: Kind) {
        self.name = name
        self.descriptor = descriptor
        self.kind = kind
    }

    /// Begins a file; `-` is standard output.
    ///
    /// - Parameters:
    ///   - path: the name in the end.
    ///   - temporary: the name until then, in the same folder; nil = `<path>.partial`.
    /// - Throws: ``ByteCodingError/system(operation:path:code:)`` if it cannot be made; a file that has the temporary
    ///   name is refused (`EEXIST`).
    public convenience init(path: String, temporary: String? = nil) throws(ByteCodingError) {
        guard path != "-" else {
            self.init(name: path, descriptor: STDOUT_FILENO, kind: .borrowed)
            return
        }
        let partial = temporary ?? path + ".partial"
        switch SystemCall.retrying({ Int(systemCreate(partial)) }) {
        case .success(let descriptor):
            // Marks the file as being written (see `isBeingWritten`), if the file system has locks.
            _ = flock(Int32(descriptor), LOCK_EX | LOCK_NB)
            self.init(name: path, descriptor: Int32(descriptor), kind: .file(partial: partial))
        case .failure(let failure):
            throw .system(operation: "create", path: partial, code: failure.code)
        }
    }

    /// Whether a process is writing the file that has this temporary name; false if there is none, or if it was
    /// left behind.
    public static func isBeingWritten(_ partial: String) -> Bool {
        let descriptor = systemOpen(partial)
        guard descriptor >= 0 else { return false }
        defer { _ = close(descriptor) }
        return flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
    }

    /// Whether the file being written was unlinked: its content is lost when it is closed.
    public var isRemoved: Bool {
        guard case .file = kind, descriptor >= 0 else { return false }
        var facts = stat()
        return fstat(descriptor, &facts) == 0 && facts.st_nlink == 0
    }

    /// Writes to an open descriptor, which stays the caller's to close.
    public convenience init(descriptor: Int32, name: String) {
        self.init(name: name, descriptor: descriptor, kind: .borrowed)
    }

    /// Collects the bytes in memory, for ``takeBytes()``.
    public convenience init() {
        self.init(name: "memory", descriptor: -1, kind: .memory)
    }

    deinit {
        if case .file = kind, descriptor >= 0 { _ = close(descriptor) }
    }

    /// Appends bytes; after a failure every call fails until ``truncate(to:)``.
    public func write(_ bytes: RawSpan) throws(ByteCodingError) {
        position += UInt64(bytes.byteCount)
        // Large pieces go straight through.
        if case .memory = kind {
            buffer.append(bytes)
        } else if bytes.byteCount >= Self.large {
            try flush()
            try writeOut(bytes)
        } else {
            buffer.append(bytes)
            if buffer.count >= Self.stride { try flush() }
        }
    }

    /// Appends the UTF-8 bytes of a text.
    public func write(_ text: String) throws(ByteCodingError) {
        try text.withBytes { bytes throws(ByteCodingError) in try write(bytes) }
    }

    /// Writes everything to the operating system and gives the buffer's memory back: for one of many outputs.
    public func release() throws(ByteCodingError) {
        if case .memory = kind { return }
        try flush()
        buffer = GrowableBytes()
    }

    /// Writes everything to the operating system.
    public func flush() throws(ByteCodingError) {
        if case .memory = kind { return }
        try writeOut(RawSpan(_unsafeStart: buffer.unsafeBase, byteCount: buffer.count))
        buffer.removeAll()
    }

    /// Flushes and waits until the disk holds the data (`fdatasync`).
    public func synchronize() throws(ByteCodingError) {
        try flush()
        guard case .file = kind else { return }
        let file = descriptor
        if case .failure(let failure) = SystemCall.retrying({ Int(systemSynchronize(file)) }) {
            throw .system(operation: "synchronize", path: name, code: failure.code)
        }
    }

    /// Truncates a file to `size` bytes; later writes continue from there, also after a failed write.
    ///
    /// After a failure `size` must not exceed what was flushed before it.
    public func truncate(to size: UInt64) throws(ByteCodingError) {
        if failure == nil, size >= writtenOut {
            buffer.truncate(to: Int(clamping: size - writtenOut))
        } else {
            let file = descriptor
            try check("truncate") {
                guard size <= writtenOut else {
                    errno = EINVAL
                    return -1
                }
                return ftruncate(file, off_t(size)) < 0 ? -1 : Int(lseek(file, off_t(size), SEEK_SET))
            }
            buffer.removeAll()
            writtenOut = size
            failure = nil
        }
        position = min(position, size)
    }

    /// Returns and removes the bytes collected in memory.
    public func takeBytes() -> [UInt8] {
        defer { buffer.removeAll() }
        return Array(UnsafeRawBufferPointer(start: buffer.unsafeBase, count: buffer.count))
    }

    /// Completes the file: flush, fsync, rename to its name, fsync of the folder, close.
    ///
    /// Without `replacing` an existing file is left alone and the call fails with `EEXIST`; the `.partial` file stays.
    public func finish(replacing: Bool) throws(ByteCodingError) {
        try flush()
        guard case .file(let partial) = kind, descriptor >= 0 else { return }
        let (file, target) = (descriptor, name)
        try check("synchronize") { Int(fsync(file)) }
        if replacing {
            try check("rename") { Int(rename(partial, target)) }
        } else {
            try check("create") { renameWithoutReplacing(partial, target) }
        }
        descriptor = -1
        // close is not retried: the descriptor is gone even after EINTR.
        _ = close(file)
        Self.synchronizeFolder(of: target)
    }

    /// Waits until the names in the folder of a path are on disk, as after a rename; errors are ignored.
    public static func synchronizeFolder(of path: String) {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let descriptor = systemOpen(folder.isEmpty ? "/" : folder)
        guard descriptor >= 0 else { return }
        _ = fsync(descriptor)
        _ = close(descriptor)
    }

    /// Discards the `.partial` file.
    public func discard() {
        guard case .file(let partial) = kind, descriptor >= 0 else { return }
        _ = close(descriptor)
        descriptor = -1
        _ = unlink(partial)
    }

    private func check(_ operation: String, _ call: () -> Int) throws(ByteCodingError) {
        if case .failure(let failure) = SystemCall.retrying(call) {
            throw .system(operation: operation, path: name, code: failure.code)
        }
    }

    private func writeOut(_ bytes: RawSpan) throws(ByteCodingError) {
        if let failure { throw failure }
        var done = 0
        while done < bytes.byteCount {
            let (file, from) = (descriptor, done)
            let result = bytes.withUnsafeBytes { source in
                SystemCall.retrying {
                    systemWrite(file, source.baseAddress.map { $0 + from }, source.count - from)
                }
            }
            switch result {
            case .success(let size): done += size
            case .failure(let reason):
                let error = ByteCodingError.system(operation: "write", path: name, code: reason.code)
                failure = error
                throw error
            }
        }
        writtenOut += UInt64(bytes.byteCount)
    }
}

/// A hard link fails if the target exists; without links, check and then rename.
private func renameWithoutReplacing(_ partial: String, _ target: String) -> Int {
    if link(partial, target) == 0 { return Int(unlink(partial)) }
    if errno == EEXIST { return -1 }
    if access(target, F_OK) == 0 {
        errno = EEXIST
        return -1
    }
    return Int(rename(partial, target))
}

private func systemOpen(_ path: String) -> Int32 { open(path, O_RDONLY | O_CLOEXEC) }

private func systemCreate(_ path: String) -> Int32 {
    open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
}

private func systemWrite(_ descriptor: Int32, _ base: UnsafeRawPointer?, _ count: Int) -> Int {
    write(descriptor, base, count)
}

private func systemSynchronize(_ descriptor: Int32) -> Int32 {
    #if canImport(Darwin)
    fsync(descriptor)
    #else
    fdatasync(descriptor)
    #endif
}
