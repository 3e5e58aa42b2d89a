import MarketModel

/// A connection to Bybit v5 as the venue writes it.
struct SimulatedBybit: SimulatedVenue {
    let market: Market
    let depth: Int
    private var updates: [Int64]
    private var crossSequence: Int64 = 40_000_000
    private var nextPong: Int64 = 0
    private var nextTicker: [Int64]
    private var nextLiquidation: [Int64]
    /// The last trades' text, sent again after a reconnect.
    private var lastTrades: [[UInt8]]

    private static let pingInterval = 20 * UnixTime.second
    private static let fundingInterval = 8 * 3600 * UnixTime.second

    init(market: Market, depth: Int, symbols: Int) {
        self.market = market
        self.depth = depth
        updates = Array(repeating: 0, count: symbols)
        nextTicker = Array(repeating: 0, count: symbols)
        nextLiquidation = Array(repeating: 0, count: symbols)
        lastTrades = Array(repeating: [], count: symbols)
    }

    var publication: SimulatedMarket.Publication {
        .init(depth: depth, deletesBeyondDepth: true, levels: depth, cadence: cadence)
    }

    /// How far apart the venue says that messages of a depth are.
    private var cadence: Int64 {
        switch depth {
        case ...1: 10 * UnixTime.millisecond
        case ...50: 20 * UnixTime.millisecond
        default: (market == .spot ? 200 : 100) * UnixTime.millisecond
        }
    }

    var canCross: Bool { true }

    // MARK: - Opening

    mutating func open(_ line: inout SimulatedLine) {
        nextPong = line.now + Self.pingInterval
        for first in stride(from: 0, to: line.markets.count, by: 2) {
            subscribe(first..<min(first + 2, line.markets.count), &line)
        }
        for position in line.markets.indices {
            if updates[position] == 0 { updates[position] = Int64(line.random.between(1_000, 90_000_000)) }
            publishSnapshot(position, restarted: false, &line)
            if market != .spot { publishTicker(position, whole: true, &line) }
            guard !lastTrades[position].isEmpty else { continue }
            line.text.add(lastTrades[position])
            line.end()
        }
    }

