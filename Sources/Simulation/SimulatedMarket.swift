import Exchanges
import MarketModel

/// One symbol's market: a book, market orders, funding and open interest.
///
/// Prices are in ticks, as keys of ``Ladder``; see ``SimulatedSide`` for what has changed.
struct SimulatedMarket: Sendable {
    /// A fill of a market order at one level.
    struct Fill: Sendable {
        var ticks: Int64
        var units: Int64
        /// Its number in this market, from 1.
        var number: Int64
    }

    /// How a venue publishes a book.
    struct Publication: Sendable {
        /// Levels a side of snapshots and messages; nil = all.
        var depth: Int?
        /// Whether levels pushed out of the depth are deleted on the wire.
        var deletesBeyondDepth: Bool
        /// Initial levels a side.
        var levels: Int
        /// The least time between book messages, in nanoseconds; 0 = one per change.
        var cadence: Int64 = 0
    }

    let profile: SymbolProfile
    let publication: Publication
    var clock: OrderFlowClock
    private var fair: FairPrice
    /// The spread that makers currently want, in ticks.
    private var wanted: Int64 = 1
    /// The bids, then the asks.
    private(set) var sides: [2 of SimulatedSide]
    private(set) var fills: [Fill] = []
    /// Whether the last market order bought.
    private(set) var takerBuys = true
    private(set) var tradeCount: Int64
    var interest: Int64
    /// In units of 10⁻⁸.
    var fundingRate: Int64

    init(_ profile: SymbolProfile, publication: Publication, start: Int64, random: inout SimulationRandom) {
        self.profile = profile
        self.publication = publication
        fair = FairPrice(profile, start: start, random: &random)
        clock = OrderFlowClock(
            start: start,
            bookRate: profile.bookRate,
            tradeRate: profile.tradeRate,
            random: &random
        )
        let best = profile.startTicks
        let bids = Self.ladder(from: best - 1, publication.levels, profile, &random)
        let asks = Self.ladder(from: -best, publication.levels, profile, &random)
        sides = [SimulatedSide(bids), SimulatedSide(asks)]
        tradeCount = Int64(random.between(40_000_000, 900_000_000))
        interest = profile.levelSize * Int64(random.between(4_000, 6_000))
        fundingRate = Int64(random.between(-3_000, 10_000))
        drawSpread(&random)
    }

    static let (bidSide, askSide) = (0, 1)

    private static func ladder(
        from best: Int64,
        _ count: Int,
        _ profile: SymbolProfile,
        _ random: inout SimulationRandom
    ) -> Ladder {
        var keys: [Int64] = []
        var sizes: [Int64] = []
        var key = best
        for index in 0..<count {
            keys.append(key)
            sizes.append(Self.levelSize(at: index, profile, &random))
            key -= step(after: index, profile, &random)
        }
        return Ladder(worstFirst: keys.reversed(), sizes: sizes.reversed())
    }

    /// Ticks to the next worse level: one near the top, growing with depth.
    private static func step(
        after index: Int,
        _ profile: SymbolProfile,
        _ random: inout SimulationRandom
    ) -> Int64 {
        let mean = (profile.gap - 1) * Double(min(index, 20)) / 20 * (index > 200 ? 4 : 1)
        return 1 + random.exponential(mean: mean)
    }

    /// Sizes grow with depth, are skewed, and sometimes large and round.
    ///
    /// In sparse books the best level is large.
    private static func levelSize(
        at index: Int,
        _ profile: SymbolProfile,
        _ random: inout SimulationRandom
    ) -> Int64 {
        let isCrowded = index == 0 && profile.gap >= 3
        let slope = isCrowded ? 1.6 : 0.35 + Double(min(index, 40)) * 0.035
        let draw = random.exponential()
        let size = 1 + Int64(Double(profile.levelSize) * slope * draw * (random.chance(0.04) ? 7 : 1))
        return random.chance(0.15) ? round(size) : size
    }

    /// A round size: one significant digit, or two if it is large.
    private static func round(_ size: Int64) -> Int64 {
        guard size > 10 else { return size }
        var unit: Int64 = 1
        while unit * 20 <= size { unit *= 10 }
        return size / unit * unit
    }

    // MARK: - Order flow

