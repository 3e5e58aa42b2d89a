import MarketModel

/// Where a value lies in a frame that ``JSONValidator`` found valid: offsets only, no bytes.
///
/// All functions take the frame again; they rely on its being valid and on the value being one of it.
struct JSONValue: Equatable {
    /// The kinds of value.
    enum Kind {
        case object, array, string, number, bool, null
    }

    /// The first byte: `{`, `[`, `"`, a digit or a minus, a letter.
    var start: Int
    /// Just after the last byte.
    var end: Int

    /// No value: of no kind that has parts.
    static let none = JSONValue(start: .max, end: .max)

    /// The one value of a valid text.
    static func root(of text: RawSpan) -> JSONValue {
        var end = text.byteCount
        while end > 0, byte(text, end - 1) <= 0x20 { end -= 1 }
        return JSONValue(start: skipSpace(text, 0), end: end)
    }

    func kind(in text: RawSpan) -> Kind {
        switch byte(text, start) {
        case 0x7b: .object
        case 0x5b: .array
        case 0x22: .string
        case 0x74, 0x66: .bool
        case 0x6e: .null
        default: .number
        }
    }

    /// The members of an object, in order; none of another kind.
    ///
    /// Of equal keys the caller's last wins.
    func members(in text: RawSpan) -> JSONMembers {
        JSONMembers(offset: kind(in: text) == .object ? start + 1 : end, end: end)
    }

    /// The elements of an array, in order; none of another kind.
    func elements(in text: RawSpan) -> JSONElements {
        JSONElements(offset: kind(in: text) == .array ? start + 1 : end, end: end)
    }

    /// The value of the last member of that name, if it is an object and has one.
    func member(_ name: StaticString, in text: RawSpan) -> JSONValue? {
        member(MemberName(whole: name), in: text)
    }

    /// ``member(_:in:)-(StaticString,_)`` of a name in another form.
    func member(_ name: MemberName, in text: RawSpan) -> JSONValue? {
        var found: JSONValue?
        var members = members(in: text)
        while let (key, value) = members.next(in: text) {
            if key.isString(name, in: text) { found = value }
        }
        return found
    }

    /// Whether it is the string `word` (ASCII), however it is escaped.
    func isString(_ word: StaticString, in text: RawSpan) -> Bool {
        isString(MemberName(whole: word), in: text)
    }

    /// ``isString(_:in:)-(StaticString,_)`` of a word in another form.
    func isString(_ word: MemberName, in text: RawSpan) -> Bool {
        guard byte(text, start) == 0x22 else { return false }
        let word = word.bytes
        if end - start == word.count + 2 {
            for index in 0..<word.count where byte(text, start + 1 + index) != word[index] { return false }
            return true
        }
        // An escaped text is longer than what it stands for.
        guard end - start > word.count + 2, JSONString.hasEscapes(self, in: text) else { return false }
        return JSONString.withBytes(of: self, in: text) { bytes in
            guard bytes.byteCount == word.count else { return false }
            for index in 0..<word.count
            where bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self) != word[index] {
                return false
            }
            return true
        } ?? false
    }

    /// Whether it is an empty string or `null`.
    func isNothing(in text: RawSpan) -> Bool { kind(in: text) == .null || isString("", in: text) }

    /// Whether it is `true`.
    func isTrue(in text: RawSpan) -> Bool { byte(text, start) == 0x74 }

    // MARK: - Numbers

    /// A number, or a string that holds one, with the digits of the wire.
    func decimal(in text: RawSpan) -> FixedDecimal? {
        switch kind(in: text) {
        case .number: JSONValue.decimal(text.extracting(start..<end))
        case .string: JSONString.withBytes(of: self, in: text) { JSONValue.decimal($0) } ?? nil
        default: nil
        }
    }

    /// A whole number in the range of Int64, from a number or a string that holds one.
    func integer(in text: RawSpan) -> Int64? { decimal(in: text)?.mantissa(atScale: 0) }

    /// A whole number that is not negative, as numbers of messages are.
    func number(in text: RawSpan) -> Int64? {
        guard let number = integer(in: text), number >= 0 else { return nil }
        return number
    }

    /// A time in milliseconds since the Unix epoch as nanoseconds.
    func milliseconds(in text: RawSpan) -> Int64? { decimal(in: text)?.mantissa(atScale: 6) }

    /// A time in milliseconds or, from 10^14 on, in microseconds since the Unix epoch, as nanoseconds.
    func unixTime(in text: RawSpan) -> Int64? {
        guard let time = decimal(in: text) else { return nil }
        if let nanoseconds = time.mantissa(atScale: 3), nanoseconds >= PowersOfTen.int64(17) {
            return nanoseconds
        }
        return time.mantissa(atScale: 6)
    }

    /// A time as RFC 3339 text in nanoseconds since the Unix epoch.
    func rfc3339(in text: RawSpan) -> Int64? {
        JSONString.withBytes(of: self, in: text) { UnixTime.parse(rfc3339: $0) } ?? nil
    }

    private static func decimal(_ digits: RawSpan) -> FixedDecimal? {
        do throws(DecimalError) {
            return try FixedDecimal(parsing: digits)
        } catch {
            return nil
        }
    }

    // MARK: - Moving

    @inline(__always)
    func byte(_ text: RawSpan, _ offset: Int) -> UInt8 { JSONValue.byte(text, offset) }

    /// The byte at an offset, 0 beyond the end.
    @inline(__always)
    static func byte(_ text: RawSpan, _ offset: Int) -> UInt8 {
        offset < text.byteCount ? text.unsafeLoad(fromByteOffset: offset, as: UInt8.self) : 0
    }

    static func skipSpace(_ text: RawSpan, _ start: Int) -> Int {
        var offset = start
        while offset < text.byteCount, byte(text, offset) <= 0x20 { offset += 1 }
        return offset
    }

    /// Just after the value that begins at `start`.
    static func skip(_ text: RawSpan, _ start: Int) -> Int {
        switch byte(text, start) {
        case 0x22: return skipString(text, start)
        case 0x7b, 0x5b: return skipContainer(text, start)
        default:
            var offset = start
            while offset < text.byteCount, isScalar(byte(text, offset)) { offset += 1 }
            return offset
        }
    }

    private static func isScalar(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte != 0x2c && byte != 0x7d && byte != 0x5d && byte != 0x3a
    }

    private static func skipString(_ text: RawSpan, _ start: Int) -> Int {
        var offset = start + 1
        while let mark = JSONString.nextMark(text, offset) {
            if byte(text, mark) == 0x22 { return mark + 1 }
            offset = mark + 2
        }
        return text.byteCount
    }

    private static func skipContainer(_ text: RawSpan, _ start: Int) -> Int {
        var (offset, depth) = (start, 0)
        while let mark = JSONString.nextBracketOrQuote(text, offset) {
            offset = mark + 1
            switch byte(text, mark) {
            case 0x22: offset = skipString(text, mark)
            case 0x7b, 0x5b: depth += 1
            case 0x7d, 0x5d:
                depth -= 1
                if depth == 0 { return offset }
            default: break
            }
        }
        return text.byteCount
    }
}
