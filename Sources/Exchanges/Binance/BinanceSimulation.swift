import MarketModel

/// A market of Binance's as it is simulated.
struct BinanceSimulation: SimulationModel {
    let market: Market

    var symbols: [SymbolProfile] {
        switch market {
        case .linear: Self.linear
        case .inverse: Self.inverse
        case .spot: Self.spot
        case .option, .multi: []
        }
    }

    /// Books are whole; a seed takes at most 1,000 levels a side on futures, 5,000 on spot.
    var usualDepth: Int { 500 }

    func habits(depth: Int) -> SimulationHabits {
        let isSpot = market == .spot
        var habits = SimulationHabits(numbering: .links(isShared: !isSpot), signInterval: nil)
        habits.cadence = 100 * UnixTime.millisecond
        habits.delays = (5 * UnixTime.millisecond, 3 * UnixTime.millisecond, 5 * UnixTime.millisecond)
        habits.tradeTimes = .shared
        (habits.splitsTrades, habits.sumsFills, habits.tellsTops) = (true, !isSpot, true)
        habits.hasDerivatives = !isSpot
        habits.tickerInterval = UnixTime.second
        habits.seedDelay = 150 * UnixTime.millisecond
        return habits
    }

    /// What a recorder asks for, and tickers to compare books with.
    func opening(_ symbols: [String], depth: Int) -> [OpeningStep] {
        let feeds = symbols.map { Subscription(.all, symbol: $0) }
        let requests = Binance().requests(for: feeds, market: market)
        let tickers = symbols.map { "\($0.lowercased())@bookTicker" }.jsonList
        var steps: [OpeningStep] = []
        for (index, text) in (requests + [#"{"method":"SUBSCRIBE","params":\#(tickers)}"#]).enumerated() {
            let id = UInt64(index + 1)
            steps.append(.request(Binance().identified(text, id)))
            steps.append(.acknowledgement([], id: "\(id)"))
        }
        return steps + symbols.indices.map { .book($0) }
    }

    private static let linear: [SymbolProfile] = [
        .init("BTCUSDT", (2, 10, 3), 652_300, 3_000, (2, 1, 0.45), (18, 4)),
        .init("ETHUSDT", (2, 1, 3), 191_640, 60_000, (1.6, 1, 0.6), (16, 3)),
        .init("SOLUSDT", (2, 1, 2), 8_412, 250_000, (1.1, 1, 0.7), (12, 1.5)),
    ]
    private static let inverse: [SymbolProfile] = [
        perpetual(.init("BTCUSD_PERP", (1, 1, 0), 652_310, 3_000, (5, 1, 0.45), (14, 1.5)), 100),
        perpetual(.init("ETHUSD_PERP", (2, 1, 0), 191_650, 9_000, (3, 1, 0.6), (12, 1)), 10),
    ]
    private static let spot: [SymbolProfile] = [
        .init("BTCUSDT", (8, 1_000_000, 8), 6_522_950, 60_000_000, (12, 1, 0.45), (18, 5)),
        .init("ETHUSDT", (8, 1_000_000, 8), 191_650, 900_000_000, (3, 1, 0.6), (16, 3)),
        .init("SOLUSDT", (8, 1_000_000, 8), 8_413, 15_000_000_000, (1.1, 1, 0.7), (10, 1)),
    ]

    /// Contracts of so many dollars.
    private static func perpetual(_ profile: SymbolProfile, _ size: Int64) -> SymbolProfile {
        var profile = profile
        profile.contractSize = FixedDecimal(mantissa: size, scale: 0)
        return profile
    }
}
