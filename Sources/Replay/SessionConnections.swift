import MarketModel
import Pipeline
import Recording
import Rows

/// The connections of each session by the channels of its files, and their open gaps.
struct SessionConnections {
    private struct Key: Hashable {
        var session: Int
        var exchange: String
        var market: String
        var slot: String

        init(_ channel: FrameChannel, _ session: Int) {
            self.session = session
            (exchange, market, slot) = (channel.exchange, channel.market, channel.slot)
        }
    }

    private struct CounterKey: Hashable {
        var connection: Int32
        var direction: FrameDirection
    }

    private struct OpenHole {
        var hole: ConnectionHole
        /// The connection whose next frame closes it; -1 if unknown.
        var connection: Int32
    }

    private var numbers: [Key: Int32] = [:]
    /// A channel of each connection, and its session.
    private var known: [(channel: FrameChannel, session: Int)] = []
    private var counters: [CounterKey: (index: Int, file: Int, channel: Int)] = [:]
    private var holes: [OpenHole] = []

    /// Whether there are no connections.
    var isEmpty: Bool { known.isEmpty }

    /// The number of a channel's connection; nil if it was not added.
    func number(of channel: FrameChannel, in session: Int) -> Int32? { numbers[Key(channel, session)] }

    /// Adds the connection of a channel; connections are numbered in this order.
    mutating func add(_ channel: FrameChannel, of session: Int, as number: Int32) {
        numbers[Key(channel, session)] = number
        known.append((channel, session))
        for index in holes.indices
        where holes[index].connection == Self.nextOfItsName
            && !channel.slot.isEmpty && holes[index].hole.connection == channel.name
        {
            holes[index].connection = number
        }
    }

    /// The connections of a session.
    func numbers(in session: Int) -> [Int32] {
        known.indices.filter { known[$0].session == session }.map { Int32($0) }
    }

    /// The index of a channel's counter, which continues from file to file.
    ///
    /// A second channel of the same topic in a file, as in merges, has a counter of its own.
    mutating func counter(
        of channel: Int,
        inFile file: Int,
        _ direction: FrameDirection,
        of connection: Int32,
        _ all: inout SessionCounters
    ) -> Int {
        let key = CounterKey(connection: connection, direction: direction)
        if let known = counters[key], known.file != file || known.channel == channel {
            counters[key] = (known.index, file, channel)
            return known.index
        }
        let index = all.add()
        counters[key] = (index, file, channel)
        return index
    }

    // MARK: - Holes

    /// Whether a gap is still open.
    var hasHoles: Bool { !holes.isEmpty }

    /// Takes the place of an earlier session's connection with the same exchange, market and slot.
    static let nextOfItsName: Int32 = -1

    /// Opens a gap after a connection's feeds ended, until a frame of `next`.
    mutating func open(
        _ end: FeedsEnd,
        _ cause: ConnectionHole.Cause,
        on connection: Int32,
        closedBy next: Int32
    ) {
        let hole = ConnectionHole(
            cause: cause,
            connection: known[Int(connection)].channel.name,
            start: end.lastFrame,
            instruments: end.gapped
        )
        holes.append(OpenHole(hole: hole, connection: next))
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

    /// The gaps still open at the end.
    mutating func closeAll() -> [ConnectionHole] {
        defer { holes = [] }
        return holes.map(\.hole)
    }
}
