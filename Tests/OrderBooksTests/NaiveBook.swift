import MarketModel
import OrderBooks

/// A naive book without regard for speed: a dictionary per side, sorted on request.
struct NaiveBook {
    private var bids: [FixedDecimal: PriceLevel] = [:]
    private var asks: [FixedDecimal: PriceLevel] = [:]

    mutating func replace(bids: [PriceLevel], asks: [PriceLevel]) {
        self.bids = [:]
        self.asks = [:]
        apply(bids: bids, asks: asks)
    }

    mutating func apply(bids: [PriceLevel], asks: [PriceLevel]) {
        for level in bids { NaiveBook.set(level, in: &self.bids) }
        for level in asks { NaiveBook.set(level, in: &self.asks) }
    }

    mutating func cut(toDepth depth: Int) {
        for level in sortedBids.dropFirst(depth) { bids[level.price] = nil }
        for level in sortedAsks.dropFirst(depth) { asks[level.price] = nil }
    }

    var sortedBids: [PriceLevel] { bids.values.sorted { $0.price > $1.price } }
    var sortedAsks: [PriceLevel] { asks.values.sorted { $0.price < $1.price } }

    var isCrossed: Bool {
        guard let bid = bids.keys.max(), let ask = asks.keys.min() else { return false }
        return bid >= ask
    }

    private static func set(_ level: PriceLevel, in side: inout [FixedDecimal: PriceLevel]) {
        // Removed first: a key keeps its original scale, but the digits of the last message count.
        side[level.price] = nil
        if !level.size.isZero { side[level.price] = level }
    }
}

/// A level from texts as on the wire.
func level(_ price: String, _ size: String) throws -> PriceLevel {
    PriceLevel(price: try FixedDecimal(price), size: try FixedDecimal(size))
}

/// Levels from `price@size price@size …`.
func levels(_ text: String) throws -> [PriceLevel] {
    try text.split(separator: " ").map { part in
        let halves = part.split(separator: "@")
        return try level(String(halves[0]), String(halves[1]))
    }
}

/// The levels as `price@size …` with the digits of the wire.
func text(_ levels: [PriceLevel]) -> String {
    levels.map { "\($0.price)@\($0.size)" }.joined(separator: " ")
}

extension OrderBook {
    var bids: [PriceLevel] { (0..<bidCount).map { bid(at: $0) } }
    var asks: [PriceLevel] { (0..<askCount).map { ask(at: $0) } }
}

extension OrderBook {
    mutating func replace(_ bids: [PriceLevel], _ asks: [PriceLevel]) throws {
        try replace(bids: bids.span, asks: asks.span)
    }

    mutating func apply(_ bids: [PriceLevel], _ asks: [PriceLevel]) throws {
        try apply(bids: bids.span, asks: asks.span)
    }
}
