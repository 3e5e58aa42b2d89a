import ByteCoding
import MarketModel

/// Parses lines of one format, reusing its buffers.
struct ImportLineParser: ~Copyable {
    let format: ImportFormat
    /// The frame of the line last parsed.
    var frame = GrowableBytes()
    /// The connection's name of the line last parsed, for JSON lines.
    var connection = GrowableBytes()
    private var key = GrowableBytes()

    init(_ format: ImportFormat) { self.format = format }

    /// Recognizes a format by a non-empty line.
    static func format(of line: RawSpan) -> ImportFormat? {
        let text = line.withUnsafeBytes { String(decoding: $0.prefix(400), as: UTF8.self) }
        guard let first = text.utf8.first(where: { $0 > 0x20 }) else { return nil }
        if first == 0x7b { return .jsonl }
        if ["configuration: ", "wss://", "ws://", "https://", "http://"].contains(where: text.hasPrefix) {
            return .cryptofeed
        }
        let word = text.prefix { $0 != " " }
        guard word.count < text.count else { return nil }
        if word.hasSuffix(":") { return seconds(word.dropLast()) == nil ? nil : .cryptofeed }
        if UnixTime.parse(rfc3339: String(word)) != nil { return .tardis }
        return word.utf8.allSatisfy { $0 &- 0x30 <= 9 } && Int64(word) != nil ? .hftbacktest : nil
    }

    /// Parses a line; nil if it has no content (an empty line, a cryptofeed header).
    mutating func parse(_ line: RawSpan) throws(JSONCursor.Fault) -> ImportLine? {
        frame.removeAll()
        connection.removeAll()
        switch format {
        case .jsonl: return try parseJSON(line)
        case .cryptofeed: return try parseCryptofeed(line)
        case .tardis: return try parseTardis(line)
        case .hftbacktest: return try parseCollector(line)
        }
    }

    private mutating func parseJSON(_ line: RawSpan) throws(JSONCursor.Fault) -> ImportLine? {
        var result = ImportLine()
        var cursor = JSONCursor(line)
        if cursor.peek() == nil { return nil }
        try cursor.expect(0x7b)
        var (isFirst, hasFrame) = (true, false)
        while try cursor.nextKey(&key, isFirst: isFirst) {
            isFirst = false
            if Self.equals(key, "frame") {
                guard cursor.peek() == 0x22 else { throw cursor.fault("frame: expected a string") }
                frame.removeAll()
                result.replaced = try cursor.readString(into: &frame)
                hasFrame = true
            } else if Self.equals(key, "base64") {
                try readBase64(&cursor)
                hasFrame = true
            } else if Self.equals(key, "recv_ns") {
                result.time = try cursor.readInteger()
            } else if Self.equals(key, "dir") {
                result.direction = try Self.readDirection(&cursor)
            } else if Self.equals(key, "rest") {
                result.request = try Self.readText(&cursor)
            } else if Self.equals(key, "conn") {
                try readConnection(&cursor)
            } else {
                try cursor.skipValue()
            }
        }
        guard cursor.peek() == nil else { throw cursor.fault("expected the end of the line") }
        guard hasFrame else { throw JSONCursor.Fault(reason: "no \"frame\" in the line") }
        if !result.request.isEmpty { result.direction = .http }
        return try Self.checked(result)
    }

    private static func readDirection(_ cursor: inout JSONCursor) throws(JSONCursor.Fault) -> FrameDirection {
        let text = try readText(&cursor)
        guard let direction = FrameDirection(rawValue: text) else {
            let names = FrameDirection.allCases.map(\.rawValue).joined(separator: ", ")
            throw cursor.fault("dir: expected one of \(names), found \(JSONText.quoted(text))")
        }
        return direction
    }

    private static func readText(_ cursor: inout JSONCursor) throws(JSONCursor.Fault) -> String {
        var text = GrowableBytes()
        try cursor.readString(into: &text)
        return text.text
    }

    private mutating func readBase64(_ cursor: inout JSONCursor) throws(JSONCursor.Fault) {
        var text = GrowableBytes()
        guard cursor.peek() == 0x22 else { throw cursor.fault("base64: expected a string") }
        try cursor.readString(into: &text)
        frame.removeAll()
        guard FrameJSON.appendDecoded(base64: text.bytes, to: &frame) else {
            throw cursor.fault("base64: expected digits of base 64 in groups of four")
        }
    }

    private mutating func readConnection(_ cursor: inout JSONCursor) throws(JSONCursor.Fault) {
        connection.removeAll()
        if cursor.peek() == 0x22 {
            try cursor.readString(into: &connection)
        } else {
            let text = try cursor.readScalar()
            if text != "null" { connection.append(utf8: text) }
        }
    }

    private mutating func parseTardis(_ line: RawSpan) throws(JSONCursor.Fault) -> ImportLine? {
        guard line.byteCount > 0 else { return ImportLine(status: .disconnected) }
        let word = try Self.word(line)
        guard let time = UnixTime.parse(rfc3339: line.extracting(0..<word)) else {
            throw JSONCursor.Fault(reason: "expected an RFC 3339 time at byte 0")
        }
        frame.append(line.extracting((word + 1)...))
        return try Self.checked(ImportLine(time: time))
    }

