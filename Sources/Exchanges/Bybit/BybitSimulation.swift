import MarketModel

/// A market of Bybit's as it is simulated.
struct BybitSimulation: SimulationModel {
    let market: Market

    var symbols: [SymbolProfile] {
        switch market {
        case .linear: Self.linear
        case .inverse: Self.inverse
        case .spot: Self.spot
        case .option, .multi: []
        }
    }

    var usualDepth: Int { 50 }

    func habits(depth: Int) -> SimulationHabits {
        var habits = SimulationHabits(numbering: .topics, signInterval: 20 * UnixTime.second)
        habits.ping = #"{"op":"ping"}"#
        (habits.depth, habits.deletesBeyondDepth) = (depth, true)
        habits.cadence = cadence(depth: depth)
        // Seen in the venue's frames: contracts have all digits.
        habits.trimsZeros = market == .spot
        habits.delays = (2 * UnixTime.millisecond, UnixTime.millisecond, 300 * UnixTime.millisecond)
        habits.tradeTimes = .shared
        habits.hasDerivatives = market != .spot
        habits.connection = "5d1e0c7a-simulated"
        return habits
    }

    /// How far apart the venue says that messages of a depth are.
    private func cadence(depth: Int) -> Int64 {
        switch depth {
        case ...1: 10 * UnixTime.millisecond
        case ...50: 20 * UnixTime.millisecond
        default: (market == .spot ? 200 : 100) * UnixTime.millisecond
        }
    }

    /// Two symbols a request: eight topics of derivatives.
    func opening(_ symbols: [String], depth: Int) -> [OpeningStep] {
        var steps: [OpeningStep] = []
        for first in stride(from: 0, to: symbols.count, by: 2) {
            let pair = symbols[first..<min(first + 2, symbols.count)]
            let feeds = pair.map { Subscription(.all, symbol: $0, depth: depth) }
            steps += Bybit().requests(for: feeds, market: market).map { .request($0) }
            steps.append(.acknowledgement([]))
        }
        for index in symbols.indices {
            steps.append(.book(index))
            if market != .spot { steps.append(.ticker(index)) }
            steps.append(.lastTrades(index))
        }
        return steps
    }

    /// A number on spot, elsewhere a UUID that is the number's alone, so that it needs no memory to be sent again.
    func tradeID(_ number: Int64, symbol: Int) -> TradeID {
        guard market != .spot else { return TradeID("\(2_290_000_000_000_000_000 + number)") ?? .none }
        let mix = UInt64(bitPattern: number) &* 0x9e37_79b9_7f4a_7c15 ^ UInt64(symbol)
        let parts = [
            Self.hexadecimal(mix, 8), Self.hexadecimal(mix >> 32, 4), "5" + Self.hexadecimal(mix >> 48, 3),
            "a" + Self.hexadecimal(mix >> 40, 3), Self.hexadecimal(UInt64(bitPattern: number), 12),
        ]
        return TradeID(parts.joined(separator: "-")) ?? .none
    }

    /// The last `count` hexadecimal digits.
    private static func hexadecimal(_ value: UInt64, _ count: Int) -> String {
        // The first bit makes it sixteen digits.
        String(String(value | 1 << 63, radix: 16).suffix(count))
    }

    private static let linear: [SymbolProfile] = [
        .init("BTCUSDT", (2, 10, 3), 652_300, 4_000, (3, 1, 0.45), (18, 4)),
        .init("ETHUSDT", (2, 1, 2), 191_640, 8_000, (2, 1, 0.6), (16, 3)),
        .init("SOLUSDT", (3, 10, 1), 8_412, 30_000, (1.1, 1, 0.7), (12, 1.5)),
        .init("XRPUSDT", (4, 1, 0), 12_483, 60_000, (1.05, 1, 0.7), (10, 1)),
        .init("DOGEUSDT", (5, 1, 0), 9_124, 500_000, (1.1, 1, 0.8), (10, 0.8)),
    ]
    private static let inverse: [SymbolProfile] = [
        .init("BTCUSD", (2, 50, 0), 130_460, 300_000, (1.3, 1, 0.45), (12, 1)),
        .init("ETHUSD", (2, 5, 0), 38_330, 90_000, (1.5, 1, 0.6), (10, 0.7)),
    ]
    private static let spot: [SymbolProfile] = [
        .init("BTCUSDT", (1, 1, 6), 652_295, 60_000, (6, 1, 0.45), (18, 5)),
        .init("ETHUSDT", (2, 1, 5), 191_650, 240_000, (3, 1, 0.6), (14, 3)),
        .init("SOLUSDT", (2, 1, 3), 8_413, 220_000, (1.1, 1, 0.7), (10, 1)),
    ]
}
