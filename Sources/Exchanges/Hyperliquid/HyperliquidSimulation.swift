import MarketModel

/// Hyperliquid as it is simulated: perpetuals and pairs on one connection.
struct HyperliquidSimulation: SimulationModel {
    var symbols: [SymbolProfile] { Self.coins }
    var usualDepth: Int { Hyperliquid.usualDepth }

    func habits(depth: Int) -> SimulationHabits {
        var habits = SimulationHabits(numbering: .nothing, signInterval: 30 * UnixTime.second)
        habits.ping = #"{"method":"ping"}"#
        (habits.depth, habits.sendsWholeBooks) = (depth, true)
        habits.cadence = (depth <= Hyperliquid.fastDepth ? 540 : 5_400) * UnixTime.millisecond
        habits.tradeTimes = .shared
        (habits.hasDerivatives, habits.hasLiquidations) = (true, false)
        habits.tickerInterval = UnixTime.second
        return habits
    }

    func opening(_ symbols: [String], depth: Int) -> [OpeningStep] {
        let exchange = Hyperliquid()
        var steps: [OpeningStep] = []
        for (index, symbol) in symbols.enumerated() {
            let feeds = [Subscription(.all, symbol: symbol, depth: depth)]
            for topic in exchange.topics(of: feeds, market: .multi) {
                steps.append(.request(exchange.request(.subscribe, [topic], market: .multi)))
                steps.append(.acknowledgement([topic]))
                switch topic.kinds {
                case .book: steps.append(.book(index))
                case .trades: steps.append(.tradeList(index))
                default: steps.append(.ticker(index))
                }
            }
        }
        return steps
    }

    /// A mix of the number that is its alone: of fifty bits, as at the venue.
    func tradeID(_ number: Int64, symbol: Int) -> TradeID {
        TradeID("\(UInt64(bitPattern: number) &* 0x9e37_79b9_7f4a_7c15 & (1 << 50 - 1))") ?? .none
    }

    private static let coins: [SymbolProfile] = [
        .init("BTC", (1, 10, 5), 65_231, 200_000, (1.2, 1, 0.45), (18, 4)),
        .init("PURR/USDC", (5, 1, 0), 12_345, 8_000, (3, 2, 0.9), (6, 0.5)),
        .init("ETH", (1, 1, 4), 19_164, 300_000, (1.5, 1, 0.6), (16, 3)),
        .init("@107", (3, 1, 2), 41_235, 15_000, (2, 1, 0.8), (10, 1)),
    ]
}
