public import MarketModel
import Pipeline
import Recording
import Rows

extension Replay {
    /// The state after the frames read so far, in named parts: what the rest of the replay depends on, and no more.
    ///
    /// Equal for equal frames and options, whatever the files' chunks and codec. With digests it holds the
    /// rows emitted so far, some 180 bytes each.
    public mutating func state() throws(StateError) -> [StatePart] {
        var (parts, positions) = (StateParts(), merge.positions)
        try code(&parts, &positions)
        return parts.parts
    }

    /// Continues from a state of the same recordings and options, before anything was read.
    ///
    /// The frames before it are read over, not decoded.
    public mutating func resume(from state: [StatePart]) throws(ReplayError) {
        var (parts, positions) = (StateParts(reading: state), [SourcePosition]())
        do {
            try code(&parts, &positions)
            try parts.finish()
        } catch {
            throw .state(error)
        }
        try merge.resume(at: positions)
    }

    /// Writes the parts, or reads them; where the sources were is read for the caller to go there.
    mutating func code(
        _ parts: inout StateParts,
        _ positions: inout [SourcePosition]
    ) throws(StateError) {
        try codeFrames(&parts, &positions)
        try filter.code(&parts)
        guard parts.isReading else { return }
        try check(positions.flatMap(\.routes))
    }

    /// Writes or reads all but the counts and digests of the rows that were passed on.
    mutating func codeFrames(
        _ parts: inout StateParts,
        _ positions: inout [SourcePosition]
    ) throws(StateError) {
        try parts.part("/position", &positions)
        var sessions = SessionParts(connections: connections, holes: lane.holes)
        try parts.part("/sessions", &sessions)
        (connections, lane.holes) = (sessions.connections, sessions.holes)
        lane.names = connections.names
        try parts.part("/sessions/counters", &counters)
        var facts = ReplayFacts(
            endedSessions: endedSessions,
            droppedFrames: lane.droppedFrames,
            firstFrame: lane.span?.first,
            lastFrame: lane.span?.last,
            hasStopped: hasStopped
        )
        try parts.part("/replay", &facts)
        endedSessions = facts.endedSessions
        lane.resume(droppedFrames: facts.droppedFrames, first: facts.firstFrame, last: facts.lastFrame)
        hasStopped = facts.hasStopped
        try lane.pipeline.code(&parts, catalog: options.catalog)
    }
}

extension Replay {
    /// Refuses routes to connections and counters that there are none of.
    func check(_ routes: [FrameRoute?]) throws(StateError) {
        let (connectionCount, counterCount) = (lane.pipeline.connectionCount, counters.count)
        let areRight =
            connections.count == connectionCount
            && routes.allSatisfy { route in
                guard let route else { return true }
                return -1..<Int32(connectionCount) ~= route.connection && -1..<counterCount ~= route.counter
            }
        guard areRight else { throw .malformed(field: "/position", reason: "routes to no connection") }
    }
}

/// The connections of all sessions, and their open gaps.
private struct SessionParts: StateCodable {
    var connections: SessionConnections
    var holes: ConnectionHoles

    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try connections.code(&coder)
        try holes.code(&coder)
    }
}

/// What a replay keeps beside its parts.
private struct ReplayFacts: StateCodable {
    var endedSessions: [Int]
    var droppedFrames: UInt64
    var firstFrame: Int64?
    var lastFrame: Int64?
    var hasStopped: Bool

    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.field("endedSessions", &endedSessions)
        try coder.field("droppedFrames", &droppedFrames)
        try coder.field("firstFrame", &firstFrame)
        try coder.field("lastFrame", &lastFrame)
        try coder.field("hasStopped", &hasStopped)
    }
}
