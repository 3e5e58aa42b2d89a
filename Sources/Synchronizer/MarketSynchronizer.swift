public import MarketModel

/// Folds the events of instruments onto a uniform grid of rows, under one ``ClockMode``.
///
/// A pure value: events in, ``MarketSnapshot`` out, no clock but the events' own times, no I/O. Live and
/// replay feed it alike, frame by frame in log order:
///
/// 1. ``begin(frame:for:)`` once a frame; under the external clock this fires the ticks due.
/// 2. its events in the order decoded. A book message is announced by ``willApply(_:on:for:)`` before
///    the book changes and closed by ``didApply(_:isGapped:for:)`` after, so that rows show books as
///    they were.
/// 3. ``finish(for:)`` at the end.
///
/// Of each instrument four machines keep the state: ``RowClock`` says which rows are due, ``RowAssembler``
/// holds what waits for them, ``BookAtEdge`` what the book showed, ``FeedCoverage`` what was observed.
/// Cost per event: constant, plus the number of events it overtakes in time.
public struct MarketSynchronizer: Sendable {
    /// The options it was made with.
    public let options: SynchronizerOptions
    /// Rows, events and everything left out, counted.
    public internal(set) var counters = SynchronizerCounters()
    /// How late the late events were.
    public internal(set) var lateness = LatenessHistogram()

    let rule: RowRule
    let grid: Grid
    // What the rule says, asked for each event.
    let drivers: FeedKinds
    let isShared: Bool
    let isOffGrid: Bool
    /// Whether an event may need more than its own instrument's machines.
    var needsSlowPath: Bool

    var states: [InstrumentState] = []
    /// Instruments in the order of their first decoded event.
    var joined: [InstrumentIndex] = []
    var connections: [ConnectionTrack] = []
    /// The clock that all instruments share, if they do.
    var shared = RowClock()
    var ticks: TickSchedule?
    /// The receive time of the last frame.
    var lastFrame: Int64 = .min
    /// The number of frames begun.
    var frameNumber = 0
    var isFinished = false
    /// How many captures or values of an instrument may wait before the first pruning.
    var pruneFrom = 4096

    /// Throws ``SynchronizerError`` for invalid options or combinations.
    public init(options: SynchronizerOptions) throws(SynchronizerError) {
        rule = try RowRule(options)
        self.options = options
        grid = Grid(period: options.period, delay: options.watermarkDelay)
        let meaning = rule.meaning
        (drivers, isShared, isOffGrid) = (meaning.drivers, meaning.isShared, meaning.isOffGrid)
        needsSlowPath = isOffGrid || isShared && !drivers.isEmpty
        ticks = meaning.ticks.map(TickSchedule.init)
    }

    /// Throws what making a synchronizer with these options would.
    public static func check(_ options: SynchronizerOptions) throws(SynchronizerError) {
        _ = try RowRule(options)
    }

    /// The instruments seen so far in the order of their first decoded event.
    public var instruments: [InstrumentIndex] { joined }

    /// How many instruments there are in ``instruments``.
    package var joinedCount: Int { joined.count }

    /// The last frame of all was one of another synchronizer, received at this time: it makes the rows of the end
    /// available.
    package mutating func passLastFrame(at time: Int64) { lastFrame = time }

    /// Whether instruments share nothing but the time of the last frame: no clock, no ticks, and no numbers of frames,
    /// which tell what rows off the grid show.
    package static func isDivisible(_ options: SynchronizerOptions) -> Bool {
        guard let rule = try? RowRule(options) else { return false }
        return !rule.meaning.isShared && !rule.meaning.isOffGrid && rule.meaning.ticks == nil
    }

    /// Rows emitted of an instrument.
    public func rows(of instrument: InstrumentIndex) -> Int {
        instrument.position < states.count ? states[instrument.position].rowCount : 0
    }

    /// Trades of an instrument, without duplicates and snapshot lists.
    public func trades(of instrument: InstrumentIndex) -> Int {
        instrument.position < states.count ? states[instrument.position].rows.tradeCount : 0
    }

