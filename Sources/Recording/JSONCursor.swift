import ByteCoding

/// A tolerant reader of one JSON text: any key order, white space, escapes; unknown values are skipped.
struct JSONCursor: ~Escapable {
    let bytes: RawSpan
    var position = 0

    /// Where a text is not valid JSON, and why.
    struct Fault: Error, Equatable {
        let reason: String
    }

    private static let maximumDepth = 256

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan) { self.bytes = bytes }

    /// The next byte after white space; nil at the end.
    @_lifetime(self: copy self)
    mutating func peek() -> UInt8? {
        while position < bytes.byteCount {
            let byte = bytes.unsafeLoad(fromUncheckedByteOffset: position, as: UInt8.self)
            guard byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 else { return byte }
            position += 1
        }
        return nil
    }

    /// Skips white space and one expected byte.
    @_lifetime(self: copy self)
    mutating func expect(_ byte: UInt8) throws(Fault) {
        guard peek() == byte else { throw fault("expected \(Self.shown(byte))") }
        position += 1
    }

    /// Steps through an object after `{`: true with the next key in `key` before each value, false after
    /// `}`.
    @_lifetime(self: copy self)
    mutating func nextKey(_ key: inout GrowableBytes, isFirst: Bool) throws(Fault) -> Bool {
        if peek() == 0x7d {
            position += 1
            return false
        }
        if !isFirst { try expect(0x2c) }
        key.removeAll()
        _ = try readString(into: &key)
        try expect(0x3a)
        return true
    }

    /// Appends a string's bytes, escapes resolved; returns how many characters had no bytes of their own.
    ///
    /// A lone `\udc80`…`\udcff` is the byte 0x80…0xff (Python's surrogateescape); any other lone surrogate
    /// becomes U+FFFD and is counted.
    @discardableResult
    @_lifetime(self: copy self)
    mutating func readString(into output: inout GrowableBytes) throws(Fault) -> Int {
        try expect(0x22)
        var replaced = 0
        var start = position
        while position < bytes.byteCount {
            let byte = bytes.unsafeLoad(fromUncheckedByteOffset: position, as: UInt8.self)
            if byte == 0x22 {
                output.append(bytes.extracting(unchecked: start..<position))
                position += 1
                return replaced
            }
            position += 1
            guard byte == 0x5c else { continue }
            output.append(bytes.extracting(unchecked: start..<position - 1))
            replaced += try readEscape(into: &output)
            start = position
        }
        throw fault("the string has no end")
    }

    @_lifetime(self: copy self)
    private mutating func readEscape(into output: inout GrowableBytes) throws(Fault) -> Int {
        guard position < bytes.byteCount else { throw fault("the string has no end") }
        let byte = bytes.unsafeLoad(fromUncheckedByteOffset: position, as: UInt8.self)
        position += 1
        switch byte {
        case 0x22, 0x5c, 0x2f: output.append(byte)
        case 0x62: output.append(UInt8(0x08))
        case 0x66: output.append(UInt8(0x0c))
        case 0x6e: output.append(UInt8(0x0a))
        case 0x72: output.append(UInt8(0x0d))
        case 0x74: output.append(UInt8(0x09))
        case 0x75: return try readUnicode(into: &output)
        default: throw fault("unknown escape \\\(Self.shown(byte))")
        }
        return 0
    }

    @_lifetime(self: copy self)
    private mutating func readUnicode(into output: inout GrowableBytes) throws(Fault) -> Int {
        let first = try readHexadecimal()
        if first & 0xfc00 == 0xd800, position + 6 <= bytes.byteCount,
            bytes.unsafeLoad(fromByteOffset: position, as: UInt8.self) == 0x5c,
            bytes.unsafeLoad(fromByteOffset: position + 1, as: UInt8.self) == 0x75
        {
            let back = position
            position += 2
            let second = try readHexadecimal()
            if second & 0xfc00 == 0xdc00 {
                return Self.append(0x10000 + (first & 0x3ff) << 10 + second & 0x3ff, to: &output)
            }
            position = back
        }
        if (0xdc80...0xdcff).contains(first) {
            output.append(UInt8(truncatingIfNeeded: first))
            return 0
        }
        return Self.append(first, to: &output)
    }

    @_lifetime(self: copy self)
    private mutating func readHexadecimal() throws(Fault) -> UInt32 {
        guard position + 4 <= bytes.byteCount else { throw fault("a \\u escape is cut off") }
        var value: UInt32 = 0
        for _ in 0..<4 {
            let byte = bytes.unsafeLoad(fromUncheckedByteOffset: position, as: UInt8.self)
            guard let digit = Self.digit(byte) else { throw fault("a \\u escape needs four digits") }
            value = value << 4 | digit
            position += 1
        }
        return value
    }

    /// Reads an integer, as a number or as a string of digits (how values beyond 2^53 are written); nil for
    /// `null`.
    @_lifetime(self: copy self)
    mutating func readInteger() throws(Fault) -> Int64? {
        let text: String
        if peek() == 0x22 {
            var digits = GrowableBytes()
            try readString(into: &digits)
            text = digits.text
        } else {
            text = try readScalar()
        }
        if text == "null" { return nil }
        guard let value = Int64(text) else { throw fault("expected an integer or null, found \(text)") }
        return value
    }

    /// Reads a number, `true`, `false` or `null` as its text.
    @_lifetime(self: copy self)
    mutating func readScalar() throws(Fault) -> String {
        _ = peek()
        let start = position
        while position < bytes.byteCount {
            let byte = bytes.unsafeLoad(fromUncheckedByteOffset: position, as: UInt8.self)
            let isWord = Self.digit(byte) != nil || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7a)
            guard isWord || byte == 0x2b || byte == 0x2d || byte == 0x2e else { break }
            position += 1
        }
        guard position > start else { throw fault("expected a value") }
        return bytes.extracting(start..<position).withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    }

    /// Skips one value of any kind.
    @_lifetime(self: copy self)
    mutating func skipValue() throws(Fault) {
        var depth = 0
        repeat {
            switch peek() {
            case 0x22: try skipString()
            case 0x7b, 0x5b:
                depth += 1
                position += 1
                guard depth <= Self.maximumDepth else {
                    throw fault("nested deeper than \(Self.maximumDepth)")
                }
            case 0x7d, 0x5d:
                depth -= 1
                position += 1
            case 0x2c where depth > 0, 0x3a where depth > 0: position += 1
            case nil: throw fault("the value has no end")
            default: _ = try readScalar()
            }
        } while depth > 0
        if depth < 0 { throw fault("expected a value") }
    }

    @_lifetime(self: copy self)
    private mutating func skipString() throws(Fault) {
        position += 1
        while position < bytes.byteCount {
            let byte = bytes.unsafeLoad(fromUncheckedByteOffset: position, as: UInt8.self)
            position += byte == 0x5c ? 2 : 1
            if byte == 0x22 { return }
        }
        throw fault("the string has no end")
    }

    func fault(_ reason: String) -> Fault { Fault(reason: "\(reason) at byte \(position)") }

    private static func digit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case 0x30...0x39: UInt32(byte) - 0x30
        case 0x61...0x66: UInt32(byte) - 0x57
        case 0x41...0x46: UInt32(byte) - 0x37
        default: nil
        }
    }

    private static func append(_ value: UInt32, to output: inout GrowableBytes) -> Int {
        let scalar = Unicode.Scalar(value)
        for byte in String(Character(scalar ?? "\u{fffd}")).utf8 { output.append(byte) }
        return scalar == nil ? 1 : 0
    }

    private static func shown(_ byte: UInt8) -> String {
        (0x21...0x7e).contains(byte) ? "'\(Character(Unicode.Scalar(byte)))'" : "byte \(byte)"
    }
}

extension GrowableBytes {
    /// The bytes as text; invalid UTF-8 is repaired.
    var text: String {
        String(decoding: UnsafeRawBufferPointer(start: unsafeBase, count: count), as: UTF8.self)
    }
}
