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
/// Cost per event: constant, plus the number of events it overtakes in time.
public struct MarketSynchronizer: Sendable {
    /// The options it was made with.
    public let options: SynchronizerOptions
    /// Rows, events and everything left out, counted.
    public internal(set) var counters = SynchronizerCounters()
    /// How late the late events were.
    public internal(set) var lateness = LatenessHistogram()

    let grid: Grid
    let drivers: FeedKinds
    let isTicked: Bool
    /// Whether ticks come from log time rather than from a list.
    let ticksEveryPeriod: Bool
    /// Whether one clock moves all instruments: ticks, or the driving events of all.
    let isCommon: Bool
    let emitsPerEvent: Bool
    /// Whether trades and liquidations need more than their own instrument's clock.
    var needsSlowPath: Bool
    var states: [InstrumentState] = []
    /// Instruments in the order of their first decoded event.
    var joined: [InstrumentIndex] = []
    var connections: [ConnectionTrack] = []
    var common = CommonClock()
    /// The receive time of the last frame.
    var lastFrame: Int64 = .min
    /// The number of frames begun.
    var frameNumber = 0
    var isFinished = false
    /// How many captures or values of an instrument may wait before the first pruning.
    var pruneFrom = 4096

    /// Throws ``SynchronizerError`` for invalid options or combinations.
    public init(options: SynchronizerOptions) throws(SynchronizerError) {
        try options.check()
        self.options = options
        let clock = options.clock.clock
        drivers = clock.drivers
        isTicked = clock.isTicked
        ticksEveryPeriod = options.ticks == .everyPeriod
        isCommon = clock.isTicked || options.scope == .global
        emitsPerEvent = options.emitsPerEvent
        needsSlowPath = emitsPerEvent || isCommon && !drivers.isEmpty
        grid = Grid(period: options.period)
        if case .times(let times) = options.ticks {
            common.ticks = times
            common.nextTick = times.first ?? .max
        }
    }

    /// Throws what making a synchronizer with these options would.
    public static func check(_ options: SynchronizerOptions) throws(SynchronizerError) { try options.check() }

    /// The instruments seen so far in the order of their first decoded event.
    public var instruments: [InstrumentIndex] { joined }

    /// Rows emitted of an instrument.
    public func rows(of instrument: InstrumentIndex) -> Int {
        instrument.position < states.count ? states[instrument.position].rowCount : 0
    }

    /// Trades of an instrument, without duplicates and snapshot lists.
    public func trades(of instrument: InstrumentIndex) -> Int {
        instrument.position < states.count ? states[instrument.position].tradeCount : 0
    }

    /// Whether no row with `ts` up to `time` can follow, whatever comes.
    ///
    /// Known only in the receive basis and once every instrument's clock has passed `time`; instruments
    /// without an anchor cannot get one before now.
    public func isPast(_ time: Int64) -> Bool {
        guard options.timeBasis == .receive, lastFrame > time else { return false }
        return joined.allSatisfy { instrument in
            guard let index = states[instrument.position].index else { return true }
            return grid.edge(of: index) >= time
        }
    }

    /// The watermark delay that would have kept 99.9 % of all trades and liquidations, nanoseconds.
    public var suggestedHoldBack: Int64 {
        let all = counters.placedTrades + counters.placedLiquidations + counters.lateEvents
        let lost = all / 1000
        return counters.lateEvents > lost ? lateness.watermarkDelay(losing: lost) : options.watermarkDelay
    }
}

extension MarketSynchronizer {
    /// A stamp further than this after the receive time is wrong: 10 s, nanoseconds.
    static let greatestLead: Int64 = 10 * UnixTime.second

    /// The event's time in the basis; the caller counts wrong stamps.
    @inline(__always)
    func stamp(exchangeTime: Int64?, receiveTime: Int64) -> EventStamp {
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
        states[instrument.position].feeds.begin(kind, on: connection, at: frame)
    }

    /// Activates an instrument at its first decoded event; a shared clock anchors it in the running period.
    ///
    /// Under the global scope its first event moves that clock before it joins.
    mutating func attach(_ position: Int, on connection: Int32) {
        if states[position].isJoined { return }
        states[position].isJoined = true
        states[position].sampleStart = connections[Int(connection)].current ?? lastFrame
        joined.append(InstrumentIndex(UInt32(position)))
        if isCommon, !emitsPerEvent, let index = common.index { anchor(position, at: index) }
    }

    /// Attaches an instrument to a connection, whose common feeds are then live for it too.
    mutating func activate(_ instrument: InstrumentIndex, on connection: Int32) {
        let position = instrument.position
        if states[position].connections.contains(connection) { return }
        states[position].connections.append(connection)
        connections[Int(connection)].instruments.append(instrument)
        for feed in connections[Int(connection)].common {
            states[position].feeds.begin(feed.kinds, on: connection, at: feed.since)
        }
    }
}
