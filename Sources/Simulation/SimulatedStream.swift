import Exchanges
import MarketModel

/// The state behind a connection's frames: markets, clock, latency, faults, text.
struct SimulatedStream: Sendable {
    /// A frame in ``text``.
    struct Record: Sendable {
        var kind: SimulatedFrame.Kind
        /// The path of the request that a reply answers.
        var path: String
        var time: Int64
        var start: Int
        var end: Int
    }

    var random: SimulationRandom
    var markets: [SimulatedMarket]
    let faults: SimulationFaults
    /// Whether the venue omits trailing zeros of fractions.
    private let trimsZeros: Bool
    var text = FrameWriter()
    private(set) var records: [Record] = []
    /// The venue's time.
    var now: Int64
    private var lastReceipt: Int64
    private var frameStart = 0

    init(plan: SimulationPlan, venue: SimulationPlan.Venue, habits: SimulationHabits) {
        let name = "\(venue.exchange) \(venue.market.rawValue)"
        random = SimulationRandom(seed: plan.seed, stream: name)
        faults = plan.faults
        trimsZeros = habits.trimsZeros
        now = plan.start + Int64(random.below(Int(UnixTime.second)))
        lastReceipt = now
        // Of whole books the messages alone are cut: what lies beyond comes into view again.
        let isWhole = habits.sendsWholeBooks
        let publication = SimulatedMarket.Publication(
            depth: isWhole ? nil : habits.depth,
            deletesBeyondDepth: habits.deletesBeyondDepth,
            levels: isWhole ? venue.bookDepth + 10 : venue.bookDepth,
            cadence: habits.cadence
        )
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

    /// Ends the frame made of the text since the last one; none where the venue has nothing to say.
    mutating func end(_ kind: SimulatedFrame.Kind = .received, path: String = "") {
        guard text.count > frameStart else { return }
        var time = lastReceipt
        if kind == .received {
            // Two milliseconds plus a random tail.
            time = max(time, now + 2 * UnixTime.millisecond + random.exponential(mean: 3e6))
            lastReceipt = time
        }
        time = max(time, now)
        lastReceipt = time
        records.append(Record(kind: kind, path: path, time: time, start: frameStart, end: text.count))
        frameStart = text.count
    }

    /// Records what happened to the connection.
    mutating func status(_ state: String) {
        text.append(state)
        end(.status)
    }

    /// Removes the frames after they were returned.
    mutating func clear() {
        records.removeAll(keepingCapacity: true)
        text.removeAll()
        frameStart = 0
    }

    /// The venue's time of an event now, including its clock error.
    mutating func stamp(lag: Int64 = 0) -> Int64 {
        guard strikes(.skew) else { return now - lag }
        if random.chance(0.2) { return now + Int64(random.between(10_100, 40_000)) * UnixTime.millisecond }
        return now + Int64(random.between(-4_000, 4_000)) * UnixTime.millisecond
    }

    // MARK: - What happens next

    /// The market with the earliest arrival.
    func nextMarket() -> Int {
        var first = 0
        for index in markets.indices where markets[index].clock.time < markets[first].clock.time {
            first = index
        }
        return first
    }

    /// Skips a while on all markets.
    mutating func pause(_ duration: Int64) {
        now += duration
        for index in markets.indices { markets[index].clock.wait(until: now) }
    }

    // MARK: - Numbers as the symbol writes them

    func price(_ ticks: Int64, _ market: Int) -> FixedDecimal {
        let profile = markets[market].profile
        return number(ticks * profile.tick, decimals: profile.priceDecimals)
    }

    func size(_ units: Int64, _ market: Int) -> FixedDecimal {
        number(units, decimals: markets[market].profile.sizeDecimals)
    }

    private func level(_ ticks: Int64, _ units: Int64, _ market: Int) -> PriceLevel {
        PriceLevel(price: price(ticks, market), size: size(units, market))
    }

    /// Levels of a side, best first.
    func appendLevels(of side: Int, _ market: Int, atMost count: Int = .max, to levels: inout [PriceLevel]) {
        let ladder = markets[market].sides[side].levels
        for index in 0..<min(count, ladder.count) {
            levels.append(level(Self.ticks(ladder.key(at: index), side), ladder.size(at: index), market))
        }
    }

    /// Changes of a side since the last message: all, or those of a kind.
    func appendChanges(
        of side: Int,
        _ market: Int,
        only change: BookMessage.Change? = nil,
        to levels: inout [PriceLevel]
    ) {
        let changes = markets[market].sides[side].changes
        for index in 0..<changes.count where change == nil || changes.change(at: index) == change {
            levels.append(level(Self.ticks(changes.keys[index], side), changes.sizes[index], market))
        }
    }

    private static func ticks(_ key: Int64, _ side: Int) -> Int64 {
        side == SimulatedMarket.bidSide ? key : -key
    }

    private func number(_ units: Int64, decimals: Int) -> FixedDecimal {
        var (units, decimals) = (units, decimals)
        while trimsZeros, decimals > 0, units % 10 == 0 {
            units /= 10
            decimals -= 1
        }
        return FixedDecimal(mantissa: units, scale: UInt8(decimals))
    }
}
