import Exchanges
import MarketModel
import OrderBooks
import Pipeline
public import Recording
public import Rows
import Synchronizer

/// Replays recordings: merges them into one total order, runs the pipeline and emits rows.
///
/// The same recordings and options give the same rows in every process, whatever the order of arguments or
/// the files' codec and chunk size.
public struct Replay {
    var merge: SourceMerge
    /// What frames become, on this thread; unused where a crew has them.
    var lane: ReplayLane
    /// Lanes on other threads; nil where all is done on this one.
    let crew: LaneCrew?
    let filter: RowFilter
    /// Rows that are not asked for yet; nil where a sink gets them.
    private var queue: RowQueue?
    let options: ReplayOptions
    var connections = SessionConnections()
    var counters = SessionCounters()
    /// Sessions whose last frame was read; they end before the next frame is handled.
    var endedSessions: [Int] = []
    var hasStopped = false
    let files: [String]
    /// Lines about unfinished files in folders.
    let notes: [String]
    /// The keyframe at which reading began; nil at the beginning of the recordings.
    var keyframe: KeyframeStart?

    /// Opens recordings, files and folders, whose rows are then asked for one by one: see ``next()``.
    public init(paths: [String], options: ReplayOptions, wants: RowNeeds = .levels) throws(ReplayError) {
        let queue = RowQueue(wants: wants)
        try self.init(paths: paths, options: options, into: queue)
        self.queue = queue
    }

    /// Opens recordings, files and folders, whose rows go to a sink as they are made.
    public init(paths: [String], options: ReplayOptions, into sink: any RowSink) throws(ReplayError) {
        if let from = options.from, let to = options.to, from >= to { throw .slice(from: from, to: to) }
        self.options = options
        filter = RowFilter(
            sink,
            from: options.from,
            to: options.to,
            instruments: options.instruments,
            digests: options.digests,
            keepsLevels: options.keepsLevels
        )
        do throws(SynchronizerError) {
            lane = ReplayLane(try Pipeline(options: options.synchronizer, into: filter), sink: filter)
        } catch {
            throw .options(error)
        }
        // Without further threads, this one does it all.
        crew = options.usesLanes(for: sink) ? try? LaneCrew(options, sink: filter) : nil
        var notes: [String] = []
        files = try RecordingFiles.expand(paths) { notes.append($0) }
        self.notes = notes
        merge = try SourceMerge(paths: files, options)
    }

    /// Frames received so far.
    public var frames: Int { crew?.frames ?? lane.pipeline.counts.frames }

    /// The receive time of the last frame: nanoseconds since the Unix epoch; nil before the first.
    public var position: Int64? { crew.map(\.lastTime) ?? lane.last?.time }

    /// The receive time of the next message: nanoseconds since the Unix epoch; nil at the end.
    public var nextTime: Int64? {
        guard let slot = merge.next, !hasStopped else { return nil }
        return merge.sources[slot].receiveTime
    }

    /// The channel of the next message and its number in its file; nil at the end.
    public var nextChannel: (channel: FrameChannel, index: UInt64)? {
        get throws {
            guard let slot = merge.next, !hasStopped else { return nil }
            let reader = try merge.sources[slot].reader()
            return (reader.channel, reader.index)
        }
    }

    /// Bytes read so far and those of all files, if all sizes are known.
    public var progress: (read: UInt64, size: UInt64)? { merge.progress }

    /// Whether any channel of the recordings so far is a connection to an exchange.
    public var hasConnections: Bool { !connections.isEmpty }

    /// The next row in order of emission, the last ones included; nil at the end.
    ///
    /// Rows of one frame wait here: after a jump of a clock up to `maxGapFill` an instrument, so that a sink,
    /// which gets each as it is made, needs less memory. Throws what the recordings throw.
    public mutating func next() throws -> Row? {
        while true {
            if let row = queue?.next() { return row }
            if try run(limit: 1) { continue }
            if !hasStopped { lane.pipeline.finish() }
            return queue?.next()
        }
    }