    /// Whether no row with `ts` up to `time` can follow, whatever comes.
    ///
    /// Known only in the receive basis and once every instrument's clock has passed `time`; instruments
    /// without an anchor cannot get one before now.
    public func isPast(_ time: Int64) -> Bool {
        guard options.timeBasis == .receive, lastFrame > time else { return false }
        return joined.allSatisfy { instrument in
            let state = states[instrument.position]
            if isOffGrid {
                // What waits may become a row at the end of the data, with the time of the last of it.
                guard let last = state.rows.lastTime(before: .max) else { return true }
                return max(clock(of: instrument.position).driven, last) > time
            }
            return state.clock.index == nil || state.clock.edge >= time
        }
    }

    /// The watermark delay that would have kept 99.9 % of all trades and liquidations, nanoseconds.
    public var suggestedHoldBack: Int64 {
        counters.suggestedHoldBack(lateness, otherwise: options.watermarkDelay)
    }
}

extension MarketSynchronizer {
    /// A stamp further than this after the receive time is wrong: 10 s, nanoseconds.
    static let greatestLead: Int64 = 10 * UnixTime.second

    /// The time of an event in the basis; the caller counts wrong stamps.
    @inline(__always)
    func stamp(_ exchangeTime: Int64?, _ receiveTime: Int64) -> EventStamp {
        guard options.timeBasis == .exchange, let exchangeTime else {
            return EventStamp(time: receiveTime, isGood: true)
        }
        let isGood = exchangeTime <= receiveTime &+ MarketSynchronizer.greatestLead
        return EventStamp(time: isGood ? exchangeTime : receiveTime, isGood: isGood)
    }

    /// The frame's time in the basis; wrong stamps are counted on its events.
    @inline(__always)
    func time(of frame: FrameStamp) -> Int64 {
        guard options.timeBasis == .exchange, let stamp = frame.exchangeTime,
            stamp <= frame.receiveTime &+ MarketSynchronizer.greatestLead
        else { return frame.receiveTime }
        return stamp
    }

    /// Makes room for an instrument and a connection.
    @inline(never)
    mutating func register(_ instrument: InstrumentIndex) {
        while states.count <= instrument.position {
            let instrument = InstrumentIndex(UInt32(states.count))
            states.append(InstrumentState(instrument, options, pruneAt: pruneFrom))
        }
    }

    @inline(never)
    mutating func register(connection: Int32) {
        while connections.count <= Int(connection) { connections.append(ConnectionTrack()) }
    }

    /// Whether an instrument has joined and a feed of it is known to be live on a connection: as a rule.
    @inline(__always)
    func isKnown(_ position: Int, _ kind: FeedKinds, on connection: Int32) -> Bool {
        position < states.count && states[position].isKnown(kind, on: connection)
    }

    /// Marks a feed of an instrument live on a connection, on a decoded event.
    mutating func markLive(_ instrument: InstrumentIndex, _ kind: FeedKinds, on connection: Int32) {
        register(instrument)
        register(connection: connection)
        activate(instrument, on: connection)
        let frame = connections[Int(connection)].current ?? lastFrame
        states[instrument.position].coverage.begin(kind, on: connection, at: frame)
    }

    /// Activates an instrument at its first decoded event; a shared clock anchors it in the running period.
    ///
    /// Under the global scope its first event moves that clock before it joins.
    mutating func attach(_ position: Int, on connection: Int32) {
        if states[position].isJoined { return }
        states[position].isJoined = true
        states[position].clock.begin(at: connections[Int(connection)].current ?? lastFrame)
        joined.append(InstrumentIndex(UInt32(position)))
        if !isOffGrid, let period = sharedPeriod { anchor(position, at: period) }
    }

    /// Attaches an instrument to a connection, whose common feeds are then live for it too.
    mutating func activate(_ instrument: InstrumentIndex, on connection: Int32) {
        guard states[instrument.position].coverage.attach(to: connection) else { return }
        connections[Int(connection)].instruments.append(instrument)
        for feed in connections[Int(connection)].common {
            states[instrument.position].coverage.begin(feed.kinds, on: connection, at: feed.since)
        }
    }
}
