import MarketModel

/// Kraken Futures as it is simulated.
struct KrakenFuturesSimulation: SimulationModel {
    var symbols: [SymbolProfile] { Self.contracts }
    var usualDepth: Int { 100 }

    func habits(depth: Int) -> SimulationHabits {
        var habits = SimulationHabits(numbering: .topics, signInterval: nil)
        habits.splitsLevels = true
        habits.splitsTrades = true
        habits.liquidatesInTrades = true
        habits.hasDerivatives = true
        habits.tickerInterval = UnixTime.second
        habits.tradeTimes = .each(lag: 2 * UnixTime.millisecond)
        return habits
    }

    func opening(_ symbols: [String], depth: Int) -> [OpeningStep] {
        var steps = [OpeningStep.greeting]
        for channel in KrakenFutures.channels {
            let topics = symbols.map { Subscription(channel.kinds, symbol: $0) }
            steps.append(.request(KrakenFutures().request(.subscribe, topics, market: .multi)))
            for (index, topic) in topics.enumerated() {
                steps.append(.acknowledgement([topic]))
                switch channel.kinds {
                case .book: steps.append(.book(index))
                case [.trades, .liquidations]: steps.append(.lastTrades(index))
                default: steps.append(.ticker(index))
                }
            }
        }
        return steps
    }

    /// A trade has an identifier of its own; the number that it was made of stands at the end.
    func tradeID(_ number: Int64, symbol: Int) -> TradeID {
        let digits = "\(number % 1_000_000_000_000)"
        let zeros = String(repeating: "0", count: 12 - digits.count)
        return TradeID("8b3e7e72-950c-4c4e-8ab\(symbol % 10)-\(zeros)\(digits)") ?? .none
    }

    /// The number that an identifier was made of.
    static func number(of id: TradeID) -> Int64 {
        id.description.split(separator: "-").last.flatMap { Int64($0) } ?? 0
    }

    private static let contracts: [SymbolProfile] = {
        var profiles = [
            SymbolProfile("PI_XBTUSD", (1, 5, 0), 125_220, 9_000, (2, 1.2, 0.45), (12, 0.8)),
            SymbolProfile("PF_ETHUSD", (1, 1, 3), 19_166, 9_000, (2, 1.4, 0.6), (10, 0.6)),
            SymbolProfile("PF_SOLUSD", (2, 1, 2), 8_413, 9_000, (2, 1.4, 0.7), (8, 0.4)),
        ]
        // One dollar, or one coin.
        for index in profiles.indices { profiles[index].contractSize = FixedDecimal(mantissa: 1, scale: 0) }
        return profiles
    }()
}
