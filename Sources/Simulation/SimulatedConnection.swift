import MarketModel

/// One connection: its markets move, its venue writes, its faults strike.
struct SimulatedConnection: Sendable {
    private var venue: any SimulatedVenue
    private(set) var line: SimulatedLine
    /// The next frame to hand on, a place in the line's records.
    private var next = 0
    private var isOpen = false
    /// Crossing bids by market: until when, and where.
    private var crossings: [(until: Int64, key: Int64)?]
    /// By market: from when on a book message may be sent, and whether one is to be.
    private var books: [(from: Int64, isDue: Bool)]

    init(_ plan: SimulationPlan, _ venue: SimulationPlan.Venue) {
        let count = venue.symbols.count
        switch venue.exchange {
        case "bybit":
            self.venue = SimulatedBybit(market: venue.market, depth: venue.bookDepth, symbols: count)
        case "coinbase":
            self.venue = SimulatedCoinbase(levels: venue.bookDepth, symbols: count)
        default:
            self.venue = SimulatedKraken(depth: venue.bookDepth, symbols: count)
        }
        line = SimulatedLine(plan: plan, venue: venue, publication: self.venue.publication)
        crossings = Array(repeating: nil, count: count)
        books = Array(repeating: (0, false), count: count)
    }

    /// The frame handed on next; makes one if there is none.
    mutating func head() -> SimulatedLine.Record {
        while next >= line.records.count {
            line.clear()
            next = 0
            advance()
        }
        return line.records[next]
    }

    mutating func dropHead() { next += 1 }

    private mutating func advance() {
        guard isOpen else {
            isOpen = true
            line.status("connecting")
            line.status("connected")
            for place in line.markets.indices { line.markets[place].published() }
            venue.open(&line)
            return
        }
        if line.strikes(.reconnect) { return reconnect() }
        if line.strikes(.silence) {
            line.pause(Int64(line.random.between(1_000, 9_000)) * UnixTime.millisecond)
        }
        let place = line.nextMarket()
        let time = line.markets[place].clock.time
        if let due = firstDue(before: time) {
            line.now = max(line.now, books[due].from)
            return publish(due)
        }
        line.now = max(line.now, time)
        // What an order trades with has been published.
        if venue.forcesTrade(place, line.now), line.markets[place].hasChanges { publish(place) }
        venue.keepTime(place, &line)
        if line.markets[place].clock.kind == .trade, line.markets[place].hasChanges { publish(place) }
        if line.markets[place].step(&line.random) { venue.publishTrades(place, &line) }
        books[place].isDue = true
        if books[place].from <= line.now { publish(place) }
    }

    /// The market whose book message was put off the longest, if it is due by then.
    private func firstDue(before time: Int64) -> Int? {
        var first: Int?
        for place in books.indices where books[place].isDue && books[place].from < time {
            if let found = first, books[found].from <= books[place].from { continue }
            first = place
        }
        return first
    }

    private mutating func publish(_ place: Int) {
        books[place] = (line.now + line.markets[place].publication.cadence, false)
        if line.strikes(.gap) { venue.loseMessages(place, &line) }
        line.markets[place].settle(&line.random)
        cross(place)
        if line.strikes(.restart) {
            crossings[place] = nil
            venue.publishSnapshot(place, restarted: true, &line)
        } else {
            venue.publishBook(place, &line)
        }
        line.markets[place].published()
    }

    /// Where a checksum proves each book, a lost delete shows as a failed checksum instead.
    private mutating func cross(_ place: Int) {
        guard venue.canCross else { return }
        if let crossing = crossings[place] {
            guard line.now >= crossing.until else { return }
            line.markets[place].uncross(crossing.key)
            crossings[place] = nil
        } else if line.strikes(.crossed) {
            let key = line.markets[place].crossBook(&line.random)
            let duration = Int64(line.random.between(20, 2_500)) * UnixTime.millisecond
            crossings[place] = (line.now + duration, key)
        }
    }

    private mutating func reconnect() {
        line.status("disconnected")
        line.pause(Int64(line.random.between(100, 4_000)) * UnixTime.millisecond)
        isOpen = false
        for place in crossings.indices { (crossings[place], books[place]) = (nil, (0, false)) }
    }
}