    /// Simulates the next arrival; returns true for a trade.
    mutating func step(_ random: inout SimulationRandom) -> Bool {
        fair.age(to: clock.time, &random)
        let isTrade = clock.kind == .trade
        if isTrade { trade(&random) } else { moveBook(&random) }
        clock.activity = fair.activity
        clock.advance(&random)
        return isTrade
    }

    /// The activity relative to the usual.
    var activity: Double { fair.activity }

    /// Adds, changes and removes orders, mostly near the top.
    mutating func moveBook(_ random: inout SimulationRandom) {
        requote(Self.bidSide, &random)
        requote(Self.askSide, &random)
        narrowSpread(&random)
        let count = 1 + Int(random.exponential() * 3)
        for _ in 0..<min(count, 40) { changeLevel(Self.anySide(&random), &random) }
    }

    /// Removes quotes that would trade at a loss.
    private mutating func requote(_ side: Int, _ random: inout SimulationRandom) {
        let worth = side == Self.bidSide ? fair.ticks : -fair.ticks
        var left = 24
        while left > 0 {
            let best = sides[side].levels.bestKey
            guard Double(best) > worth, random.chance(0.95) else { return }
            if sides[side].levels.count < 6 { deepen(side, after: 5, &random) }
            sides[side].set(best, 0)
            left -= 1
        }
    }

    private static func anySide(_ random: inout SimulationRandom) -> Int {
        random.chance(0.5) ? bidSide : askSide
    }

    /// A wide spread attracts better quotes, on the side farther from the fair price.
    private mutating func narrowSpread(_ random: inout SimulationRandom) {
        if random.chance(0.03) { drawSpread(&random) }
        if bestAsk - bestBid < wanted, random.chance(0.3) { widenSpread(&random) }
        while true {
            let (bid, ask) = (bestBid, bestAsk)
            let room = ask - bid - wanted
            guard room > 0, random.chance(0.95) else { return }
            let lean = fair.ticks - Double(bid + ask) / 2
            let isBid = lean == 0 ? random.chance(0.5) : lean > 0
            let edge = Double(wanted - 1) / 2
            let aim = isBid ? fair.ticks - edge - Double(bid) : Double(ask) - fair.ticks - edge
            let better = max(1, min(room, Int64(max(-1, min(aim, 1e12)))))
            sides[isBid ? Self.bidSide : Self.askSide].set(
                (isBid ? bid : -ask) + better,
                size(at: 0, &random)
            )
        }
    }

    /// The prices of the best levels, in ticks.
    var bestBid: Int64 { sides[Self.bidSide].levels.bestKey }
    var bestAsk: Int64 { -sides[Self.askSide].levels.bestKey }

    private mutating func drawSpread(_ random: inout SimulationRandom) {
        let half = (profile.spread - 1) / 2
        wanted = 1 + Int64((random.exponential() + random.exponential()) * half)
    }

    /// A maker who wants more steps back.
    private mutating func widenSpread(_ random: inout SimulationRandom) {
        let side = Self.anySide(&random)
        if sides[side].levels.count > 5 { sides[side].set(sides[side].levels.bestKey, 0) }
    }

    private mutating func changeLevel(_ side: Int, _ random: inout SimulationRandom) {
        // Avoids a copy of the side, which would be copied again on change.
        let count = sides[side].levels.count
        let reach = random.exponential() * (random.chance(0.1) ? 60 : 6)
        let index = min(Int(reach), count - 1)
        let key = sides[side].levels.key(at: index)
        guard index + 1 < count, random.chance(0.45) else {
            return sides[side].set(key, size(at: index, &random))
        }
        // Adds levels where they are sparse and removes them where they are dense, so that their distance
        // stays the same.
        let room = key - sides[side].levels.key(at: index + 1) - 1
        let usual = max(0.1, (profile.gap - 1) * Double(min(index + 1, 20)) / 20)
        if random.unit() * (Double(room) + usual) < Double(room) {
            let offered = key - 1 - Int64(random.below(Int(room)))
            sides[side].set(offered, size(at: index, &random))
        } else if count > 5, index > 0 || random.chance(0.2), random.chance(usual / (usual + 0.4)) {
            sides[side].set(key, 0)
        } else {
            sides[side].set(key, size(at: index, &random))
        }
    }

