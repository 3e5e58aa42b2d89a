import MarketModel
import OrderBooks
import Synchronizer

/// Feeds a timeline to a synchronizer as a pipeline does.
struct Player {
    var synchronizer: MarketSynchronizer
    var host = NumberedHost()
    private var fundings = 0
    private var interests = 0
    private var connections: [Int: Int32] = [:]

    init(_ options: SynchronizerOptions) throws(SynchronizerError) {
        synchronizer = try MarketSynchronizer(options: options)
    }

    /// What was emitted so far.
    var collector: RowCollector { host.collector }

    mutating func play(_ timeline: Timeline) {
        for step in timeline.steps {
            switch step {
            case .frame(let frame): play(frame)
            case .cut(let connection, let time): cut(connection, time)
            case .tick(let time): synchronizer.tick(at: time, for: &host)
            }
        }
    }

    mutating func finish() { synchronizer.finish(for: &host) }

    private mutating func play(_ frame: Timeline.Frame) {
        let isLost = frame.events.contains { $0.kind == .lost }
        if isLost { synchronizer.breakConnection(frame.connection, isRevealedByFrame: false) }
        for event in frame.events {
            guard case .unsubscribed(let kinds) = event.kind else { continue }
            let status = status(.unsubscribed, kinds, InstrumentIndex(UInt32(event.instrument)), event, frame)
            synchronizer.willUnsubscribe(status, on: frame.connection)
        }
        let stamp = FrameStamp(
            connection: frame.connection,
            receiveTime: frame.receive,
            exchangeTime: frame.venue
        )
        synchronizer.begin(frame: stamp, for: &host)
        for event in frame.events { play(event, frame) }
    }

    private mutating func play(_ event: Timeline.Event, _ frame: Timeline.Frame) {
        let instrument = InstrumentIndex(UInt32(event.instrument))
        host.books.admit(event.instrument)
        let number = FixedDecimal(mantissa: label(event, frame), scale: 0)
        let one = FixedDecimal(mantissa: 1, scale: 0)
        let venue = event.venue ?? frame.receive
        switch event.kind {
        case .trade, .snapshotTrade:
            let trade = Trade(
                instrument: instrument,
                side: .buy,
                price: number,
                size: one,
                id: event.id.flatMap { TradeID($0) } ?? .none,
                exchangeTime: venue,
                receiveTime: frame.receive,
                isSnapshot: event.kind == .snapshotTrade
            )
            synchronizer.add(trade, on: frame.connection, for: &host)
        case .liquidation:
            let liquidation = Liquidation(
                instrument: instrument,
                side: .sell,
                price: number,
                size: one,
                exchangeTime: venue,
                receiveTime: frame.receive
            )
            synchronizer.add(liquidation, on: frame.connection, for: &host)
        case .book(let isGapped): playBook(event, frame, isGapped)
        case .bookFault: reset(instrument, .frame, to: .gapped, on: frame.connection)
        case .funding:
            fundings += 1
            let rate = FundingRate(
                instrument: instrument,
                rate: FixedDecimal(mantissa: Int64(fundings), scale: 0),
                nextFundingTime: nil,
                intervalHours: nil,
                exchangeTime: venue,
                receiveTime: frame.receive
            )
            synchronizer.update(rate, on: frame.connection)
        case .interest:
            interests += 1
            let interest = OpenInterest(
                instrument: instrument,
                openInterest: FixedDecimal(mantissa: Int64(interests), scale: 0),
                value: nil,
                markPrice: nil,
                exchangeTime: venue,
                receiveTime: frame.receive
            )
            synchronizer.update(interest, on: frame.connection)
        case .live(let kinds, let all):
            synchronizer.apply(
                status(.live, kinds, all ? nil : instrument, event, frame),
                on: frame.connection
            )
        case .unsubscribed(let kinds):
            if kinds.contains(.book) {
                reset(instrument, .frame, to: .awaitingSnapshot, on: frame.connection)
            }
            synchronizer.apply(status(.unsubscribed, kinds, instrument, event, frame), on: frame.connection)
        case .lost: gapBooks(of: frame.connection, .frame)
        }
    }

