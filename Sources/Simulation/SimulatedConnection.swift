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
            for index in line.markets.indices { line.markets[index].published() }
            venue.open(&line)
            return
        }
        if line.strikes(.reconnect) { return reconnect() }
        if line.strikes(.silence) {
            line.pause(Int64(line.random.between(1_000, 9_000)) * UnixTime.millisecond)
        }
        let index = line.nextMarket()
        let time = line.markets[index].clock.time
        if let due = firstDue(before: time) {
            line.now = max(line.now, books[due].from)
            return publish(due)
        }
        line.now = max(line.now, time)
        // What an order trades with has been published.
        if venue.forcesTrade(index, line.now), line.markets[index].hasChanges { publish(index) }
        venue.keepTime(index, &line)
        if line.markets[index].clock.kind == .trade, line.markets[index].hasChanges { publish(index) }
        if line.markets[index].step(&line.random) { venue.publishTrades(index, &line) }
        books[index].isDue = true
        if books[index].from <= line.now { publish(index) }
    }

    /// The market whose book message was put off the longest, if it is due by then.
    private func firstDue(before time: Int64) -> Int? {
        var first: Int?
        for index in books.indices where books[index].isDue && books[index].from < time {
            if let found = first, books[found].from <= books[index].from { continue }
            first = index
        }
        return first
    }

    private mutating func publish(_ index: Int) {
        books[index] = (line.now + line.markets[index].publication.cadence, false)
        if line.strikes(.gap) { venue.loseMessages(index, &line) }
        line.markets[index].settle(&line.random)
        cross(index)
        if line.strikes(.restart) {
            crossings[index] = nil
            venue.publishSnapshot(index, restarted: true, &line)
        } else {
            venue.publishBook(index, &line)
        }
        line.markets[index].published()
    }

    /// Where a checksum proves each book, a lost delete shows as a failed checksum instead.
    private mutating func cross(_ index: Int) {
        guard venue.canCross else { return }
        if let crossing = crossings[index] {
            guard line.now >= crossing.until else { return }
            line.markets[index].uncross(crossing.key)
            crossings[index] = nil
        } else if line.strikes(.crossed) {
            let key = line.markets[index].crossBook(&line.random)
            let duration = Int64(line.random.between(20, 2_500)) * UnixTime.millisecond
            crossings[index] = (line.now + duration, key)
        }
    }

    private mutating func reconnect() {
        line.status("disconnected")
        line.pause(Int64(line.random.between(100, 4_000)) * UnixTime.millisecond)
        isOpen = false
        for index in crossings.indices { (crossings[index], books[index]) = (nil, (0, false)) }
    }
}
