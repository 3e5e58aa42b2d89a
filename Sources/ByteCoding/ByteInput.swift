#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Bytes read once, sequentially, from a file, a pipe or memory; decompressed on the way if wanted.
///
/// The reader sees a window of bytes, lets it grow and consumes bytes from its front. A window grows only
/// as bytes arrive, so a hostile length costs no memory.
public final class ByteInput {
    /// What to do with compressed input.
    public enum Expansion: Sendable {
        /// Deliver the bytes as they are.
        case none
        /// Recognize gzip, zstd and lz4 by their first bytes and expand them.
        case automatic
    }

    /// The name shown in errors: the path, `-` for standard input.
    public let name: String
    /// How many (decompressed) bytes were consumed so far.
    public private(set) var position: UInt64 = 0

    /// The total number of bytes, if known: of a regular file or memory, not decompressed.
    public private(set) var size: UInt64?

    private let descriptor: Int32
    private let ownsDescriptor: Bool
    private var buffer: GrowableBytes
    private var start = 0
    private var ended = false
    private var failure: ByteCodingError?
    private var compressed: CompressedInput?

    private static let stride = 256 << 10

    private init(name: String, descriptor: Int32, owned: Bool, capacity: Int) {
        self.name = name
        self.descriptor = descriptor
        ownsDescriptor = owned
        buffer = GrowableBytes(capacity: capacity)
    }

    /// Opens a file; `-` is standard input.
    public convenience init(path: String, expansion: Expansion = .none) throws(ByteCodingError) {
        if path == "-" {
            self.init(name: path, descriptor: STDIN_FILENO, owned: false, capacity: Self.stride)
            buffer.append(StandardInput.readBuffered().span.bytes)
        } else {
            let descriptor = try FileReader.open(path)
            self.init(name: path, descriptor: descriptor, owned: true, capacity: Self.stride)
            size = FileReader.regularSize(descriptor)
        }
        if expansion == .automatic { try recognize() }
    }

    /// Reads an open descriptor, which stays the caller's to close.
    public convenience init(
        descriptor: Int32,
        name: String,
        expansion: Expansion = .none
    ) throws(ByteCodingError) {
        self.init(name: name, descriptor: descriptor, owned: false, capacity: Self.stride)
        if expansion == .automatic { try recognize() }
    }

    /// Reads bytes in memory (a copy of them).
    public convenience init(
        bytes: RawSpan,
        name: String = "memory",
        expansion: Expansion = .none
    ) throws(ByteCodingError) {
        self.init(name: name, descriptor: -1, owned: false, capacity: bytes.byteCount)
        buffer.append(bytes)
        size = UInt64(bytes.byteCount)
        if expansion == .automatic { try recognize() }
    }

    deinit {
        if ownsDescriptor { _ = close(descriptor) }
    }

    /// The number of bytes in the window.
    public var available: Int { buffer.count - start }

    /// The bytes of the window; valid until the next call that changes the input.
    public var window: RawSpan {
        @_lifetime(borrow self)
        get {
            // Safe: the buffer lives as long as self and holds `start + available` bytes.
            let span = RawSpan(_unsafeStart: unsafeBase, byteCount: available)
            return _overrideLifetime(span, borrowing: self)
        }
    }

    /// The start of the window, for owners that vend spans of their own; changes with every call that
    /// changes the input.
    public var unsafeBase: UnsafeRawPointer { buffer.unsafeBase + start }

    /// Grows the window to `count` bytes, or to all that are left; returns its size.
    ///
    /// Bytes before a failure are delivered first; the failure is thrown when nothing else is left.
    @discardableResult
    public func fill(_ count: Int) throws(ByteCodingError) -> Int {
        while available < count, !ended {
            if let failure { throw failure }
            do {
                try more(wanted: count)
            } catch {
                failure = error
                throw error
            }
        }
        return available
    }

    /// Consumes `count` bytes (at most the window's) from its front.
    public func consume(_ count: Int) {
        let taken = min(max(count, 0), available)
        start += taken
        position += UInt64(taken)
        if start == buffer.count {
            buffer.removeAll()
            start = 0
        }
    }

