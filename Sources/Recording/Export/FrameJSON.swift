public import ByteCoding

/// Appends frames as JSON to a buffer without a `String`.
public enum FrameJSON {
    /// Appends the bytes as a JSON string if they are valid UTF-8; otherwise appends nothing and returns
    /// false.
    public static func appendText(_ bytes: RawSpan, to output: inout GrowableBytes) -> Bool {
        guard isUTF8(bytes) else { return false }
        appendQuoted(bytes, to: &output)
        return true
    }

    /// Appends the bytes as a JSON string; invalid UTF-8 as lone `\udc80`…`\udcff`, which an import
    /// reverses.
    public static func appendLosslessText(_ bytes: RawSpan, to output: inout GrowableBytes) {
        guard !isUTF8(bytes) else { return appendQuoted(bytes, to: &output) }
        output.append(UInt8(0x22))
        var position = 0
        while position < bytes.byteCount {
            let length = sequenceLength(bytes, at: position)
            if length > 0 {
                appendEscaped(bytes.extracting(position..<position + length), to: &output)
                position += length
            } else {
                let byte = bytes.unsafeLoad(fromByteOffset: position, as: UInt8.self)
                output.append(utf8: "\\udc" + Hexadecimal.text([byte]))
                position += 1
            }
        }
        output.append(UInt8(0x22))
    }

    /// Appends the bytes in base 64, in quotes.
    public static func appendBase64(_ bytes: RawSpan, to output: inout GrowableBytes) {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        output.append(UInt8(0x22))
        var position = 0
        while position < bytes.byteCount {
            let count = min(3, bytes.byteCount - position)
            var group: UInt32 = 0
            for index in 0..<3 {
                let byte =
                    index < count ? bytes.unsafeLoad(fromByteOffset: position + index, as: UInt8.self) : 0
                group = group << 8 | UInt32(byte)
            }
            for index in 0..<4 {
                output.append(index <= count ? digits[Int(group >> (18 - 6 * index) & 63)] : UInt8(0x3d))
            }
            position += count
        }
        output.append(UInt8(0x22))
    }

    /// Appends the decoded base 64 text; false if it is invalid.
    static func appendDecoded(base64 text: RawSpan, to output: inout GrowableBytes) -> Bool {
        guard text.byteCount % 4 == 0 else { return false }
        for start in stride(from: 0, to: text.byteCount, by: 4) {
            var (group, digits) = (UInt32(0), 0)
            for index in start..<start + 4 {
                let byte = text.unsafeLoad(fromByteOffset: index, as: UInt8.self)
                if let digit = base64Digit(byte), digits == index - start {
                    digits += 1
                    group = group << 6 | digit
                } else {
                    // Padding is valid at the very end only.
                    guard byte == 0x3d, start + 4 == text.byteCount else { return false }
                    group <<= 6
                }
            }
            guard digits >= 2 else { return false }
            for index in 0..<digits - 1 {
                output.append(UInt8(truncatingIfNeeded: group >> UInt32(16 - 8 * index)))
            }
        }
        return true
    }

    private static func base64Digit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case 0x41...0x5a: UInt32(byte) - 0x41
        case 0x61...0x7a: UInt32(byte) - 0x61 + 26
        case 0x30...0x39: UInt32(byte) - 0x30 + 52
        case 0x2b, 0x2d: 62
        case 0x2f, 0x5f: 63
        default: nil
        }
    }

    static func appendQuoted(_ bytes: RawSpan, to output: inout GrowableBytes) {
        output.append(UInt8(0x22))
        appendEscaped(bytes, to: &output)
        output.append(UInt8(0x22))
    }

    /// Runs without anything to escape are copied whole.
    private static func appendEscaped(_ bytes: RawSpan, to output: inout GrowableBytes) {
        var start = 0
        for position in 0..<bytes.byteCount {
            let byte = bytes.unsafeLoad(fromUncheckedByteOffset: position, as: UInt8.self)
            guard byte < 0x20 || byte == 0x22 || byte == 0x5c else { continue }
            output.append(bytes.extracting(unchecked: start..<position))
            start = position + 1
            output.append(UInt8(0x5c))
            switch byte {
            case 0x22, 0x5c: output.append(byte)
            case 0x0a: output.append(UInt8(0x6e))
            case 0x0d: output.append(UInt8(0x72))
            case 0x09: output.append(UInt8(0x74))
            default: output.append(utf8: "u00" + Hexadecimal.text([byte]))
            }
        }
        output.append(bytes.extracting(unchecked: start..<bytes.byteCount))
    }

    private static func isUTF8(_ bytes: RawSpan) -> Bool {
        bytes.withUnsafeBytes { raw in
            let span = Span<UInt8>(_unsafeElements: raw.bindMemory(to: UInt8.self))
            return (try? UTF8Span(validating: span)) != nil
        }
    }

    /// The length of the valid UTF-8 sequence at `position`; 0 if there is none.
    private static func sequenceLength(_ bytes: RawSpan, at position: Int) -> Int {
        let first = bytes.unsafeLoad(fromByteOffset: position, as: UInt8.self)
        let length =
            switch first {
            case 0..<0x80: 1
            case 0xc2..<0xe0: 2
            case 0xe0..<0xf0: 3
            case 0xf0..<0xf5: 4
            default: 0
            }
        guard length > 0, position + length <= bytes.byteCount else { return 0 }
        return isUTF8(bytes.extracting(position..<position + length)) ? length : 0
    }
}
