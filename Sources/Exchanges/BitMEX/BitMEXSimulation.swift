import MarketModel

/// BitMEX as it is simulated: an inverse and a linear contract and a pair on one connection.
struct BitMEXSimulation: SimulationModel {
    var symbols: [SymbolProfile] { Self.all }
    var usualDepth: Int { 200 }

    func habits(depth: Int) -> SimulationHabits {
        var habits = SimulationHabits(numbering: .nothing, signInterval: 5 * UnixTime.second)
        habits.ping = "ping"
        habits.splitsChanges = true
        habits.tradeTimes = .shared
        habits.hasDerivatives = true
        return habits
    }

    func opening(_ symbols: [String], depth: Int) -> [OpeningStep] {
        let exchange = BitMEX()
        let topics = exchange.topics(of: symbols.map { Subscription(.all, symbol: $0) }, market: .multi)
        var steps = [OpeningStep.greeting]
        for request in exchange.requests(topics: topics, market: .multi) {
            steps.append(.request(request.text))
            for index in request.indexes {
                let topic = topics[index]
                let symbol = symbols.firstIndex(of: topic.symbol) ?? 0
                steps.append(.acknowledgement([topic]))
                switch topic.kinds {
                case .book: steps.append(.book(symbol))
                case .trades: steps.append(.lastTrades(symbol))
                case .liquidations: break
                default: steps.append(.ticker(symbol))
                }
            }
        }
        return steps
    }

    /// A trade has an identifier; the number that it was made of stands at the end.
    func tradeID(_ number: Int64, symbol: Int) -> TradeID {
        TradeID(Self.identifier(of: number, symbol)) ?? .none
    }

    /// An identifier made of a number and of what it is of.
    static func identifier(of number: Int64, _ place: Int) -> String {
        let digits = "\(number % 1_000_000_000_000)"
        let zeros = String(repeating: "0", count: 12 - digits.count)
        return "00000000-006d-1000-000\(place % 10)-\(zeros)\(digits)"
    }

    private static let all: [SymbolProfile] = [
        contract(.init("XBTUSD", (1, 5, 0), 130_460, 60_000, (2, 1, 0.45), (16, 2)), 0),
        contract(.init("ETHUSDT", (2, 5, 0), 38_330, 900_000, (2, 1, 0.6), (12, 1.2)), 5),
        contract(.init("XBT_USDT", (1, 5, 0), 130_455, 2_000_000, (4, 2, 0.45), (8, 0.6)), 8),
    ]

    /// Contracts of a dollar, or of a small part of a coin.
    private static func contract(_ profile: SymbolProfile, _ scale: UInt8) -> SymbolProfile {
        var profile = profile
        profile.contractSize = FixedDecimal(mantissa: 1, scale: scale)
        return profile
    }
}