    private func subscribe(_ decimals: Range<Int>, _ line: inout SimulatedLine) {
        line.text.add(#"{"op":"subscribe","args":["#)
        for position in decimals {
            line.text.add(position == decimals.lowerBound ? "\"orderbook." : "\",\"orderbook.")
            line.text.add(Int64(depth))
            line.text.add(".")
            line.text.add(line.symbols[position])
            line.text.add("\",\"publicTrade.")
            line.text.add(line.symbols[position])
            guard market != .spot else { continue }
            line.text.add("\",\"allLiquidation.")
            line.text.add(line.symbols[position])
            line.text.add("\",\"tickers.")
            line.text.add(line.symbols[position])
        }
        // Each element is closed by the next one's beginning, the last here.
        line.text.add("\"]}")
        line.end(.sent)
        line.text.add(#"{"success":true,"ret_msg":""#)
        if market == .spot { line.text.add("subscribe") }
        line.text.add(#"","conn_id":"5d1e0c7a-simulated","req_id":"","op":"subscribe"}"#)
        line.end()
    }

    // MARK: - Books

    mutating func publishBook(_ position: Int, _ line: inout SimulatedLine) {
        updates[position] += 1
        beginBook(position, "delta", &line)
        addChanges(line.markets[position].bidChanges, sign: 1, position, &line)
        line.text.add(#"],"a":["#)
        addChanges(line.markets[position].askChanges, sign: -1, position, &line)
        endBook(position, &line)
    }

    mutating func publishSnapshot(_ position: Int, restarted: Bool, _ line: inout SimulatedLine) {
        updates[position] = restarted ? 1 : updates[position] + 1
        beginBook(position, "snapshot", &line)
        addLadder(line.markets[position].bids, sign: 1, position, &line)
        line.text.add(#"],"a":["#)
        addLadder(line.markets[position].asks, sign: -1, position, &line)
        endBook(position, &line)
    }

    mutating func loseMessages(_ position: Int, _ line: inout SimulatedLine) {
        updates[position] += Int64(line.random.between(1, 3))
    }

    private func beginBook(_ position: Int, _ kind: StaticString, _ line: inout SimulatedLine) {
        line.text.add(#"{"topic":"orderbook."#)
        line.text.add(Int64(depth))
        line.text.add(".")
        line.text.add(line.symbols[position])
        line.text.add(#"","type":""#)
        line.text.add(kind)
        line.text.add(#"","ts":"#)
        line.text.add((line.now + 2 * UnixTime.millisecond) / UnixTime.millisecond)
        line.text.add(#","data":{"s":""#)
        line.text.add(line.symbols[position])
        line.text.add(#"","b":["#)
    }

    private mutating func endBook(_ position: Int, _ line: inout SimulatedLine) {
        crossSequence += Int64(line.random.between(1, 40))
        line.text.add(#"],"u":"#)
        line.text.add(updates[position])
        line.text.add(#","seq":"#)
        line.text.add(crossSequence)
        line.text.add(#"},"cts":"#)
        line.text.add(line.stamp() / UnixTime.millisecond)
        line.text.add("}")
        line.end()
    }

    private func addChanges(
        _ changes: LevelChanges,
        sign: Int64,
        _ position: Int,
        _ line: inout SimulatedLine
    ) {
        for index in 0..<changes.count {
            if index > 0 { line.text.add(",") }
            addLevel(changes.keys[index] * sign, changes.sizes[index], position, &line)
        }
    }

    private func addLadder(_ ladder: Ladder, sign: Int64, _ position: Int, _ line: inout SimulatedLine) {
        for index in 0..<ladder.count {
            if index > 0 { line.text.add(",") }
            addLevel(ladder.key(at: index) * sign, ladder.size(at: index), position, &line)
        }
    }

    private func addLevel(_ ticks: Int64, _ size: Int64, _ position: Int, _ line: inout SimulatedLine) {
        line.text.add("[\"")
        line.addPrice(ticks, position)
        line.text.add("\",\"")
        if size == 0 { line.text.add("0") } else { line.addSize(size, position) }
        line.text.add("\"]")
    }

    // MARK: - Trades and liquidations

    mutating func publishTrades(_ position: Int, _ line: inout SimulatedLine) {
        let start = line.text.count
        line.text.add(#"{"topic":"publicTrade."#)
        line.text.add(line.symbols[position])
        line.text.add(#"","type":"snapshot","ts":"#)
        line.text.add((line.now + UnixTime.millisecond) / UnixTime.millisecond)
        line.text.add(#","data":["#)
        let stamp = line.stamp() / UnixTime.millisecond
        let (fills, buys) = (line.markets[position].fills, line.markets[position].takerBuys)
        for (index, fill) in fills.enumerated() {
            line.text.add(index > 0 ? ",{\"T\":" : "{\"T\":")
            line.text.add(stamp)
            line.text.add(#","s":""#)
            line.text.add(line.symbols[position])
            line.text.add(buys ? #"","S":"Buy","v":""# : #"","S":"Sell","v":""#)
            line.addSize(fill.units, position)
            line.text.add(#"","p":""#)
            line.addPrice(fill.ticks, position)
            line.text.add(market == .spot ? #"","i":""# : #"","L":"ZeroPlusTick","i":""#)
            addIdentifier(fill.number, position, &line)
            line.text.add(#"","BT":false}"#)
        }
        line.text.add("]}")
        lastTrades[position] = Array(line.text.storage[start..<line.text.count])
        line.end()
    }

    private func addIdentifier(_ number: Int64, _ position: Int, _ line: inout SimulatedLine) {
        guard market != .spot else {
            line.text.add(2_290_000_000_000_000_000 + number)
            return
        }
        // A UUID that is the number's alone, so that it needs no memory to be sent again.
        let mix = UInt64(bitPattern: number) &* 0x9e37_79b9_7f4a_7c15 ^ UInt64(position)
        line.text.add(hexadecimal: mix, digits: 8)
        line.text.add("-")
        line.text.add(hexadecimal: mix >> 32, digits: 4)
        line.text.add("-5")
        line.text.add(hexadecimal: mix >> 48, digits: 3)
        line.text.add("-a")
        line.text.add(hexadecimal: mix >> 40, digits: 3)
        line.text.add("-")
        line.text.add(hexadecimal: UInt64(bitPattern: number), digits: 12)
    }

    private mutating func publishLiquidation(_ position: Int, _ line: inout SimulatedLine) {
        // The venue names the position's side: "Buy" is a liquidated long, whose order sells.
        let longs = line.markets[position].takerBuys ? line.random.chance(0.3) : line.random.chance(0.7)
        let mean = Double(line.markets[position].profile.levelSize)
        let units = 1 + line.random.exponential(mean: mean)
        line.markets[position].liquidate(buys: !longs, units: units, &line.random)
        let bankrupt = line.markets[position].fills.last?.ticks ?? line.markets[position].profile.startTicks
        line.text.add(#"{"topic":"allLiquidation."#)
        line.text.add(line.symbols[position])
        line.text.add(#"","type":"snapshot","ts":"#)
        line.text.add((line.now + 300 * UnixTime.millisecond) / UnixTime.millisecond)
        line.text.add(#","data":[{"T":"#)
        line.text.add(line.stamp() / UnixTime.millisecond)
        line.text.add(#","s":""#)
        line.text.add(line.symbols[position])
        line.text.add(longs ? #"","S":"Buy","v":""# : #"","S":"Sell","v":""#)
        line.addSize(units, position)
        line.text.add(#"","p":""#)
        line.addPrice(bankrupt, position)
        line.text.add(#""}]}"#)
        line.end()
        publishTrades(position, &line)
    }

    // MARK: - What comes by time

    func forcesTrade(_ position: Int, _ now: Int64) -> Bool {
        market != .spot && nextLiquidation[position] > 0 && now >= nextLiquidation[position]
    }

    mutating func keepTime(_ position: Int, _ line: inout SimulatedLine) {
        if line.now >= nextPong {
            nextPong = line.now + Self.pingInterval
            line.text.add(#"{"op":"ping"}"#)
            line.end(.sent)
            if market == .spot {
                line.text.add(
                    #"{"success":true,"ret_msg":"pong","conn_id":"5d1e0c7a-simulated","req_id":"","op":"ping"}"#
                )
            } else {
                line.text.add(#"{"req_id":"","op":"pong","args":[""#)
                line.text.add(line.now / UnixTime.millisecond)
                line.text.add(#""],"conn_id":"5d1e0c7a-simulated"}"#)
            }
            line.end()
        }
        guard market != .spot else { return }
        if line.now >= nextTicker[position] {
            nextTicker[position] = line.now + 100 * UnixTime.millisecond + line.random.exponential(mean: 2e8)
            publishTicker(position, whole: false, &line)
        }
        if line.now >= nextLiquidation[position] {
            let isFirst = nextLiquidation[position] == 0
            // Wild times force more positions out.
            let mean = 9e9 / line.markets[position].activity
            nextLiquidation[position] = line.now + line.random.exponential(mean: mean)
            if !isFirst { publishLiquidation(position, &line) }
        }
    }

    private mutating func publishTicker(_ position: Int, whole: Bool, _ line: inout SimulatedLine) {
        let unit = line.markets[position].profile.levelSize
        line.markets[position].interest += Int64(line.random.between(-5, 5)) * max(1, unit / 40)
        let changesRate = line.random.chance(0.02)
        if changesRate { line.markets[position].fundingRate += Int64(line.random.between(-40, 40)) }
        let (bid, ask) = (line.markets[position].bids.bestKey, -line.markets[position].asks.bestKey)
        line.text.add(#"{"topic":"tickers."#)
        line.text.add(line.symbols[position])
        line.text.add(
            whole ? #"","type":"snapshot","data":{"symbol":""# : #"","type":"delta","data":{"symbol":""#
        )
        line.text.add(line.symbols[position])
        line.text.add(#"","bid1Price":""#)
        line.addPrice(bid, position)
        line.text.add(#"","ask1Price":""#)
        line.addPrice(ask, position)
        line.text.add(#"","markPrice":""#)
        line.addPrice((bid + ask) / 2, position)
        if whole || line.random.chance(0.3) { addInterest(position, (bid + ask) / 2, &line) }
        if whole || changesRate { addFunding(position, &line) }
        line.text.add(#""},"cs":"#)
        line.text.add(crossSequence)
        line.text.add(#","ts":"#)
        line.text.add(line.stamp() / UnixTime.millisecond)
        line.text.add("}")
        line.end()
    }

    private func addInterest(_ position: Int, _ ticks: Int64, _ line: inout SimulatedLine) {
        let profile = line.markets[position].profile
        let interest = line.markets[position].interest
        line.text.add(#"","openInterest":""#)
        line.addSize(interest, position)
        line.text.add(#"","openInterestValue":""#)
        let price = Double(ticks * profile.tick) / PowersOfTen.double(profile.priceDecimals)
        let size = Double(interest) / PowersOfTen.double(profile.sizeDecimals)
        let value = market == .inverse ? size / price * 1e4 : size * price * 1e4
        line.text.add(Int64(min(value, 9e18)), decimals: 4)
    }

    private func addFunding(_ position: Int, _ line: inout SimulatedLine) {
        let next = (line.now / Self.fundingInterval + 1) * Self.fundingInterval
        line.text.add(#"","fundingRate":""#)
        line.text.add(line.markets[position].fundingRate, decimals: 8)
        line.text.add(#"","nextFundingTime":""#)
        line.text.add(next / UnixTime.millisecond)
        line.text.add(#"","fundingIntervalHour":"8"#)
    }
}