    /// Skips up to `count` bytes; returns how many there were.
    public func skip(_ count: UInt64) throws(ByteCodingError) -> UInt64 {
        var left = count
        while left > 0 {
            if available == 0, try fill(1) == 0 { break }
            let step = Int(min(left, UInt64(available)))
            consume(step)
            left -= UInt64(step)
        }
        return count - left
    }

    /// Goes to an offset of a plain file; what lies before it is not read.
    ///
    /// Returns false, and changes nothing, for pipes, memory and input that is decompressed on the way.
    public func seek(to offset: UInt64) throws(ByteCodingError) -> Bool {
        guard descriptor >= 0, size != nil, compressed == nil, let target = off_t(exactly: offset) else {
            return false
        }
        if offset >= position, offset - position <= UInt64(available) {
            consume(Int(offset - position))
            return true
        }
        guard lseek(descriptor, target, SEEK_SET) == target else {
            throw .system(operation: "seek in", path: name, code: errno)
        }
        buffer.removeAll()
        (start, position, ended, failure) = (0, offset, false, nil)
        return true
    }

    /// Where decompression failed and where it resumes: offsets in the file.
    public struct Resumption: Equatable, Sendable {
        /// Where the damage was detected; it may begin earlier.
        public var failedAt: UInt64
        /// Where the next member (or frame) begins; before ``failedAt`` if the damaged one ran into it.
        public var resumesAt: UInt64
    }

    /// After the last read threw damage, resumes with the next member that can be decompressed.
    ///
    /// The unread rest before the damage is dropped.
    /// - Returns: nil if the input is not compressed, or no member follows; then there is nothing more to read.
    public func resume() throws(ByteCodingError) -> Resumption? {
        guard let compressed, let found = try compressed.resume() else { return nil }
        consume(available)
        (failure, ended) = (nil, false)
        return found
    }

    private func more(wanted: Int) throws(ByteCodingError) {
        // Move to the front before growing, and only if there is too little room at the end.
        if start > 0, buffer.capacity - buffer.count < max(Self.stride, wanted - available) {
            buffer.removeFirst(start)
            start = 0
        }
        if let compressed {
            if try !compressed.expand(into: &buffer) { ended = true }
        } else {
            // Doubled as bytes arrive: a stated length alone never sizes the buffer.
            let room = min(max(wanted - available, Self.stride), max(available, Self.stride))
            if try Self.readRaw(descriptor, name, upTo: room, into: &buffer) == 0 { ended = true }
        }
    }

    private static func readRaw(
        _ file: Int32,
        _ name: String,
        upTo count: Int,
        into target: inout GrowableBytes
    ) throws(ByteCodingError) -> Int {
        guard file >= 0 else { return 0 }
        var taken = 0
        guard PatientInput.waits(for: file) else {
            throw .system(operation: "read", path: name, code: EINTR)
        }
        try target.append(upTo: count) { (room) throws(ByteCodingError) -> Int in
            switch SystemCall.retrying({ read(file, room.baseAddress, room.count) }) {
            case .success(let size): taken = size
            case .failure(let failure):
                throw .system(operation: "read", path: name, code: failure.code)
            }
            return taken
        }
        return taken
    }

    private func recognize() throws(ByteCodingError) {
        try fill(4)
        let head = window.withUnsafeBytes { Array($0.prefix(4)) }
        let expander: any StreamExpander
        if head == ZstdExpander.magic {
            expander = try ZstdExpander()
        } else if head.starts(with: [0x1f, 0x8b]) {
            expander = try GzipExpander()
        } else if head == LZ4Expander.magic {
            expander = try LZ4Expander()
        } else {
            return
        }
        let (file, name) = (descriptor, name)
        compressed = CompressedInput(expander, window, name: name) {
            (count, target) throws(ByteCodingError) in
            try Self.readRaw(file, name, upTo: count, into: &target)
        }
        ended = false
        size = nil
        buffer.removeAll()
        start = 0
    }
}
