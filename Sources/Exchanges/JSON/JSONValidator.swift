/// Whether a frame is one JSON text (RFC 8259) in valid UTF-8, nested at most ``maximumDepth`` deep.
///
/// Everything that reads JSON here runs after it and may rely on it: it is the only place where
/// malformed text is met. Numbers keep their text; lone surrogates in escapes are accepted, as the
/// grammar does, and make only the field unreadable that uses them.
struct JSONValidator {
    /// Objects and arrays within one another; deeper nesting is refused.
    ///
    /// As deep as simdjson and orjson go.
    static let maximumDepth = 1024

    static func isValid(_ text: RawSpan) -> Bool {
        text.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return false }
            var validator = JSONValidator(bytes: start, end: bytes.count)
            return validator.run()
        }
    }

    // Safe: read only below `end`, through `peek`.
    private let bytes: UnsafeRawPointer
    private let end: Int
    private var offset = 0
    private var depth = 0
    /// One bit a level: an object, or an array.
    private var isObject = InlineArray<16, UInt64>(repeating: 0)

    private init(bytes: UnsafeRawPointer, end: Int) {
        self.bytes = bytes
        self.end = end
    }

    /// The byte at the offset; 0, which JSON has nowhere, at the end.
    @inline(__always)
    private var peek: UInt8 { offset < end ? bytes.load(fromByteOffset: offset, as: UInt8.self) : 0 }

    private mutating func run() -> Bool {
        repeat {
            guard value() else { return false }
            guard closeContainers() else { return false }
        } while depth > 0
        skipSpace()
        return offset == end
    }

    /// Reads a scalar, or the opening of a container up to where its first value begins.
    private mutating func value() -> Bool {
        while true {
            skipSpace()
            switch peek {
            case 0x7b:  // {
                guard open(true) else { return false }
                if peek == 0x7d { return true }
                guard key() else { return false }
            case 0x5b:  // [
                guard open(false) else { return false }
                if peek == 0x5d { return true }
            case 0x22: return string()
            case 0x74: return literal("true")
            case 0x66: return literal("false")
            case 0x6e: return literal("null")
            default: return number()
            }
        }
    }

    /// After a value: closes what ends here, up to where the next value begins.
    private mutating func closeContainers() -> Bool {
        while depth > 0 {
            skipSpace()
            let inObject = isObject[(depth - 1) >> 6] >> UInt64((depth - 1) & 63) & 1 == 1
            let byte = peek
            offset += 1
            if byte == 0x2c {
                guard inObject else { return true }
                skipSpace()
                return key()
            }
            guard byte == (inObject ? 0x7d : 0x5d) else { return false }
            depth -= 1
        }
        return true
    }

    private mutating func open(_ object: Bool) -> Bool {
        guard depth < JSONValidator.maximumDepth else { return false }
        let bit = 1 << UInt64(depth & 63) as UInt64
        if object { isObject[depth >> 6] |= bit } else { isObject[depth >> 6] &= ~bit }
        offset += 1
        depth += 1
        skipSpace()
        return true
    }

    private mutating func key() -> Bool {
        guard peek == 0x22, string() else { return false }
        skipSpace()
        guard peek == 0x3a else { return false }
        offset += 1
        return true
    }

    @inline(__always)
    private mutating func skipSpace() {
        while true {
            let byte = peek
            guard byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 else { return }
            offset += 1
        }
    }

    private mutating func literal(_ word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        guard end - offset >= count else { return false }
        for index in 0..<count
        where bytes.load(fromByteOffset: offset + index, as: UInt8.self) != word.utf8Start[index] {
            return false
        }
        offset += count
        return true
    }

    private mutating func number() -> Bool {
        if peek == 0x2d { offset += 1 }
        if peek == 0x30 { offset += 1 } else if !digits() { return false }
        if peek == 0x2e {
            offset += 1
            guard digits() else { return false }
        }
        if peek | 0x20 == 0x65 {
            offset += 1
            if peek == 0x2b || peek == 0x2d { offset += 1 }
            guard digits() else { return false }
        }
        return true
    }

    private mutating func digits() -> Bool {
        let start = offset
        while peek &- 0x30 <= 9 { offset += 1 }
        return offset > start
    }

    private mutating func string() -> Bool {
        offset += 1
        while offset < end {
            if end - offset >= 8 {
                let word = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                let quote = FastCursor.quote(word)
                if quote == 8, FastCursor.isPlain(word) {
                    offset += 8
                    continue
                }
            }
            let byte = bytes.load(fromByteOffset: offset, as: UInt8.self)
            if byte == 0x22 {
                offset += 1
                return true
            }
            if byte == 0x5c {
                guard escape() else { return false }
            } else if byte >= 0x80 {
                guard multibyte(byte) else { return false }
            } else if byte < 0x20 {
                return false
            } else {
                offset += 1
            }
        }
        return false
    }

    private mutating func escape() -> Bool {
        offset += 1
        let byte = peek
        offset += 1
        switch byte {
        case 0x22, 0x5c, 0x2f, 0x62, 0x66, 0x6e, 0x72, 0x74: return true
        case 0x75:
            for _ in 0..<4 {
                guard JSONString.hexDigit(peek) != nil else { return false }
                offset += 1
            }
            return true
        default: return false
        }
    }

    /// A sequence of two to four bytes as Unicode's table 3-7 allows them.
    private mutating func multibyte(_ lead: UInt8) -> Bool {
        offset += 1
        let second = peek
        let (rest, range): (Int, ClosedRange<UInt8>) =
            switch lead {
            case 0xc2...0xdf: (1, 0x80...0xbf)
            case 0xe0: (2, 0xa0...0xbf)
            case 0xed: (2, 0x80...0x9f)
            case 0xe1...0xef: (2, 0x80...0xbf)
            case 0xf0: (3, 0x90...0xbf)
            case 0xf1...0xf3: (3, 0x80...0xbf)
            case 0xf4: (3, 0x80...0x8f)
            default: (0, 0x80...0xbf)
            }
        guard rest > 0, range.contains(second) else { return false }
        offset += 1
        for _ in 1..<rest {
            guard peek & 0xc0 == 0x80 else { return false }
            offset += 1
        }
        return true
    }
}
