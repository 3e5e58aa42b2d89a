import MarketModel

/// What all venues' connections have: markets, a clock, latency, faults, and the text they put out.
struct SimulatedLine: Sendable {
    /// A frame in ``text``.
    struct Record: Sendable {
        var kind: SimulatedFrame.Kind
        var time: Int64
        var start: Int
        var end: Int
    }

    var random: SimulationRandom
    var markets: [SimulatedMarket]
    /// The symbols, as JSON needs them.
    let symbols: [[UInt8]]
    let faults: SimulationFaults
    /// Whether the venue writes no zeros at the end of a fraction.
    private let trimsZeros: Bool
    var text = FrameText()
    private(set) var records: [Record] = []
    /// The venue's time.
    var now: Int64
    private var lastReceipt: Int64
    private var frameStart = 0

    init(plan: SimulationPlan, venue: SimulationPlan.Venue, publication: SimulatedMarket.Publication) {
        let name = "\(venue.exchange) \(venue.market.rawValue)"
        random = SimulationRandom(seed: plan.seed, stream: name)
        symbols = venue.symbols.map { Array($0.symbol.utf8) }
        faults = plan.faults
        // Seen in the venues' frames: Bybit's contracts and Kraken write all digits.
        trimsZeros = venue.exchange == "coinbase" || (venue.exchange == "bybit" && venue.market == .spot)
        now = plan.start + Int64(random.below(Int(UnixTime.second)))
        lastReceipt = now
        markets = []
        for var profile in venue.symbols {
            profile.bookRate *= plan.activity
            profile.tradeRate *= plan.activity
            markets.append(
                SimulatedMarket(profile, publication: publication, start: now, random: &random)
            )
        }
    }

    mutating func strikes(_ fault: SimulationFault) -> Bool { random.chance(faults[fault]) }

    // MARK: - Frames

    /// Ends the frame whose text was added since the last one.
    mutating func end(_ kind: SimulatedFrame.Kind = .received) {
        var time = lastReceipt
        if kind == .received {
            // Two milliseconds of distance and a tail.
            time = max(time, now + 2 * UnixTime.millisecond + random.exponential(mean: 3e6))
            lastReceipt = time
        }
        time = max(time, now)
        lastReceipt = time
        records.append(Record(kind: kind, time: time, start: frameStart, end: text.count))
        frameStart = text.count
    }

    /// Tells what happened to the connection.
    mutating func status(_ state: StaticString) {
        text.add(state)
        end(.status)
    }

    /// Forgets the frames: they were handed on.
    mutating func clear() {
        records.removeAll(keepingCapacity: true)
        text.removeAll()
        frameStart = 0
    }

    /// The venue's time of an event now; its clock may be off.
    mutating func stamp(lag: Int64 = 0) -> Int64 {
        guard strikes(.skew) else { return now - lag }
        if random.chance(0.2) { return now + Int64(random.between(10_100, 40_000)) * UnixTime.millisecond }
        return now + Int64(random.between(-4_000, 4_000)) * UnixTime.millisecond
    }

    // MARK: - What happens next

    /// The market where something happens first.
    func nextMarket() -> Int {
        var first = 0
        for index in markets.indices where markets[index].clock.time < markets[first].clock.time {
            first = index
        }
        return first
    }

    /// Nothing happens on any market for a while.
    mutating func pause(_ duration: Int64) {
        now += duration
        for index in markets.indices { markets[index].clock.wait(until: now) }
    }

    // MARK: - Numbers as the symbol writes them

    mutating func addPrice(_ ticks: Int64, _ market: Int) {
        let profile = markets[market].profile
        addNumber(ticks * profile.tick, decimals: profile.priceDecimals)
    }

    mutating func addSize(_ units: Int64, _ market: Int) {
        addNumber(units, decimals: markets[market].profile.sizeDecimals)
    }

    private mutating func addNumber(_ units: Int64, decimals: Int) {
        if trimsZeros {
            text.add(trimmed: units, decimals: decimals)
        } else {
            text.add(units, decimals: decimals)
        }
    }
}

/// How a venue writes what happens.
protocol SimulatedVenue: Sendable {
    /// How it publishes books.
    var publication: SimulatedMarket.Publication { get }
    /// Whether a crossed book can go unnoticed.
    var canCross: Bool { get }

    /// The connection opens: subscriptions, acks, snapshots, recent trades.
    mutating func open(_ line: inout SimulatedLine)
    /// A book message of what changed.
    mutating func publishBook(_ market: Int, _ line: inout SimulatedLine)
    /// A snapshot of the book; `restarted` if the service was.
    mutating func publishSnapshot(_ market: Int, restarted: Bool, _ line: inout SimulatedLine)
    /// The fills of the market's last order.
    mutating func publishTrades(_ market: Int, _ line: inout SimulatedLine)
    /// Messages are lost on the way.
    mutating func loseMessages(_ market: Int, _ line: inout SimulatedLine)
    /// What comes by time alone: heartbeats, pongs, tickers, liquidations.
    mutating func keepTime(_ market: Int, _ line: inout SimulatedLine)
    /// Whether ``keepTime(_:_:)`` will bring a forced order at a time.
    func forcesTrade(_ market: Int, _ now: Int64) -> Bool
}

extension SimulatedVenue {
    func forcesTrade(_ market: Int, _ now: Int64) -> Bool { false }
}
