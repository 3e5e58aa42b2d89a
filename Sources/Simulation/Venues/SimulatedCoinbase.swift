import MarketModel

/// A connection to Coinbase Advanced Trade as the venue writes it.
struct SimulatedCoinbase: SimulatedVenue {
    let levels: Int
    private var sequence: Int64 = 0
    private var beats: Int64 = 0
    private var nextBeat: Int64 = 0
    /// The last trades' text, sent again as a list when the connection opens.
    private var lastTrades: [[UInt8]]

    init(levels: Int, symbols: Int) {
        self.levels = levels
        lastTrades = Array(repeating: [], count: symbols)
    }

    var publication: SimulatedMarket.Publication {
        .init(depth: nil, deletesBeyondDepth: false, levels: levels, cadence: 50 * UnixTime.millisecond)
    }

    var canCross: Bool { true }

    // MARK: - Opening

    mutating func open(_ line: inout SimulatedLine) {
        sequence = 0
        nextBeat = line.now + UnixTime.second
        for channel in ["heartbeats", "level2", "market_trades"] as [StaticString] {
            line.text.add(#"{"type":"subscribe","product_ids":["#)
            addProducts(&line)
            line.text.add(#"],"channel":""#)
            line.text.add(channel)
            line.text.add("\"}")
            line.end(.sent)
        }
        for position in line.markets.indices { publishTradeList(position, &line) }
        acknowledge(["market_trades"], &line)
        for position in line.markets.indices { publishSnapshot(position, restarted: false, &line) }
        acknowledge(["market_trades", "level2"], &line)
    }

    private func addProducts(_ line: inout SimulatedLine) {
        for (position, symbol) in line.symbols.enumerated() {
            line.text.add(position > 0 ? ",\"" : "\"")
            line.text.add(symbol)
            line.text.add("\"")
        }
    }

    private mutating func acknowledge(_ channels: [StaticString], _ line: inout SimulatedLine) {
        begin("subscriptions", &line)
        line.text.add(#"{"subscriptions":{"heartbeats":["heartbeats"]"#)
        for channel in channels {
            line.text.add(",\"")
            line.text.add(channel)
            line.text.add("\":[")
            addProducts(&line)
            line.text.add("]")
        }
        line.text.add("}}")
        end(&line)
    }

    private mutating func begin(_ channel: StaticString, _ line: inout SimulatedLine) {
        line.text.add(#"{"channel":""#)
        line.text.add(channel)
        line.text.add(#"","client_id":"","timestamp":""#)
        line.text.add(time: line.stamp(), digits: 9)
        line.text.add(#"","sequence_num":"#)
        line.text.add(sequence)
        line.text.add(#","events":["#)
        sequence += 1
    }

    private func end(_ line: inout SimulatedLine) {
        line.text.add("]}")
        line.end()
    }

    // MARK: - Books

    mutating func publishBook(_ position: Int, _ line: inout SimulatedLine) {
        beginBook(position, "update", &line)
        let market = line.markets[position]
        var isFirst = true
        for index in 0..<market.bidChanges.count {
            addLevel(
                true,
                market.bidChanges.keys[index],
                market.bidChanges.sizes[index],
                position,
                &isFirst,
                &line
            )
        }
        for index in 0..<market.askChanges.count {
            addLevel(
                false,
                -market.askChanges.keys[index],
                market.askChanges.sizes[index],
                position,
                &isFirst,
                &line
            )
        }
        line.text.add("]}")
        end(&line)
    }

    mutating func publishSnapshot(_ position: Int, restarted: Bool, _ line: inout SimulatedLine) {
        beginBook(position, "snapshot", &line)
        let (bids, asks) = (line.markets[position].bids, line.markets[position].asks)
        var isFirst = true
        for index in 0..<bids.count {
            addLevel(true, bids.key(at: index), bids.size(at: index), position, &isFirst, &line)
        }
        for index in 0..<asks.count {
            addLevel(false, -asks.key(at: index), asks.size(at: index), position, &isFirst, &line)
        }
        line.text.add("]}")
        end(&line)
    }

    mutating func loseMessages(_ position: Int, _ line: inout SimulatedLine) {
        sequence += Int64(line.random.between(1, 3))
    }

    private mutating func beginBook(_ position: Int, _ kind: StaticString, _ line: inout SimulatedLine) {
        begin("l2_data", &line)
        line.text.add(#"{"type":""#)
        line.text.add(kind)
        line.text.add(#"","product_id":""#)
        line.text.add(line.symbols[position])
        line.text.add(#"","updates":["#)
    }

    private func addLevel(
        _ isBid: Bool,
        _ ticks: Int64,
        _ size: Int64,
        _ position: Int,
        _ isFirst: inout Bool,
        _ line: inout SimulatedLine
    ) {
        if !isFirst { line.text.add(",") }
        isFirst = false
        line.text.add(isBid ? #"{"side":"bid","event_time":""# : #"{"side":"offer","event_time":""#)
        line.text.add(time: line.now - 15 * UnixTime.millisecond, digits: 6)
        line.text.add(#"","price_level":""#)
        line.addPrice(ticks, position)
        line.text.add(#"","new_quantity":""#)
        if size == 0 { line.text.add("0") } else { line.addSize(size, position) }
        line.text.add("\"}")
    }

    // MARK: - Trades

    mutating func publishTrades(_ position: Int, _ line: inout SimulatedLine) {
        begin("market_trades", &line)
        line.text.add(#"{"type":"update","trades":["#)
        let start = line.text.count
        // Newest first, and the side is the maker's.
        let fills = line.markets[position].fills
        for fill in fills.reversed() {
            if line.text.count > start { line.text.add(",") }
            addTrade(fill, buys: line.markets[position].takerBuys, position, &line)
        }
        lastTrades[position] = Array(line.text.storage[start..<line.text.count])
        line.text.add("]}")
        end(&line)
    }

    private mutating func publishTradeList(_ position: Int, _ line: inout SimulatedLine) {
        if lastTrades[position].isEmpty { line.markets[position].trade(&line.random) }
        begin("market_trades", &line)
        line.text.add(#"{"type":"snapshot","trades":["#)
        if lastTrades[position].isEmpty {
            let (fills, buys) = (line.markets[position].fills, line.markets[position].takerBuys)
            for (index, fill) in fills.reversed().enumerated() {
                if index > 0 { line.text.add(",") }
                addTrade(fill, buys: buys, position, &line)
            }
        } else {
            line.text.add(lastTrades[position])
        }
        line.text.add("]}")
        end(&line)
    }

    private func addTrade(
        _ fill: SimulatedMarket.Fill,
        buys: Bool,
        _ position: Int,
        _ line: inout SimulatedLine
    ) {
        line.text.add(#"{"product_id":""#)
        line.text.add(line.symbols[position])
        line.text.add(#"","trade_id":""#)
        line.text.add(fill.number)
        line.text.add(#"","price":""#)
        line.addPrice(fill.ticks, position)
        line.text.add(#"","size":""#)
        line.addSize(fill.units, position)
        line.text.add(#"","time":""#)
        line.text.add(time: line.stamp(lag: 30 * UnixTime.millisecond), digits: 6)
        line.text.add(buys ? #"","side":"SELL"}"# : #"","side":"BUY"}"#)
    }

    // MARK: - What comes by time

    mutating func keepTime(_ position: Int, _ line: inout SimulatedLine) {
        guard line.now >= nextBeat else { return }
        nextBeat = line.now + UnixTime.second
        beats += 1
        begin("heartbeats", &line)
        line.text.add(#"{"current_time":""#)
        line.text.add(time: line.now, digits: 9)
        line.text.add(#"","heartbeat_counter":"#)
        line.text.add(beats)
        line.text.add("}")
        end(&line)
    }
}
