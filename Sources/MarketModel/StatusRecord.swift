/// What happened to a connection, as the log's status channel has it.
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

    private static let plannedCloseReason = "planned close"

    /// Marks the end of a connection that another slot of its group carries on: no hole.
    public static func plannedClose(epoch: UInt64, code: Int64?) -> StatusRecord {
        StatusRecord(.disconnected, epoch: epoch, reason: plannedCloseReason, code: code)
    }

    /// Whether it was made by ``plannedClose(epoch:code:)``.
    public var isPlannedClose: Bool { state == .disconnected && reason == Self.plannedCloseReason }

    /// Whether it was made by ``logLoss(_:)``.
    public var isLogLoss: Bool { state == .dropped && reason == Self.logLossReason }

    /// Whether it is ``sessionEnd``; a recorder's own final record has an epoch, and counts at its own
    /// time.
    public var isSessionEnd: Bool {
        state == .disconnected && reason == Self.sessionEndReason && epoch == nil
    }
}
