import MarketModel
import Pipeline
import Rows

/// The gaps of connections that are still open: each lasts until a frame of its connection, or of the one that takes its
/// place.
struct ConnectionHoles {
    fileprivate struct OpenHole {
        var hole: ConnectionHole
        /// The connection whose next frame closes it; -1 if unknown.
        var connection: Int32
        /// The step of the replay that opened it; not part of a state, which keeps the order.
        var step: UInt64 = 0
    }

    private var holes: [OpenHole] = []

    /// Whether a gap is still open.
    var isEmpty: Bool { holes.isEmpty }

    /// Takes the place of an earlier session's connection with the same exchange, market and slot.
    static let nextOfItsName: Int32 = -1

    /// Opens a gap after a connection's feeds ended, until a frame of `next`.
    mutating func open(
        _ end: FeedsEnd,
        _ cause: ConnectionHole.Cause,
        of name: ConnectionName,
        closedBy next: Int32,
        at step: UInt64
    ) {
        let hole = ConnectionHole(
            cause: cause,
            connection: name,
            start: end.lastFrame,
            instruments: end.gapped
        )
        holes.append(OpenHole(hole: hole, connection: next, step: step))
    }

    /// A connection with this name was made: it closes the gaps that wait for the next of its name.
    mutating func connected(_ name: ConnectionName, slot: String, as number: Int32) {
        for index in holes.indices
        where holes[index].connection == Self.nextOfItsName && !slot.isEmpty
            && holes[index].hole.connection == name
        {
            holes[index].connection = number
        }
    }

    /// Sets how many frames the open gap of a connection lacks.
    mutating func count(_ frames: UInt64, on connection: Int32) {
        let index = holes.lastIndex { $0.connection == connection && $0.hole.cause == .dropped }
        if let index { holes[index].hole.frames = frames }
    }

    /// Closes and returns the gaps that a frame of a connection ends.
    mutating func close(by connection: Int32, at time: Int64) -> [ConnectionHole] {
        guard holes.contains(where: { $0.connection == connection }) else { return [] }
        let closed = holes.filter { $0.connection == connection }.map { open in
            var hole = open.hole
            hole.end = time
            return hole
        }
        holes.removeAll { $0.connection == connection }
        return closed
    }

    /// The gaps still open at the end, each with the step that opened it.
    mutating func closeAll() -> [(step: UInt64, hole: ConnectionHole)] {
        defer { holes = [] }
        return holes.map { ($0.step, $0.hole) }
    }
}

extension ConnectionHoles: StateCodable {
    mutating func code(_ coder: inout StateCoder) throws(StateError) { try coder.field("holes", &holes) }
}

extension ConnectionHoles.OpenHole: StateElement {
    static var blank: Self { Self(hole: .blank, connection: 0) }

    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.packed("hole", &hole)
        try coder.packed("connection", &connection)
    }
}
