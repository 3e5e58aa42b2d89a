import ByteCoding
public import MarketModel

extension StatusRecord {
    /// Reads a record; nil if the bytes are no JSON object with a `state`.
    public init?(_ bytes: RawSpan) {
        self.init(.connecting)
        stateName = ""
        guard (try? read(bytes)) != nil, !stateName.isEmpty else { return nil }
        state = ConnectionStatus(rawValue: stateName)
    }

    private mutating func read(_ bytes: RawSpan) throws(JSONCursor.Fault) {
        var cursor = JSONCursor(bytes)
        var key = GrowableBytes()
        try cursor.expect(0x7b)
        var isFirst = true
        while try cursor.nextKey(&key, isFirst: isFirst) {
            isFirst = false
            switch key.text {
            case "state": stateName = try Self.readText(&cursor) ?? ""
            case "epoch": epoch = try cursor.readInteger().flatMap { UInt64(exactly: $0) }
            case "reason": reason = try Self.readText(&cursor)
            case "code": code = try cursor.readInteger()
            case "count": count = try cursor.readInteger().flatMap { UInt64(exactly: $0) }
            case "topic": topic = try Self.readText(&cursor)
            default: try cursor.skipValue()
            }
        }
    }

    private static func readText(_ cursor: inout JSONCursor) throws(JSONCursor.Fault) -> String? {
        guard cursor.peek() == 0x22 else {
            try cursor.skipValue()
            return nil
        }
        var text = GrowableBytes()
        try cursor.readString(into: &text)
        return text.text
    }

    /// The record as JSON: every key, null if unknown.
    public var json: String {
        let fields = [
            ("state", JSONText.quoted(stateName)), ("epoch", epoch.map(String.init)),
            ("reason", reason.map(JSONText.quoted)), ("code", code.map { String($0) }),
            ("count", count.map(String.init)), ("topic", topic.map(JSONText.quoted)),
        ]
        return "{" + fields.map { "\"\($0.0)\":\($0.1 ?? "null")" }.joined(separator: ",") + "}"
    }
}
