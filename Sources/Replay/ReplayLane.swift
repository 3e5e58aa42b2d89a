import Exchanges
import MarketModel
import Pipeline
import Recording
import Rows

/// What frames of connections become: a pipeline, and the gaps of its connections.
///
/// Frames come in the total order of the replay. A replay has one lane, or one for each few exchanges: those share nothing.
struct ReplayLane {
    var pipeline: Pipeline
    var holes = ConnectionHoles()
    /// The name of each connection.
    var names: [ConnectionName] = []
    /// Frames that the recorder says it dropped.
    private(set) var droppedFrames: UInt64 = 0
    /// The receive times of the first and the last frame, with the steps of the replay that brought them.
    private(set) var first: (step: UInt64, time: Int64)?
    private(set) var last: (step: UInt64, time: Int64)?
    /// The step of the replay under way: greater at each one.
    var step: UInt64 = 0
    private let sink: any RowSink

    init(_ pipeline: Pipeline, sink: any RowSink) {
        self.pipeline = pipeline
        self.sink = sink
    }

    // MARK: - Connections

    /// Adds the connection of a channel and returns its number in this lane.
    mutating func connect(_ channel: FrameChannel, session: Int, catalog: ExchangeCatalog) -> Int32 {
        let number = pipeline.connect(
            catalog.exchange(of: channel),
            market: Market(rawValue: channel.market),
            subscribed: channel.subscribedKinds,
            session: Int32(session),
            redundant: channel.redundant
        )
        names.append(channel.name)
        holes.connected(channel.name, slot: channel.slot, as: number)
        return number
    }

    /// Ends a connection whose session ended.
    mutating func endSession(of connection: Int32, closedBy next: Int32) {
        guard let end = pipeline.endSession(of: connection) else { return }
        open(end, .session, on: connection, closedBy: next)
    }

    /// Frames of a connection are missing, so many if that is known.
    mutating func lose(on connection: Int32, count: UInt64? = nil) {
        if let end = pipeline.loseFrames(of: connection) {
            open(end, .dropped, on: connection, closedBy: connection)
        }
        if let count { holes.count(count, on: connection) }
    }

    private mutating func open(
        _ end: FeedsEnd,
        _ cause: ConnectionHole.Cause,
        on connection: Int32,
        closedBy next: Int32
    ) { holes.open(end, cause, of: names[Int(connection)], closedBy: next, at: step) }

    // MARK: - Frames

    mutating func receive(_ frame: RawSpan, on connection: Int32, at time: Int64) {
        note(time)
        if !holes.isEmpty { closeHoles(by: connection, time) }
        pipeline.receive(frame, on: connection, receiveTime: time)
    }

    mutating func reply(_ body: RawSpan, path: String, on connection: Int32, at time: Int64) {
        if pipeline.reply(body, path: path, on: connection, receiveTime: time) { note(time) }
    }

    mutating func apply(_ record: StatusRecord, of name: ConnectionName, on connection: Int32, at time: Int64)
    {
        sink.received(.recorded(record, of: name, at: time))
        if record.isSessionEnd { return endSession(of: connection, closedBy: connection) }
        guard let status = record.state else { return }
        if status == .dropped { drop(record.count ?? 1) }
        let end =
            record.isLogLoss
            ? pipeline.loseFrames(of: connection)
            : pipeline.apply(status, on: connection, receiveTime: time)
        // Another slot carries it on: no hole.
        if let end, !record.isPlannedClose {
            let cause: ConnectionHole.Cause =
                status == .dropped ? .dropped : status == .stalled ? .stalled : .disconnect
            open(end, cause, on: connection, closedBy: connection)
        }
        if status == .dropped, let count = record.count { holes.count(count, on: connection) }
    }

    private mutating func note(_ time: Int64) {
        if first == nil { first = (step, time) }
        last = (step, time)
    }

    private mutating func closeHoles(by connection: Int32, _ time: Int64) {
        for hole in holes.close(by: connection, at: time) { sink.received(.interrupted(hole)) }
    }

    /// The count in a file can be any number.
    private mutating func drop(_ frames: UInt64) {
        let (sum, overflows) = droppedFrames.addingReportingOverflow(frames)
        droppedFrames = overflows ? .max : sum
    }
}

extension ReplayLane {
    /// The receive times of the first and last frame, nanoseconds since the Unix epoch; nil before the first.
    var span: (first: Int64, last: Int64)? {
        guard let first, let last else { return nil }
        return (first.time, last.time)
    }

    /// Continues from what a state says.
    mutating func resume(droppedFrames: UInt64, first: Int64?, last: Int64?) {
        self.droppedFrames = droppedFrames
        self.first = first.map { (0, $0) }
        self.last = last.map { (0, $0) }
    }
}

extension ExchangeCatalog {
    /// The exchange of a channel: that of its protocol, otherwise the one it names; nil if unknown.
    func exchange(of channel: FrameChannel) -> (any Exchange)? {
        exchange(forProtocol: channel.protocolID) ?? named(channel.exchange)
    }
}
