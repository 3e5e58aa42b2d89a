import MarketModel
import OrderBooks
import Synchronizer

extension NaiveSynchronizer {
    /// The state of connections, collected in a first pass over the stream.
    private struct Desk {
        var ids: [Int: Set<String>] = [:]
        var messages: [Int: Int] = [:]
        var fundings = 0
        var interests = 0
        var previous: [Int32: Int64] = [:]
        var current: [Int32: Int64] = [:]
        var followed: [Int: Int32] = [:]
        var bookSeen: Set<Int> = []
        /// Instruments of each connection in order of appearance, and the kinds live for all of them.
        var met: [Int32: [Int]] = [:]
        var common: [Int32: [(FeedKinds, Int64)]] = [:]
        var live: [String: Bool] = [:]
    }

    mutating func collect(_ timeline: Timeline) {
        var desk = Desk()
        var pending: [Int64] = []
        if case .times(let times) = options.ticks { pending = times }
        var seq = 0
        for step in timeline.steps {
            seq += 1
            switch step {
            case .tick(let time):
                lastFrame = max(lastFrame, time)
                ticks.append((seq, time))
                available[seq] = lastFrame
            case .cut(let connection, let time):
                endFeeds(of: connection, at: desk.current[connection], seq, &desk)
                gapBooks(of: connection, at: time, seq, &desk)
            case .frame(let frame):
                collect(frame, &seq, &pending, &desk)
            }
        }
        end = seq + 1
    }

    private mutating func collect(
        _ frame: Timeline.Frame,
        _ seq: inout Int,
        _ pending: inout [Int64],
        _ desk: inout Desk
    ) {
        let connection = frame.connection
        if frame.events.contains(where: { $0.kind == .lost }) {
            endFeeds(of: connection, at: desk.current[connection], seq, &desk)
        }
        for event in frame.events {
            guard case .unsubscribed(let kinds) = event.kind else { continue }
            guard let last = desk.current[connection] else { continue }
            end(kinds, event.instrument, connection, last, seq, &desk)
        }
        seq += 1
        desk.previous[connection] = desk.current[connection]
        desk.current[connection] = time(frame.receive, frame.venue).time
        let isFirst = lastFrame == .min
        let passed = index(frame.receive) > index(isFirst ? frame.receive : lastFrame)
        lastFrame = frame.receive
        if options.clock == .external {
            if options.ticks == .everyPeriod {
                if isFirst || passed { ticks.append((seq, index(frame.receive) * options.period)) }
            } else {
                while let next = pending.first, next <= frame.receive {
                    seq += 1
                    ticks.append((seq, pending.removeFirst()))
                    available[seq] = frame.receive
                }
            }
        }
        available[seq] = frame.receive
        for event in frame.events {
            seq += 1
            available[seq] = frame.receive
            collect(event, frame, seq, &desk)
        }
    }

    private func time(_ receive: Int64, _ venue: Int64?) -> (time: Int64, isTrusted: Bool) {
        guard options.timeBasis == .exchange, let venue else { return (receive, true) }
        return venue - receive > 10_000_000_000 ? (receive, false) : (venue, true)
    }