    /// Reads up to `limit` messages, of which no more once ``frames`` is `stopAfter`; false when there are no
    /// more.
    ///
    /// Throws what the recordings and the sink throw.
    public mutating func run(limit: Int = .max, stopAfter: Int = .max) throws -> Bool {
        var left = limit
        while left > 0 {
            guard let slot = merge.next, !hasStopped, frames < stopAfter else { return false }
            let source = merge.sources[slot]
            let reader = try source.reader()
            if !endedSessions.isEmpty { endSessions() }
            // Usually the next frame is of the same source.
            repeat {
                try readFrame(reader, ofFile: slot, source)
                try advance(reader, ofFile: slot, source)
                left -= 1
            } while left > 0 && !hasStopped && merge.next == slot && frames < stopAfter
        }
        return true
    }

    /// Reads the frames received up to `time`, nanoseconds since the Unix epoch.
    ///
    /// Throws what the recordings and the sink throw.
    public mutating func run(upTo time: Int64) throws {
        while let slot = merge.next, merge.sources[slot].receiveTime <= time, !hasStopped {
            let source = merge.sources[slot]
            let reader = try source.reader()
            if !endedSessions.isEmpty { endSessions() }
            try readFrame(reader, ofFile: slot, source)
            try advance(reader, ofFile: slot, source)
        }
    }

    /// Replaces the frames after `time`: for proofs that rows do not depend on later frames.
    public mutating func replaceTail(by tail: TamperedTail, after time: Int64) throws {
        var delay = TamperedTail.delay
        if tail == .repeatedFromStart {
            merge = try SourceMerge(paths: files, options)
            if let slot = merge.next { delay += min(time - merge.sources[slot].receiveTime, .max - delay) }
        }
        merge.replaceSources {
            FrameSource(goingOnFrom: $0, delay: delay, stride: tail == .everySecondFrame ? 2 : 1)
        }
    }

    /// Ends the replay: emits the last rows and sums up.
    public mutating func finish() throws -> ReplaySummary {
        if let crew {
            try crew.finish()
            return try summary()
        }
        // If the slice ended the reading, the last rows belong to the whole replay, not to the slice.
        if !hasStopped { lane.pipeline.finish() }
        for (_, hole) in lane.holes.closeAll() { filter.received(.interrupted(hole)) }
        try check()
        return try summary()
    }

    /// Sums up so far, without the rows that wait: for a replay that another goes on with.
    public mutating func summarize() throws -> ReplaySummary { try summary() }

    mutating func readFrame(_ reader: RecordingReader, ofFile file: Int, _ source: FrameSource) throws {
        let slot = reader.channelIndex
        while source.routes.count <= slot { source.routes.append(nil) }
        let route: FrameRoute
        if let known = source.routes[slot] {
            route = known
            if route.counter >= 0 {
                let missing = counters.follow(route.counter, reader.sequence)
                if missing > 0 { miss(missing, along: route) }
            }
        } else {
            route = begin(reader, ofFile: file, source)
        }
        if route.connection >= 0 { deliver(reader, at: source.receiveTime, along: route) }
        try check()
        if let to = options.to, source.receiveTime > to { hasStopped = lane.pipeline.synchronizer.isPast(to) }
    }

    /// Registers a channel of a file at its first frame there.
    private mutating func begin(
        _ reader: RecordingReader,
        ofFile file: Int,
        _ source: FrameSource
    ) -> FrameRoute {
        if reader.lostIndexes > source.lostIndexes { lose(reader, ofFile: file, source) }
        let route = self.route(reader, ofFile: file, isCounted: source.isProfiled)
        source.routes[reader.channelIndex] = route
        if route.counter >= 0 {
            let missing = counters.begin(route.counter, reader.sequence)
            if missing > 0 { miss(missing, along: route) }
        }
        return route
    }

    /// Moves a file to its next frame or its end, and handles losses and ends on the way.
    mutating func advance(_ reader: RecordingReader, ofFile file: Int, _ source: FrameSource) throws {
        try merge.advance(source, reader)
        if source.hasFrame {
            if reader.lostIndexes > source.lostIndexes { lose(reader, ofFile: file, source) }
        } else if !merge.goesOn(behind: file) {
            endedSessions.append(merge.sessions[file])
        } else if reader.lostIndexes > source.lostIndexes {
            lose(reader, ofFile: file, source)
        }
    }

    // MARK: - Ends of sessions, frames that are missing