    /// The time that placed the event, if it was placed; it identifies rows.
    private func label(_ event: Timeline.Event, _ frame: Timeline.Frame) -> Int64 {
        guard synchronizer.options.timeBasis == .exchange, let venue = event.venue,
            venue <= frame.receive &+ 10_000_000_000
        else { return frame.receive }
        return venue
    }

    private mutating func playBook(_ event: Timeline.Event, _ frame: Timeline.Frame, _ isGapped: Bool) {
        let update = BookUpdate(
            instrument: InstrumentIndex(UInt32(event.instrument)),
            isSnapshot: !isGapped,
            depth: 1,
            firstLevel: 0,
            bidCount: 0,
            askCount: 0,
            exchangeTime: event.venue,
            receiveTime: frame.receive
        )
        connections[event.instrument] = frame.connection
        synchronizer.willApply(update, on: frame.connection, for: &host)
        host.books.messages[event.instrument] += 1
        host.books.states[event.instrument] = isGapped ? .gapped : .synced
        synchronizer.didApply(update.instrument, isGapped: isGapped, for: &host)
    }

    private mutating func reset(
        _ instrument: InstrumentIndex,
        _ moment: ResetMoment,
        to state: OrderBook.State,
        on connection: Int32
    ) {
        synchronizer.willReset(bookOf: instrument, at: moment, on: connection, for: &host)
        host.books.states[instrument.position] = state
        synchronizer.didApply(instrument, isGapped: state == .gapped, for: &host)
    }

    private mutating func gapBooks(of connection: Int32, _ moment: ResetMoment) {
        for instrument in host.books.messages.indices where connections[instrument] == connection {
            reset(InstrumentIndex(UInt32(instrument)), moment, to: .gapped, on: connection)
        }
    }

    private mutating func cut(_ connection: Int32, _ time: Int64) {
        synchronizer.breakConnection(connection, isRevealedByFrame: false)
        gapBooks(of: connection, .status(time))
    }

    private func status(
        _ change: FeedStatus.Change,
        _ kinds: FeedKinds,
        _ instrument: InstrumentIndex?,
        _ event: Timeline.Event,
        _ frame: Timeline.Frame
    ) -> FeedStatus {
        FeedStatus(
            change,
            kinds: kinds,
            instrument: instrument,
            exchangeTime: event.venue,
            receiveTime: frame.receive
        )
    }
}

/// Options as the tests write them; durations in `unit`.
func options(
    _ clock: ClockMode,
    period: Int64,
    unit: Int64 = 1_000_000,
    basis: TimeBasis = .receive,
    watermarkDelay: Int64 = 0,
    maxGapFill: Int64 = 36_000
) -> SynchronizerOptions {
    SynchronizerOptions(
        clock: clock,
        period: period * unit,
        timeBasis: basis,
        watermarkDelay: watermarkDelay * unit,
        maxGapFill: maxGapFill,
        depth: 1
    )
}

/// Plays a text and returns the rows as text, one per line.
func rows(
    of text: String,
    _ options: SynchronizerOptions,
    unit: Int64 = 1_000_000,
    finish: Bool = false,
    show parts: Row.Parts = []
) throws -> String {
    var player = try Player(options)
    player.play(Timeline(text, unit: unit))
    if finish { player.finish() }
    return player.collector.rows.map { $0.text(unit: unit, parts) }.joined(separator: "\n")
}

/// Plays a text, finishes, and returns the counters.
func counters(
    of text: String,
    _ options: SynchronizerOptions,
    unit: Int64 = 1_000_000
) throws
    -> SynchronizerCounters
{
    var player = try Player(options)
    player.play(Timeline(text, unit: unit))
    player.finish()
    return player.synchronizer.counters
}
