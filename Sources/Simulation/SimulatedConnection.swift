import Exchanges
import MarketModel

/// One connection: its markets, its publisher and its faults.
struct SimulatedConnection: Sendable {
    private var publisher: SimulatedPublisher
    private(set) var stream: SimulatedStream
    /// The next frame to return, as an index of the stream's records.
    private var next = 0
    private var isOpen = false
    /// Crossing bids by market: until when, and their keys.
    private var crossings: [(until: Int64, key: Int64)?]
    /// By market: when the next book message may be sent, and whether one is pending.
    private var books: [(from: Int64, isDue: Bool)]

    init(_ plan: SimulationPlan, _ venue: SimulationPlan.Venue) {
        publisher = SimulatedPublisher(venue, seedsAtOnce: plan.hasSeedsAtOnce)
        stream = SimulatedStream(plan: plan, venue: venue, habits: publisher.habits)
        crossings = Array(repeating: nil, count: venue.symbols.count)
        books = Array(repeating: (0, false), count: venue.symbols.count)
    }

    /// The next frame; simulates on if there is none.
    mutating func head() -> SimulatedStream.Record {
        while next >= stream.records.count {
            stream.clear()
            next = 0
            advance()
        }
        return stream.records[next]
    }

    mutating func dropHead() { next += 1 }

    private mutating func advance() {
        guard isOpen else {
            isOpen = true
            stream.status("connecting")
            stream.status("connected")
            for index in stream.markets.indices { stream.markets[index].published() }
            publisher.open(&stream)
            return
        }
        if stream.strikes(.reconnect) { return reconnect() }
        if stream.strikes(.silence) {
            stream.pause(Int64(stream.random.between(1_000, 9_000)) * UnixTime.millisecond)
        }
        let index = stream.nextMarket()
        let time = stream.markets[index].clock.time
        if let due = firstDue(before: time) {
            stream.now = max(stream.now, books[due].from)
            return publish(due)
        }
        stream.now = max(stream.now, time)
        // Publish first the levels that an order trades with, unless whole books come by their own pace.
        let tellsChanges = !publisher.habits.sendsWholeBooks
        if tellsChanges, publisher.forcesTrade(index, stream.now), stream.markets[index].hasChanges {
            publish(index)
        }
        publisher.keepTime(index, &stream)
        if tellsChanges, stream.markets[index].clock.kind == .trade, stream.markets[index].hasChanges {
            publish(index)
        }
        if stream.markets[index].step(&stream.random) { publisher.publishTrades(index, &stream) }
        books[index].isDue = true
        if books[index].from <= stream.now { publish(index) }
    }

    /// The market whose book message was delayed the longest, if it is due by then.
    private func firstDue(before time: Int64) -> Int? {
        var first: Int?
        for index in books.indices where books[index].isDue && books[index].from < time {
            if let found = first, books[found].from <= books[index].from { continue }
            first = index
        }
        return first
    }

    private mutating func publish(_ index: Int) {
        books[index] = (stream.now + stream.markets[index].publication.cadence, false)
        if stream.strikes(.gap) { publisher.loseMessages(index, &stream) }
        stream.markets[index].fitDepth(&stream.random)
        cross(index)
        if stream.strikes(.restart) {
            crossings[index] = nil
            publisher.publishSnapshot(index, restarted: true, &stream)
        } else {
            publisher.publishBook(index, &stream)
        }
        stream.markets[index].published()
    }

    /// With checksums a lost delete shows as a failed checksum instead.
    private mutating func cross(_ index: Int) {
        guard publisher.canCross else { return }
        if let crossing = crossings[index] {
            guard stream.now >= crossing.until else { return }
            stream.markets[index].uncross(crossing.key)
            crossings[index] = nil
        } else if stream.strikes(.crossed) {
            let key = stream.markets[index].crossBook(&stream.random)
            let duration = Int64(stream.random.between(20, 2_500)) * UnixTime.millisecond
            crossings[index] = (stream.now + duration, key)
        }
    }

    private mutating func reconnect() {
        stream.status("disconnected")
        stream.pause(Int64(stream.random.between(100, 4_000)) * UnixTime.millisecond)
        isOpen = false
        for index in crossings.indices { (crossings[index], books[index]) = (nil, (0, false)) }
    }
}
