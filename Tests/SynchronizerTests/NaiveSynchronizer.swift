import MarketModel
import OrderBooks
import Synchronizer

/// The rules of rows written a second time, slowly: everything is collected first; clocks are walked over the
/// whole stream; then each row is computed from the full list of events by filtering.
struct NaiveSynchronizer {
    struct Arrival {
        /// Position in the stream; a frame's ticks come before its events.
        var seq: Int
        var receive: Int64
        var connection: Int32
        var event: Timeline.Event
        var time: Int64
        var isTrusted: Bool
        /// Number within its kind: per instrument for books, per stream for states.
        var number: Int
    }

    struct BookChange {
        var seq: Int
        var instrument: Int
        var time: Int64
        var state: OrderBook.State
        var message: Int?
    }

    struct FeedChange {
        var seq: Int
        var instrument: Int
        var kind: FeedKinds
        var connection: Int32
        var time: Int64
        var begins: Bool
    }

    struct Move {
        var seq: Int
        var from: Int64
        var to: Int64
    }

    struct Walk {
        var anchor: (seq: Int, index: Int64)?
        var moves: [Move] = []
        var lastDriving: Int64 = .min

        /// The clock after everything up to `seq`.
        func index(at seq: Int) -> Int64? {
            guard let anchor, anchor.seq <= seq else { return nil }
            return moves.last { $0.seq <= seq }?.to ?? anchor.index
        }
    }

    let options: SynchronizerOptions
    var arrivals: [Arrival] = []
    var ticks: [(seq: Int, time: Int64)] = []
    var bookChanges: [BookChange] = []
    var feedChanges: [FeedChange] = []
    var joins: [(instrument: Int, seq: Int)] = []
    var available: [Int: Int64] = [:]
    var walks: [Int: Walk] = [:]
    var placed: [Int: [Arrival]] = [:]
    var lastFrame: Int64 = .min
    var end = 0
    var rows: [Row] = []
    var counters = SynchronizerCounters()
    var skipped: [Int64] = []

    init(_ options: SynchronizerOptions, _ timeline: Timeline) {
        self.options = options
        collect(timeline)
        let instruments = joins.map(\.instrument)
        for instrument in instruments { walks[instrument] = walk(instrument) }
        for instrument in instruments {
            placed[instrument] = arrivals.filter {
                $0.event.instrument == instrument && isFlow($0) && verdict($0) == .accepted
            }
        }
        count()
        emit()
    }

    // MARK: - Grid

    func index(_ time: Int64) -> Int64 { UnixTime.floorDivide(time, options.period) }
    func row(_ time: Int64) -> Int64 { index(time) + 1 }
    var isCommon: Bool { options.clock == .external || options.scope == .global }

    func drives(_ arrival: Arrival) -> Bool {
        guard arrival.isTrusted else { return false }
        switch (options.clock, arrival.event.kind) {
        case (.tradeDriven, .trade), (.liquidationDriven, .liquidation), (.orderbookDriven, .book):
            return true
        default: return false
        }
    }

    // MARK: - Clocks

    private func walk(_ instrument: Int) -> Walk {
        guard let joined = joins.first(where: { $0.instrument == instrument })?.seq else { return Walk() }
        var drivers: [(seq: Int, time: Int64)]
        if options.clock == .external {
            drivers = ticks
        } else {
            let own = arrivals.filter { drives($0) && (isCommon || $0.event.instrument == instrument) }
            drivers = own.map { ($0.seq, $0.time) }
        }
        var walk = Walk()
        walk.lastDriving = drivers.map(\.time).max() ?? .min
        // A shared clock's time before the instrument joined is its anchor.
        let isFirstOwn = { (seq: Int) in isCommon && seq <= joined }
        let earlier = drivers.filter { isFirstOwn($0.seq) }
        drivers.removeAll { isFirstOwn($0.seq) }
        var position: Int64?
        if let latest = earlier.map(\.time).max() {
            position = index(latest)
            walk.anchor = (joined, index(latest))
        }
        for (seq, time) in drivers {
            guard let now = position else {
                position = index(time)
                walk.anchor = (seq, index(time))
                continue
            }
            let target = index(time - options.watermarkDelay)
            if target > now {
                walk.moves.append(Move(seq: seq, from: now, to: target))
                position = target
            }
        }
        return walk
    }