    private func size(at index: Int, _ random: inout SimulationRandom) -> Int64 {
        Self.levelSize(at: index, profile, &random)
    }

    /// Orders tend to continue in the direction of the last one.
    private static let persistence = 0.36

    /// A market order: fills from the other side's best level on.
    ///
    /// Most are small, few are huge.
    mutating func trade(_ random: inout SimulationRandom) {
        let before = takerBuys ? Self.persistence : -Self.persistence
        if random.chance((1 - Self.persistence) / 2) { takerBuys.toggle() }
        let draw = random.normal()
        let typical = Double(profile.levelSize) * 0.02
        var units = 1 + Int64(min(PortableMath.exponential(2 * draw), 400) * typical)
        if random.chance(0.25) { units = Self.round(units) }
        let isInformed = fair.learn(surprise: (takerBuys ? 1 : -1) - before, size: draw, &random)
        if isInformed, random.chance(0.25) { units = max(units, stale(buys: takerBuys)) }
        execute(units, buys: takerBuys, &random)
    }

    /// Size available at a profit, on at most four levels.
    private func stale(buys: Bool) -> Int64 {
        let worth = buys ? -fair.ticks : fair.ticks
        let side = buys ? Self.askSide : Self.bidSide
        var units: Int64 = 0
        for index in 0..<min(4, sides[side].levels.count) {
            guard Double(sides[side].levels.key(at: index)) > worth else { break }
            units += sides[side].levels.size(at: index)
        }
        return units
    }

    /// A forced market order.
    mutating func liquidate(buys: Bool, units: Int64, _ random: inout SimulationRandom) {
        takerBuys = buys
        execute(units, buys: buys, &random)
    }

    private mutating func execute(_ units: Int64, buys: Bool, _ random: inout SimulationRandom) {
        let side = buys ? Self.askSide : Self.bidSide
        fills.removeAll(keepingCapacity: true)
        var rest = units
        while rest > 0, fills.count < 30, sides[side].levels.count > 5 {
            let (key, resting) = (sides[side].levels.bestKey, sides[side].levels.size(at: 0))
            let taken = min(rest, resting)
            fill(taken, at: abs(key), &random)
            sides[side].set(key, resting - taken)
            rest -= taken
        }
    }

    /// A level holds orders of several makers, each with its own fill.
    private mutating func fill(_ units: Int64, at ticks: Int64, _ random: inout SimulationRandom) {
        var left = units
        var makers = 10
        while left > 0 {
            makers -= 1
            let order = 1 + random.exponential(mean: Double(profile.levelSize) * 0.06)
            let part = makers == 0 ? left : min(left, order)
            tradeCount += 1
            fills.append(Fill(ticks: ticks, units: part, number: tradeCount))
            left -= part
        }
    }

    // MARK: - Publishing

    /// Fits both sides to the published depth; the changes then turn a client's book into this one.
    mutating func fitDepth(_ random: inout SimulationRandom) {
        let least = publication.depth ?? publication.levels / 2
        // A full book is bounded too.
        let most = publication.depth ?? publication.levels * 3 / 2
        let isTold = publication.deletesBeyondDepth || publication.depth == nil
        for side in sides.indices {
            while sides[side].levels.count < least { deepen(side, after: least, &random) }
            while sides[side].levels.count > most { sides[side].removeWorst(isTold: isTold) }
        }
    }

    /// Adds a level worse than all.
    private mutating func deepen(_ side: Int, after index: Int, _ random: inout SimulationRandom) {
        let key = sides[side].levels.worstKey - Self.step(after: index, profile, &random)
        sides[side].extend(key, size(at: index, &random))
    }

    /// Whether a book message is due.
    var hasChanges: Bool { sides.indices.contains { !sides[$0].changes.isEmpty } }

    /// Clears the changes after a message, or before a snapshot.
    mutating func published() {
        for side in sides.indices { sides[side].published() }
    }

    /// Adds a bid at the best ask for a while, like a lost delete.
    mutating func crossBook(_ random: inout SimulationRandom) -> Int64 {
        let key = bestAsk
        sides[Self.bidSide].pretend(key, size(at: 0, &random))
        return key
    }

    /// Removes the crossing bid.
    mutating func uncross(_ key: Int64) {
        sides[Self.bidSide].admit(key)
    }
}
