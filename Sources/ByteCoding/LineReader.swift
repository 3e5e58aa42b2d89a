#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Reads lines of text as borrowed bytes, without their ends (`\n` or `\r\n`).
public final class LineReader {
    private let input: ByteInput
    private let limit: Int
    private var length = 0
    private var taken = 0
    /// Number of the current line, from 1; 0 before the first.
    public private(set) var number = 0

    /// Reads lines of at most `limit` bytes.
    public init(_ input: ByteInput, limit: Int = 64 << 20) {
        self.input = input
        self.limit = limit
    }

    /// The current line; valid until the next ``advance()``.
    public var line: RawSpan {
        @_lifetime(borrow self)
        get {
            // Safe: the line is at the front of the input's window until it is consumed.
            let span = RawSpan(_unsafeStart: input.unsafeBase, byteCount: length)
            return _overrideLifetime(span, borrowing: self)
        }
    }

    /// Moves to the next line; returns false at the end.
    ///
    /// A last line without an end counts.
    public func advance() throws(ByteCodingError) -> Bool {
        input.consume(taken)
        (taken, length) = (0, 0)
        var searched = 0
        while true {
            if let end = find(from: searched) {
                return finish(length: end, taken: end + 1)
            }
            searched = input.available
            guard searched <= limit else {
                throw .lineTooLong(path: input.name, line: number + 1, limit: limit)
            }
            let before = input.available
            if try input.fill(before + 1) == before {
                return before == 0 ? false : finish(length: before, taken: before)
            }
        }
    }

    private func finish(length end: Int, taken count: Int) -> Bool {
        number += 1
        taken = count
        length = end
        if end > 0, input.unsafeBase.load(fromByteOffset: end - 1, as: UInt8.self) == 0x0d { length -= 1 }
        return true
    }

    private func find(from offset: Int) -> Int? {
        let (base, count) = (input.unsafeBase, input.available)
        guard offset < count, let hit = memchr(base + offset, 0x0a, count - offset) else { return nil }
        return UnsafeRawPointer(hit) - base
    }
}