    private mutating func parseCollector(_ line: RawSpan) throws(JSONCursor.Fault) -> ImportLine? {
        guard line.byteCount > 0 else { return nil }
        let word = try Self.word(line)
        guard let time = Int64(Self.text(line, 0, word)) else {
            throw JSONCursor.Fault(reason: "expected a time in nanoseconds at byte 0")
        }
        frame.append(line.extracting((word + 1)...))
        return try Self.checked(ImportLine(time: time))
    }

    /// `<address> <-> <time>`, `<address> <- <time>: <sent>`, `<address> -> <time>: <reply>`, `<time>: <frame>`.
    private mutating func parseCryptofeed(_ line: RawSpan) throws(JSONCursor.Fault) -> ImportLine? {
        let head = Self.text(line, 0, min(line.byteCount, 4096))
        if head.isEmpty || head.hasPrefix("configuration: ") { return nil }
        var result = ImportLine()
        var start = 0
        if head.hasPrefix("ws") || head.hasPrefix("http") {
            let word = try Self.word(line)
            result.endpoint = Self.text(line, 0, word)
            let rest = Self.text(line, word + 1, min(line.byteCount, word + 5))
            if rest == "<-> " {
                result.status = .connected
                result.time = Self.seconds(Self.text(line, word + 5, line.byteCount)[...])
                if result.time == nil {
                    throw JSONCursor.Fault(reason: "expected a time in seconds after <->")
                }
                return try Self.checked(result)
            }
            guard rest.hasPrefix("<- ") || rest.hasPrefix("-> ") else {
                throw JSONCursor.Fault(reason: "expected <->, <- or -> after the address")
            }
            result.direction = rest.hasPrefix("<-") ? .sent : .http
            if result.direction == .http { result.request = Self.path(of: result.endpoint) }
            start = word + 4
        }
        let body = try Self.colon(line, from: start)
        guard let time = Self.seconds(Self.text(line, start, body)[...]) else {
            throw JSONCursor.Fault(reason: "expected a time in seconds at byte \(start)")
        }
        result.time = time
        frame.append(line.extracting((body + 2)...))
        return try Self.checked(result)
    }

    /// What follows the host in an address.
    private static func path(of address: String) -> String {
        let parts = address.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let start = parts[2].firstIndex(of: "/") else { return "" }
        return String(parts[2][start...])
    }

    /// Decimal seconds as nanoseconds, digit by digit: a double would round them.
    static func seconds(_ text: Substring) -> Int64? {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = Int64(parts[0]), whole >= 0, parts[0].utf8.allSatisfy({ $0 &- 0x30 <= 9 }) else {
            return nil
        }
        let digits = parts.count > 1 ? parts[1].prefix(9) : ""
        guard parts.count == 1 || (!digits.isEmpty && parts[1].utf8.allSatisfy { $0 &- 0x30 <= 9 }) else {
            return nil
        }
        let fraction = Int64(digits + String(repeating: "0", count: 9 - digits.count)) ?? 0
        let (scaled, overflow) = whole.multipliedReportingOverflow(by: UnixTime.second)
        let (time, carry) = scaled.addingReportingOverflow(fraction)
        return overflow || carry ? nil : time
    }

    private static func checked(_ line: ImportLine) throws(JSONCursor.Fault) -> ImportLine {
        if let time = line.time, time < 0 {
            throw JSONCursor.Fault(reason: "receive time \(time) is before 1970")
        }
        return line
    }

    private static func equals(_ key: borrowing GrowableBytes, _ name: StaticString) -> Bool {
        guard key.count == name.utf8CodeUnitCount else { return false }
        return UnsafeRawBufferPointer(start: key.unsafeBase, count: key.count).elementsEqual(
            UnsafeRawBufferPointer(start: name.utf8Start, count: key.count)
        )
    }

    private static func text(_ line: RawSpan, _ start: Int, _ end: Int) -> String {
        guard start < end, end <= line.byteCount else { return "" }
        return line.extracting(start..<end).withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    }

    /// Where the first space is.
    private static func word(_ line: RawSpan) throws(JSONCursor.Fault) -> Int {
        for offset in 0..<min(line.byteCount, 4096)
        where line.unsafeLoad(fromByteOffset: offset, as: UInt8.self) == 0x20 { return offset }
        throw JSONCursor.Fault(reason: "expected a time, a space and a frame")
    }

    /// Where the first `: ` from `start` is.
    private static func colon(_ line: RawSpan, from start: Int) throws(JSONCursor.Fault) -> Int {
        var offset = start
        while offset + 1 < min(line.byteCount, start + 64) {
            if line.unsafeLoad(fromByteOffset: offset, as: UInt8.self) == 0x3a,
                line.unsafeLoad(fromByteOffset: offset + 1, as: UInt8.self) == 0x20
            {
                return offset
            }
            offset += 1
        }
        throw JSONCursor.Fault(reason: "expected a time, \": \" and a frame")
    }
}
