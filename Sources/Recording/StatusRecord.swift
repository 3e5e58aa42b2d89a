import ByteCoding
public import MarketModel

/// What happened to a connection, as a message on its status channel.
public struct StatusRecord: Equatable, Sendable {
    /// The event; nil for one this version does not know.
    public var state: ConnectionStatus?
    /// The event as written.
    public var stateName: String
    /// The connection attempt, counted from 1 in the session.
    public var epoch: UInt64?
    /// Why.
    public var reason: String?
    /// A close code or HTTP status.
    public var code: Int64?
    /// How many frames were dropped.
    public var count: UInt64?
    /// The topic concerned; nil for the whole connection.
    public var topic: String?

    /// Makes a record.
    public init(
        _ state: ConnectionStatus,
        epoch: UInt64? = nil,
        reason: String? = nil,
        code: Int64? = nil,
        count: UInt64? = nil,
        topic: String? = nil
    ) {
        self.state = state
        stateName = state.rawValue
        self.epoch = epoch
        self.reason = reason
        self.code = code
        self.count = count
        self.topic = topic
    }

    private static let sessionEndReason = "session ended"

    /// Marks the end of a connection's session while others continue.
    ///
    /// Written by a merge; effective at the connection's last frame whatever the record's time.
    public static let sessionEnd = StatusRecord(.disconnected, reason: sessionEndReason)

    private static let logLossReason = "missing in the log"

    /// Marks frames missing after the connection's last one where counters cannot; effective at that frame
    /// like ``sessionEnd``.
    public static func logLoss(_ count: UInt64?) -> StatusRecord {
        StatusRecord(.dropped, reason: logLossReason, count: count)
    }

    /// Whether it was made by ``logLoss(_:)``.
    public var isLogLoss: Bool { state == .dropped && reason == Self.logLossReason }

    /// Whether it is ``sessionEnd``; a recorder's own final record has an epoch, and counts at its own
    /// time.
    public var isSessionEnd: Bool {
        state == .disconnected && reason == Self.sessionEndReason && epoch == nil
    }

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