    // MARK: - Counting

    /// Trades and liquidations that are or will be in rows.
    func accepted(_ instrument: Int) -> [Arrival] { placed[instrument] ?? [] }

    enum Verdict {
        case accepted
        case late
        case beforeFirst
    }

    func isFlow(_ arrival: Arrival) -> Bool {
        arrival.event.kind == .trade || arrival.event.kind == .liquidation
    }

    func verdict(_ arrival: Arrival) -> Verdict {
        let walk = walks[arrival.event.instrument] ?? Walk()
        guard let anchor = walk.anchor else { return .beforeFirst }
        if let now = walk.index(at: arrival.seq) { return row(arrival.time) <= now ? .late : .accepted }
        return row(arrival.time) <= anchor.index ? .beforeFirst : .accepted
    }

    private mutating func count() {
        for arrival in arrivals {
            if isFlow(arrival) {
                switch verdict(arrival) {
                case .accepted: break
                case .beforeFirst: counters.beforeFirstRow += 1
                case .late where arrival.event.kind == .trade: counters.lateTrades += 1
                case .late: counters.lateLiquidations += 1
                }
            } else if let walk = walks[arrival.event.instrument], let anchor = walk.anchor,
                let now = walk.index(at: arrival.seq), now > anchor.index, row(arrival.time) <= now
            {
                switch arrival.event.kind {
                case .book, .funding, .interest: counters.lateStates += 1
                default: break
                }
            }
        }
    }

    // MARK: - Rows

    private mutating func emit() {
        var planned: [(seq: Int, row: Int64, order: Int, instrument: Int, isPartial: Bool)] = []
        for (order, join) in joins.enumerated() {
            let walk = walks[join.instrument] ?? Walk()
            for move in walk.moves {
                for row in plan(join.instrument, move) {
                    planned.append((move.seq, row, isCommon ? order : 0, join.instrument, false))
                }
            }
        }
        planned.sort { ($0.seq, $0.row, $0.order) < ($1.seq, $1.row, $1.order) }
        for (order, join) in joins.enumerated() {
            let walk = walks[join.instrument] ?? Walk()
            guard let now = walk.index(at: .max) else { continue }
            let final = finalRow(join.instrument, walk)
            guard final.row > now else { continue }
            for row in plan(join.instrument, Move(seq: end, from: now, to: final.row)) {
                let isPartial = row * options.period > final.time
                planned.append((end, row, order, join.instrument, isPartial))
            }
        }
        for entry in planned { emit(entry.row, of: entry.instrument, at: entry.seq, entry.isPartial) }
    }

    private func finalRow(_ instrument: Int, _ walk: Walk) -> (row: Int64, time: Int64) {
        let isLogTicked = options.clock == .external && options.ticks == .everyPeriod
        let time = isLogTicked ? lastFrame : walk.lastDriving
        var last = row(time)
        if options.clock == .external, !isLogTicked, time == index(time) * options.period { last -= 1 }
        let held = accepted(instrument).map { row($0.time) }.max() ?? .min
        return (max(last, held), time)
    }

    private mutating func plan(_ instrument: Int, _ move: Move) -> [Int64] {
        let all = Array((move.from + 1)...move.to)
        guard move.to - move.from > options.maxGapFill else { return all }
        counters.jumps += 1
        let held = Set(accepted(instrument).filter { $0.seq < move.seq }.map { row($0.time) })
        let rows = held.filter { $0 > move.from && $0 <= move.to }.sorted()
        var result: [Int64] = []
        if let last = rows.last {
            result = last - move.from <= options.maxGapFill ? Array((move.from + 1)...last) : rows
        }
        skipped.append(Int64(all.count - result.count))
        return result
    }

