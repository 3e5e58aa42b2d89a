#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Bytes read once from front to back: a file, a pipe or memory, expanded on the way if asked.
///
/// The reader looks at a window of bytes at hand, asks for it to grow, and takes bytes off its front.
/// A window grows only as bytes arrive, so a hostile length costs no memory.
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
    /// How many bytes were taken off the front so far (of the expanded bytes).
    public private(set) var position: UInt64 = 0

    /// How many bytes there are from the first to the last, where that is known: a regular file or memory,
    /// not expanded.
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

    /// How many bytes are at hand.
    public var available: Int { buffer.count - start }

    /// The bytes at hand; valid until the next call that changes the input.
    public var window: RawSpan {
        @_lifetime(borrow self)
        get {
            // Safe: the buffer lives as long as self and holds `start + available` bytes.
            let span = RawSpan(_unsafeStart: unsafeBase, byteCount: available)
            return _overrideLifetime(span, borrowing: self)
        }
    }

    /// Where the window begins, for owners that lend spans of their own; changes with every call that
    /// changes the input.
    public var unsafeBase: UnsafeRawPointer { buffer.unsafeBase + start }

    /// Grows the window to `count` bytes, or to all that are left; returns how many are at hand.
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

    /// Takes `count` bytes (at most those at hand) off the front of the window.
    public func consume(_ count: Int) {
        let taken = min(max(count, 0), available)
        start += taken
        position += UInt64(taken)
        if start == buffer.count {
            buffer.removeAll()
            start = 0
        }
    }

    /// Passes over up to `count` bytes without keeping them; returns how many there were.
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

    /// Where expanding a compressed input failed, and where it goes on: offsets in the file.
    public struct Resumption: Equatable, Sendable {
        /// Where the damage was met; it may lie before.
        public var failedAt: UInt64
        /// Where the member (the frame) begins that is read next; before ``failedAt`` where the damaged one ran into it.
        public var resumesAt: UInt64
    }

    /// Goes on behind damage in a compressed input, which the last read threw, with the next member that can be expanded.
    ///
    /// What is left of the text before the damage is dropped.
    /// - Returns: nil if the input is not compressed, or no member follows; then there is nothing more to read.
    public func resume() throws(ByteCodingError) -> Resumption? {
        guard let compressed, let found = try compressed.resume() else { return nil }
        consume(available)
        (failure, ended) = (nil, false)
        return found
    }

    private func more(wanted: Int) throws(ByteCodingError) {
        // Move to the front before growing, and only when the room behind is short.
        if start > 0, buffer.capacity - buffer.count < max(Self.stride, wanted - available) {
            buffer.removeFirst(start)
            start = 0
        }
        if let compressed {
            if try !compressed.expand(into: &buffer) { ended = true }
        } else {
            // Doubling as bytes arrive: a stated length alone never sizes the buffer.
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
