import ByteCoding
import MarketModel

/// A connection to Kraken's WebSocket v2 as the venue writes it.
struct SimulatedKraken: SimulatedVenue {
    let depth: Int
    private var nextBeat: Int64 = 0
    private var lastTrades: [[UInt8]]
    private var digits = FrameText()

    init(depth: Int, symbols: Int) {
        self.depth = depth
        lastTrades = Array(repeating: [], count: symbols)
    }

    var publication: SimulatedMarket.Publication {
        // A level pushed out by better ones is not deleted on the wire: the client cuts.
        .init(depth: depth, deletesBeyondDepth: false, levels: depth)
    }

    var canCross: Bool { false }

    // MARK: - Opening

    mutating func open(_ line: inout SimulatedLine) {
        nextBeat = line.now + UnixTime.second
        line.text.add(#"{"channel":"status","type":"update","data":[{"version":"2.0.10","system":"online","#)
        line.text.add(#""api_version":"v2","connection_id":12345678901234567890}]}"#)
        line.end()
        for position in line.markets.indices {
            subscribe("book", position, &line)
            publishSnapshot(position, restarted: false, &line)
            subscribe("trade", position, &line)
            guard !lastTrades[position].isEmpty else { continue }
            line.text.add(#"{"channel":"trade","type":"snapshot","data":["#)
            line.text.add(lastTrades[position])
            line.text.add("]}")
            line.end()
        }
    }

    private func subscribe(_ channel: StaticString, _ position: Int, _ line: inout SimulatedLine) {
        let isBook = channel.utf8CodeUnitCount == 4
        line.text.add(#"{"method":"subscribe","params":{"channel":""#)
        line.text.add(channel)
        line.text.add(#"","symbol":[""#)
        line.text.add(line.symbols[position])
        line.text.add("\"]")
        addDepth(isBook, &line)
        line.text.add(#","snapshot":true}}"#)
        line.end(.sent)
        line.text.add(#"{"method":"subscribe","result":{"channel":""#)
        line.text.add(channel)
        line.text.add(#"","symbol":""#)
        line.text.add(line.symbols[position])
        line.text.add("\"")
        addDepth(isBook, &line)
        line.text.add(#","snapshot":true},"success":true,"time_in":""#)
        line.text.add(time: line.now - 60_000, digits: 6)
        line.text.add(#"","time_out":""#)
        line.text.add(time: line.now, digits: 6)
        line.text.add("\"}")
        line.end()
    }

    private func addDepth(_ isBook: Bool, _ line: inout SimulatedLine) {
        guard isBook else { return }
        line.text.add(",\"depth\":")
        line.text.add(Int64(depth))
    }

    // MARK: - Books

    mutating func publishBook(_ position: Int, _ line: inout SimulatedLine) {
        beginBook(position, "update", &line)
        let (bids, asks) = (line.markets[position].bidChanges, line.markets[position].askChanges)
        for index in 0..<bids.count {
            addLevel(bids.keys[index], bids.sizes[index], isFirst: index == 0, position, &line)
        }
        line.text.add(#"],"asks":["#)
        for index in 0..<asks.count {
            addLevel(-asks.keys[index], asks.sizes[index], isFirst: index == 0, position, &line)
        }
        endBook(position, &line)
    }

    mutating func publishSnapshot(_ position: Int, restarted: Bool, _ line: inout SimulatedLine) {
        beginBook(position, "snapshot", &line)
        let (bids, asks) = (line.markets[position].bids, line.markets[position].asks)
        for index in 0..<bids.count {
            addLevel(bids.key(at: index), bids.size(at: index), isFirst: index == 0, position, &line)
        }
        line.text.add(#"],"asks":["#)
        for index in 0..<asks.count {
            addLevel(-asks.key(at: index), asks.size(at: index), isFirst: index == 0, position, &line)
        }
        endBook(position, &line)
    }

    /// An update is left out: the market moves on, the message is not sent.
    mutating func loseMessages(_ position: Int, _ line: inout SimulatedLine) {
        line.markets[position].settle(&line.random)
        line.markets[position].published()
        line.markets[position].moveBook(&line.random)
    }

    private func beginBook(_ position: Int, _ kind: StaticString, _ line: inout SimulatedLine) {
        line.text.add(#"{"channel":"book","type":""#)
        line.text.add(kind)
        line.text.add(#"","data":[{"symbol":""#)
        line.text.add(line.symbols[position])
        line.text.add(#"","bids":["#)
    }

    private mutating func endBook(_ position: Int, _ line: inout SimulatedLine) {
        line.text.add(#"],"checksum":"#)
        var sum = checksum(line.markets[position])
        if line.strikes(.checksum) { sum ^= 1 << UInt32(line.random.below(32)) }
        line.text.add(Int64(sum))
        line.text.add(#","timestamp":""#)
        line.text.add(time: line.stamp(), digits: 6)
        line.text.add("\"}]}")
        line.end()
    }

    private func addLevel(
        _ ticks: Int64,
        _ size: Int64,
        isFirst: Bool,
        _ position: Int,
        _ line: inout SimulatedLine
    ) {
        line.text.add(isFirst ? #"{"price":"# : #",{"price":"#)
        line.addPrice(ticks, position)
        line.text.add(#","qty":"#)
        line.addSize(size, position)
        line.text.add("}")
    }

    /// CRC-32 over the ten best asks, then the ten best bids: digits of price and quantity without the
    /// point and leading zeros, which are those of the whole numbers they are held as.
    private mutating func checksum(_ market: SimulatedMarket) -> UInt32 {
        digits.removeAll()
        for position in 0..<min(10, market.asks.count) {
            digits.add(-market.asks.key(at: position) * market.profile.tick)
            digits.add(market.asks.size(at: position))
        }
        for position in 0..<min(10, market.bids.count) {
            digits.add(market.bids.key(at: position) * market.profile.tick)
            digits.add(market.bids.size(at: position))
        }
        return CRC32.checksum(digits.storage.span.bytes.extracting(0..<digits.count))
    }

    // MARK: - Trades

    mutating func publishTrades(_ position: Int, _ line: inout SimulatedLine) {
        line.text.add(#"{"channel":"trade","type":"update","data":["#)
        let start = line.text.count
        let (fills, buys) = (line.markets[position].fills, line.markets[position].takerBuys)
        for (index, fill) in fills.enumerated() {
            line.text.add(index > 0 ? #",{"symbol":""# : #"{"symbol":""#)
            line.text.add(line.symbols[position])
            line.text.add(buys ? #"","side":"buy","price":"# : #"","side":"sell","price":"#)
            line.addPrice(fill.ticks, position)
            line.text.add(#","qty":"#)
            line.addSize(fill.units, position)
            line.text.add(#","ord_type":"market","trade_id":"#)
            line.text.add(fill.number)
            line.text.add(#","timestamp":""#)
            line.text.add(time: line.stamp(), digits: 6)
            line.text.add("\"}")
        }
        lastTrades[position] = Array(line.text.storage[start..<line.text.count])
        line.text.add("]}")
        line.end()
    }

    // MARK: - What comes by time

    mutating func keepTime(_ position: Int, _ line: inout SimulatedLine) {
        guard line.now >= nextBeat else { return }
        nextBeat = line.now + UnixTime.second
        line.text.add(#"{"channel":"heartbeat"}"#)
        line.end()
    }
}