    private mutating func emit(_ number: Int64, of instrument: Int, at seq: Int, _ isPartial: Bool) {
        let (left, right) = ((number - 1) * options.period, number * options.period)
        var row = Row(instrument: instrument, ts: right, available: available[seq] ?? lastFrame)
        let known = arrivals.filter { $0.event.instrument == instrument && $0.seq < seq }
        let content = accepted(instrument)
            .filter { $0.seq < seq && $0.time >= left && $0.time < right }
            .sorted { ($0.time, $0.seq) < ($1.time, $1.seq) }
        row.trades = content.filter { $0.event.kind == .trade }.map(\.time)
        row.liquidations = content.filter { $0.event.kind == .liquidation }.map(\.time)
        let funding = latest(known, .funding, before: right)
        (row.funding, row.fundingTime) = (funding?.number, funding?.time)
        let interest = latest(known, .interest, before: right)
        (row.interest, row.interestTime) = (interest?.number, interest?.time)
        fillBook(&row, instrument, seq, left, right)
        fillFeeds(&row, instrument, seq, left, right)
        row.partial = isPartial
        counters.rows += 1
        counters.partialRows += isPartial ? 1 : 0
        counters.placedTrades += row.trades.count
        counters.placedLiquidations += row.liquidations.count
        rows.append(row)
    }

    private func latest(_ known: [Arrival], _ kind: Timeline.Kind, before edge: Int64) -> Arrival? {
        known.filter { $0.event.kind == kind && $0.time < edge }.max { ($0.time, $0.seq) < ($1.time, $1.seq) }
    }

    private func fillBook(_ row: inout Row, _ instrument: Int, _ seq: Int, _ left: Int64, _ right: Int64) {
        // When each change becomes visible (running maximum over all changes), and its time (over the
        // messages).
        let changes = bookChanges.filter { $0.instrument == instrument && $0.seq < seq }
        var shows = Int64.min
        var messageTime = Int64.min
        var message: Int?
        var gappedSince: Int64?
        for change in changes {
            shows = max(shows, change.time)
            if change.message != nil {
                messageTime = max(messageTime, change.time)
                message = change.message
            }
            if shows < right {
                row.bookState = change.state
                row.book = change.state == .synced ? message : nil
                row.bookTime = change.state == .synced ? messageTime : nil
            }
            if change.state == .gapped {
                gappedSince = gappedSince ?? shows
                if shows >= left, shows < right, gappedSince == shows { row.gap = true }
            } else {
                if let since = gappedSince, since < right, shows > left { row.gap = true }
                gappedSince = nil
            }
        }
        if let since = gappedSince, since < right { row.gap = true }
    }

    private func fillFeeds(_ row: inout Row, _ instrument: Int, _ seq: Int, _ left: Int64, _ right: Int64) {
        let kinds: [FeedKinds] = [.book, .trades, .liquidations, .fundingRates, .openInterest]
        for kind in kinds {
            let spans = spans(of: kind, instrument, seq)
            let isCovered = spans.contains { $0.0 <= left && $0.1 >= right }
            if isCovered { row.observed.insert(kind) }
            if let first = spans.first, first.0 < right, !isCovered { row.gap = true }
        }
    }

    private func spans(of kind: FeedKinds, _ instrument: Int, _ seq: Int) -> [(Int64, Int64)] {
        var spans: [(Int64, Int64)] = []
        var carriers: Set<Int32> = []
        var through = Int64.min
        for change in feedChanges
        where change.instrument == instrument && change.kind == kind && change.seq <= seq {
            if change.begins {
                guard carriers.insert(change.connection).inserted, carriers.count == 1 else { continue }
                through = .min
                if let last = spans.last, last.1 >= change.time {
                    spans[spans.count - 1].1 = .max
                } else {
                    spans.append((change.time, .max))
                }
            } else if carriers.remove(change.connection) != nil {
                through = max(through, change.time)
                if carriers.isEmpty { spans[spans.count - 1].1 = max(spans[spans.count - 1].0, through) }
            }
        }
        return spans
    }
}