    private mutating func collect(
        _ event: Timeline.Event,
        _ frame: Timeline.Frame,
        _ seq: Int,
        _ desk: inout Desk
    ) {
        let (time, isTrusted) = time(frame.receive, event.venue)
        let frameTime = desk.current[frame.connection] ?? frame.receive
        let instrument = event.instrument
        var number = 0
        switch event.kind {
        case .lost:
            gapBooks(of: frame.connection, at: frameTime, seq, &desk)
            return
        case .bookFault:
            desk.bookSeen.insert(instrument)
            bookChanges.append(BookChange(seq: seq, instrument: instrument, time: frameTime, state: .gapped))
            return
        case .live(let kinds, let all):
            if all {
                desk.common[frame.connection, default: []].append((kinds, time))
                for met in desk.met[frame.connection] ?? [] {
                    begin(kinds, met, frame.connection, time, seq, &desk)
                }
            } else {
                meet(instrument, frame.connection, seq, &desk)
                begin(kinds, instrument, frame.connection, time, seq, &desk)
            }
            return
        case .unsubscribed(let kinds):
            let ended = desk.previous[frame.connection] ?? frameTime
            if kinds.contains(.book) {
                let change = BookChange(
                    seq: seq,
                    instrument: instrument,
                    time: frameTime,
                    state: .awaitingSnapshot
                )
                bookChanges.append(change)
            }
            end(kinds, instrument, frame.connection, ended, seq, &desk)
            return
        case .trade, .snapshotTrade: hear(.trades, instrument, frame, seq, &desk)
        case .liquidation: hear(.liquidations, instrument, frame, seq, &desk)
        case .funding:
            hear(.fundingRates, instrument, frame, seq, &desk)
            desk.fundings += 1
            number = desk.fundings
        case .interest:
            hear(.openInterest, instrument, frame, seq, &desk)
            desk.interests += 1
            number = desk.interests
        case .book(let isGapped):
            hear(.book, instrument, frame, seq, &desk)
            desk.followed[instrument] = frame.connection
            desk.bookSeen.insert(instrument)
            number = desk.messages[instrument, default: 0] + 1
            desk.messages[instrument] = number
            let state: OrderBook.State = isGapped ? .gapped : .synced
            let change = BookChange(
                seq: seq,
                instrument: instrument,
                time: time,
                state: state,
                message: number
            )
            bookChanges.append(change)
        }
        if !joins.contains(where: { $0.instrument == instrument }) { joins.append((instrument, seq)) }
        if event.kind == .snapshotTrade {
            counters.snapshotTrades += 1
            return
        }
        if event.kind == .trade, let id = event.id, !desk.ids[instrument, default: []].insert(id).inserted {
            counters.duplicateTrades += 1
            return
        }
        if !isTrusted { counters.badTime += 1 }
        var kept = event
        if case .book = event.kind { kept.kind = .book(isGapped: false) }
        arrivals.append(
            Arrival(
                seq: seq,
                receive: frame.receive,
                connection: frame.connection,
                event: kept,
                time: time,
                isTrusted: isTrusted,
                number: number
            )
        )
    }

    // MARK: - Feeds

    private mutating func hear(
        _ kind: FeedKinds,
        _ instrument: Int,
        _ frame: Timeline.Frame,
        _ seq: Int,
        _ desk: inout Desk
    ) {
        meet(instrument, frame.connection, seq, &desk)
        let time = desk.current[frame.connection] ?? frame.receive
        begin(kind, instrument, frame.connection, time, seq, &desk)
    }

    private mutating func meet(_ instrument: Int, _ connection: Int32, _ seq: Int, _ desk: inout Desk) {
        if desk.met[connection, default: []].contains(instrument) { return }
        desk.met[connection, default: []].append(instrument)
        for (kinds, since) in desk.common[connection] ?? [] {
            begin(kinds, instrument, connection, since, seq, &desk)
        }
    }

    private mutating func begin(
        _ kinds: FeedKinds,
        _ instrument: Int,
        _ connection: Int32,
        _ time: Int64,
        _ seq: Int,
        _ desk: inout Desk
    ) {
        let all: [FeedKinds] = [.book, .trades, .liquidations, .fundingRates, .openInterest]
        for kind in all where kinds.contains(kind) {
            feedChanges.append(
                FeedChange(
                    seq: seq,
                    instrument: instrument,
                    kind: kind,
                    connection: connection,
                    time: time,
                    begins: true
                )
            )
        }
    }

    private mutating func end(
        _ kinds: FeedKinds,
        _ instrument: Int,
        _ connection: Int32,
        _ time: Int64,
        _ seq: Int,
        _ desk: inout Desk
    ) {
        let all: [FeedKinds] = [.book, .trades, .liquidations, .fundingRates, .openInterest]
        for kind in all where kinds.contains(kind) {
            feedChanges.append(
                FeedChange(
                    seq: seq,
                    instrument: instrument,
                    kind: kind,
                    connection: connection,
                    time: time,
                    begins: false
                )
            )
        }
    }

    private mutating func endFeeds(
        of connection: Int32,
        at time: Int64?,
        _ seq: Int,
        _ desk: inout Desk
    ) {
        guard let time else { return }
        desk.common[connection] = []
        for instrument in desk.met[connection] ?? [] {
            end(.all, instrument, connection, time, seq, &desk)
        }
    }

    private mutating func gapBooks(of connection: Int32, at time: Int64, _ seq: Int, _ desk: inout Desk) {
        for (instrument, follower) in desk.followed.sorted(by: { $0.key < $1.key })
        where follower == connection {
            bookChanges.append(BookChange(seq: seq, instrument: instrument, time: time, state: .gapped))
        }
    }
}
