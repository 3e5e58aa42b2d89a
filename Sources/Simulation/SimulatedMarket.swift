import MarketModel

/// One symbol's market: a book that moves, market orders that eat it, funding and open interest.
///
/// Prices are in ticks, as keys of ``Ladder``; what changed since the last book message is in `changes`.
struct SimulatedMarket: Sendable {
    /// What a market order bought or sold at one level.
    struct Fill: Sendable {
        var ticks: Int64
        var units: Int64
        /// Its number in this market, from 1.
        var number: Int64
    }

    /// How a venue publishes a book.
    struct Publication: Sendable {
        /// Levels a side that a snapshot holds and messages keep to; nil = all.
        var depth: Int?
        /// Whether levels pushed out of the depth are deleted on the wire.
        var deletesBeyondDepth: Bool
        /// Levels a side at the start.
        var levels: Int
    }

    let profile: SymbolProfile
    let publication: Publication
    var clock: OrderFlowClock
    private(set) var bids: Ladder
    private(set) var asks: Ladder
    private(set) var bidChanges = LevelChanges()
    private(set) var askChanges = LevelChanges()
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
        clock = OrderFlowClock(start: start, bookRate: profile.bookRate, tradeRate: profile.tradeRate)
        let best = profile.startTicks
        bids = Self.ladder(from: best - 1, publication.levels, profile, &random)
        asks = Self.ladder(from: -best, publication.levels, profile, &random)
        tradeCount = Int64(random.between(40_000_000, 900_000_000))
        interest = profile.levelSize * Int64(random.between(4_000, 6_000))
        fundingRate = Int64(random.between(-3_000, 10_000))
    }

    private static func ladder(
        from best: Int64,
        _ count: Int,
        _ profile: SymbolProfile,
        _ random: inout SimulationRandom
    ) -> Ladder {
        var keys: [Int64] = []
        var sizes: [Int64] = []
        var key = best
        for place in 0..<count {
            keys.append(key)
            sizes.append(Self.levelSize(at: place, profile, &random))
            key -= step(after: place, profile, &random)
        }
        return Ladder(worstFirst: keys.reversed(), sizes: sizes.reversed())
    }

    /// Ticks to the next worse level: one near the top, growing to the profile's gap and beyond.
    private static func step(
        after place: Int,
        _ profile: SymbolProfile,
        _ random: inout SimulationRandom
    ) -> Int64 {
        let mean = (profile.gap - 1) * Double(min(place, 20)) / 20 * (place > 200 ? 4 : 1)
        return 1 + random.exponential(mean: mean)
    }

    /// Sizes grow away from the top, are skewed, and now and then large and round.
    private static func levelSize(
        at place: Int,
        _ profile: SymbolProfile,
        _ random: inout SimulationRandom
    ) -> Int64 {
        let slope = 0.35 + Double(min(place, 40)) * 0.035
        let draw = random.exponential()
        let size = 1 + Int64(Double(profile.levelSize) * slope * draw * (random.chance(0.04) ? 7 : 1))
        guard random.chance(0.15), size > 100 else { return size }
        var round: Int64 = 10
        while round * 100 < size { round *= 10 }
        return size / round * round
    }

    // MARK: - Order flow

    /// Orders come, change and go; some near the top, few far away.
    mutating func moveBook(_ random: inout SimulationRandom) {
        narrowSpread(&random)
        let count = 1 + Int(random.exponential() * 3)
        for _ in 0..<min(count, 40) { changeLevel(isBid: random.chance(0.5), &random) }
    }

    /// An empty spread draws better quotes, rather on the side that trades pushed.
    private mutating func narrowSpread(_ random: inout SimulationRandom) {
        var spread = -asks.bestKey - bids.bestKey
        while spread > 1, random.chance(0.8) {
            let isBid = random.chance(takerBuys ? 0.6 : 0.4)
            let best = isBid ? bids.bestKey : asks.bestKey
            let improvement = 1 + Int64(Double(spread - 1) * random.unit() * 0.6)
            set(isBid: isBid, best + min(improvement, spread - 1), size(at: 0, &random))
            spread = -asks.bestKey - bids.bestKey
        }
    }

    private mutating func changeLevel(isBid: Bool, _ random: inout SimulationRandom) {
        // No copy of the side: it would be copied again when it changes.
        let count = isBid ? bids.count : asks.count
        let place = min(Int(random.exponential() * 7), count - 1)
        let key = isBid ? bids.key(at: place) : asks.key(at: place)
        let draw = random.unit()
        if draw < 0.5 {
            set(isBid: isBid, key, size(at: place, &random))
        } else if draw < 0.78 {
            // Beside a level that exists; on it where there is no room.
            let offered = key - 1 - random.exponential(mean: profile.gap)
            set(isBid: isBid, offered, size(at: place, &random))
        } else if place > 0 || random.chance(0.35), count > 4 {
            set(isBid: isBid, key, 0)
        }
    }

    private func size(at place: Int, _ random: inout SimulationRandom) -> Int64 {
        Self.levelSize(at: place, profile, &random)
    }

    private mutating func set(isBid: Bool, _ key: Int64, _ size: Int64) {
        if isBid {
            bids.set(key, size)
            bidChanges.note(key, size)
        } else {
            asks.set(key, size)
            askChanges.note(key, size)
        }
    }

    /// A market order: it eats the other side from the best level on; signs persist.
    mutating func trade(_ random: inout SimulationRandom) {
        if random.chance(0.32) { takerBuys.toggle() }
        let typical = Double(profile.levelSize) * (random.chance(0.08) ? 1.6 : 0.12)
        take(1 + random.exponential(mean: typical), buys: takerBuys)
    }

    /// A forced market order.
    mutating func liquidate(buys: Bool, units: Int64) {
        takerBuys = buys
        take(units, buys: buys)
    }

    private mutating func take(_ units: Int64, buys: Bool) {
        fills.removeAll(keepingCapacity: true)
        var rest = units
        while rest > 0, fills.count < 12, (buys ? asks.count : bids.count) > 5 {
            let (key, resting) = buys ? (asks.bestKey, asks.size(at: 0)) : (bids.bestKey, bids.size(at: 0))
            let taken = min(rest, resting)
            tradeCount += 1
            fills.append(Fill(ticks: abs(key), units: taken, number: tradeCount))
            set(isBid: !buys, key, resting - taken)
            rest -= taken
        }
    }

    // MARK: - Publishing

    /// Brings both sides to the published depth; after it, the changes make a client's book this one.
    mutating func settle(_ random: inout SimulationRandom) {
        settle(isBid: true, &random)
        settle(isBid: false, &random)
    }

    private mutating func settle(isBid: Bool, _ random: inout SimulationRandom) {
        let wanted = publication.depth ?? publication.levels / 2
        while (isBid ? bids.count : asks.count) < wanted {
            let worst = isBid ? bids.worstKey : asks.worstKey
            let key = worst - Self.step(after: wanted, profile, &random)
            let size = size(at: wanted, &random)
            if isBid { bids.extend(key, size) } else { asks.extend(key, size) }
            if isBid { bidChanges.note(key, size) } else { askChanges.note(key, size) }
        }
        guard let depth = publication.depth else { return }
        while (isBid ? bids.count : asks.count) > depth { dropWorst(isBid: isBid) }
    }

    private mutating func dropWorst(isBid: Bool) {
        let key = isBid ? bids.worstKey : asks.worstKey
        if isBid { bids.removeWorst() } else { asks.removeWorst() }
        guard publication.deletesBeyondDepth else { return }
        // A level that came and went within the message may be unknown to the client: deleting it is
        // harmless, and keeps one that was known before from staying.
        if isBid { bidChanges.note(key, 0) } else { askChanges.note(key, 0) }
    }

    /// Forgets what changed: it was published, or will be by a snapshot.
    mutating func published() {
        bidChanges.removeAll()
        askChanges.removeAll()
    }

    /// A bid at the best ask, for a while: what a lost delete looks like.
    mutating func crossBook(_ random: inout SimulationRandom) -> Int64 {
        let key = -asks.bestKey
        bidChanges.note(key, size(at: 0, &random))
        return key
    }

    /// Takes the crossing bid away again.
    mutating func uncross(_ key: Int64) { bidChanges.note(key, bids.size(of: key)) }
}
