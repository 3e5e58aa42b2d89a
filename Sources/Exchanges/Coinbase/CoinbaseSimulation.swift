import MarketModel

/// Coinbase as it is simulated.
struct CoinbaseSimulation: SimulationModel {
    var symbols: [SymbolProfile] { Self.spot }
    var usualDepth: Int { 1_500 }

    func habits(depth: Int) -> SimulationHabits {
        var habits = SimulationHabits(numbering: .connection, signInterval: UnixTime.second)
        habits.cadence = 50 * UnixTime.millisecond
        habits.trimsZeros = true
        habits.stampsMessages = true
        habits.levelAge = 15 * UnixTime.millisecond
        habits.tradeTimes = .each(lag: 30 * UnixTime.millisecond)
        habits.listsNewestFirst = true
        return habits
    }

    func opening(_ symbols: [String], depth: Int) -> [OpeningStep] {
        let feeds = symbols.map { Subscription([.book, .trades], symbol: $0) }
        let topics = Coinbase().topics(of: feeds, market: .spot)
        let trades = topics.filter { $0.kinds == .trades }
        let requests = Coinbase().requests(topics: topics, market: .spot).map { OpeningStep.request($0.text) }
        return requests + symbols.indices.map { .tradeList($0) } + [.acknowledgement(trades)]
            + symbols.indices.map { .book($0) } + [.acknowledgement(topics)]
    }

    private static let spot: [SymbolProfile] = [
        .init("BTC-USD", (2, 1, 8), 6_523_110, 9_000_000, (34, 1, 0.45), (18, 5)),
        .init("ETH-USD", (2, 1, 8), 191_650, 250_000_000, (2.2, 4.5, 0.6), (16, 3)),
        .init("SOL-USD", (2, 1, 8), 8_413, 9_000_000_000, (1.2, 1.2, 0.7), (10, 1)),
    ]
}