    /// Ends open connections of sessions whose last frame was read, before a frame of another session.
    private mutating func endSessions() {
        for session in endedSessions {
            for connection in connections.numbers(in: session) {
                if let crew {
                    crew.endSession(of: connection)
                } else {
                    lane.endSession(of: connection, closedBy: ConnectionHoles.nextOfItsName)
                }
            }
        }
        endedSessions = []
    }

    /// Frames of any connection of a file may be missing before its next frame, also of connections without
    /// other frames there.
    private mutating func lose(_ reader: RecordingReader, ofFile file: Int, _ source: FrameSource) {
        source.lostIndexes = reader.lostIndexes
        for channel in reader.channels {
            guard let connection = connections.number(of: channel, in: merge.sessions[file]) else { continue }
            lose(on: connection)
        }
    }

    /// Frames of a channel are missing before the current one, by its counter.
    private mutating func miss(_ frames: UInt64, along route: FrameRoute) {
        guard route.direction == .received, route.connection >= 0 else { return }
        lose(on: route.connection, count: frames)
    }

    private mutating func lose(on connection: Int32, count: UInt64? = nil) {
        if let crew {
            crew.add(.lose(count: count), on: connection)
        } else {
            lane.lose(on: connection, count: count)
        }
    }

    // MARK: - Frames

    private mutating func deliver(_ reader: RecordingReader, at time: Int64, along route: FrameRoute) {
        if let crew { return deliver(reader, at: time, along: route, to: crew) }
        let connection = route.connection
        switch route.direction {
        case .received: lane.receive(reader.bytes, on: connection, at: time)
        case .sent: lane.pipeline.sent(reader.bytes, on: connection, receiveTime: time)
        case .status:
            guard let status = reader.status else { break }
            lane.apply(status, of: reader.channel.name, on: connection, at: time)
        case .http: lane.reply(reader.bytes, path: reader.channel.request, on: connection, at: time)
        default: break
        }
    }

    private func deliver(
        _ reader: RecordingReader,
        at time: Int64,
        along route: FrameRoute,
        to crew: LaneCrew
    ) {
        let connection = route.connection
        switch route.direction {
        case .received: crew.receive(reader.bytes, on: connection, at: time)
        case .sent: crew.send(reader.bytes, on: connection, at: time)
        case .status:
            guard let status = reader.status else { break }
            crew.add(.apply(status, of: reader.channel.name), on: connection, at: time)
        case .http: crew.reply(reader.bytes, path: reader.channel.request, on: connection, at: time)
        default: break
        }
    }

    /// The destination of the current channel's frames: a connection of its session, or none (-1).
    private mutating func route(
        _ reader: RecordingReader,
        ofFile file: Int,
        isCounted: Bool
    ) -> FrameRoute {
        let (channel, session) = (reader.channel, merge.sessions[file])
        guard channel.direction != .other, !channel.exchange.isEmpty else {
            return FrameRoute(
                direction: channel.direction,
                connection: -1,
                counter: isCounted ? counters.add() : -1
            )
        }
        let known = connections.number(of: channel, in: session)
        let connection = known ?? connect(channel, session)
        if known == nil { connections.add(channel, of: session, as: connection) }
        if channel.direction != .http {
            describe(channel, on: connection)
        }
        var counter = -1
        if isCounted {
            counter = connections.counter(
                of: reader.channelIndex,
                inFile: file,
                channel,
                of: connection,
                &counters
            )
        }
        return FrameRoute(direction: channel.direction, connection: connection, counter: counter)
    }

    private mutating func describe(_ channel: FrameChannel, on connection: Int32) {
        let (subscriptions, address) = (channel.subscriptions, channel.endpoint)
        if let crew {
            crew.add(.describe(subscriptions: subscriptions, address: address), on: connection)
        } else {
            lane.pipeline.described(subscriptions, address: address, on: connection)
        }
    }

    private mutating func connect(_ channel: FrameChannel, _ session: Int) -> Int32 {
        crew?.connect(channel, session: session)
            ?? lane.connect(channel, session: session, catalog: options.catalog)
    }

    private mutating func check() throws {
        if let crew { return try crew.goOn() }
        try lane.pipeline.check()
    }
}
