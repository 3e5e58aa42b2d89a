import MarketModel

/// Deribit as it is simulated: perpetuals, inverse and linear, and spot.
struct DeribitSimulation: SimulationModel {
    var symbols: [SymbolProfile] { Self.all }
    var usualDepth: Int { 100 }

    func habits(depth: Int) -> SimulationHabits {
        var habits = SimulationHabits(numbering: .topics, signInterval: 30 * UnixTime.second)
        habits.cadence = 100 * UnixTime.millisecond
        habits.liquidatesInTrades = true
        habits.hasDerivatives = true
        habits.tickerInterval = UnixTime.second
        habits.delays = (2 * UnixTime.millisecond, UnixTime.millisecond, UnixTime.millisecond)
        habits.tradeTimes = .shared
        return habits
    }

    func opening(_ symbols: [String], depth: Int) -> [OpeningStep] {
        let exchange = Deribit()
        let topics = exchange.topics(of: symbols.map { .init(.all, symbol: $0) }, market: .multi)
        let request = exchange.request(.subscribe, topics, market: .multi)
        let steps = [.request(exchange.identified(request, 1)), OpeningStep.acknowledgement(topics, id: "1")]
        return steps + symbols.indices.flatMap { [.book($0), .ticker($0)] }
    }

    private static let all: [SymbolProfile] = [
        profile(.init("BTC-PERPETUAL", (1, 5, 0), 152_300, 20_000, (2, 1.2, 0.45), (14, 2)), "BTC", "USD"),
        profile(
            .init("BTC_USDC-PERPETUAL", (1, 5, 4), 152_310, 3_000, (3, 1.5, 0.45), (10, 1)),
            "BTC",
            "USDC"
        ),
        profile(.init("ETH-PERPETUAL", (2, 5, 0), 55_450, 9_000, (2, 1.2, 0.6), (12, 1.5)), "ETH", "USD"),
        profile(.init("BTC_USDC", (0, 1, 4), 76_150, 2_000, (4, 1.5, 0.45), (4, 0.2)), "BTC", "USDC"),
    ]

    /// Symbols do not spell what perpetuals are priced in.
    private static func profile(_ profile: SymbolProfile, _ base: String, _ quote: String) -> SymbolProfile {
        var profile = profile
        (profile.base, profile.quote) = (base, quote)
        return profile
    }
}
