import MarketModel

/// Bitfinex as it is simulated.
struct BitfinexSimulation: SimulationModel {
    var symbols: [SymbolProfile] { Self.all }
    var usualDepth: Int { 25 }
    var checksumDepth: Int { AlternatingChecksum.levels }

    func checksum(bids: [PriceLevel], asks: [PriceLevel]) -> UInt32 {
        AlternatingChecksum.of(bids, asks, .signed)
    }

    func habits(depth: Int) -> SimulationHabits {
        var habits = SimulationHabits(numbering: .connection, signInterval: nil)
        (habits.firstNumber, habits.numbersAnswers) = (1, false)
        (habits.depth, habits.deletesBeyondDepth) = (depth, true)
        habits.trimsZeros = true
        (habits.splitsLevels, habits.provesApart) = (true, true)
        (habits.splitsTrades, habits.tellsTradesTwice) = (true, true)
        habits.hasDerivatives = true
        habits.tickerInterval = UnixTime.second
        habits.delays = (0, 10 * UnixTime.millisecond, 50 * UnixTime.millisecond)
        habits.tradeTimes = .shared
        return habits
    }

    func opening(_ symbols: [String], depth: Int) -> [OpeningStep] {
        let topics = Bitfinex().topics(
            of: symbols.map { Subscription(.all, symbol: $0, depth: depth) },
            market: .multi
        )
        var steps: [OpeningStep] = [.greeting, .request(Bitfinex.greeting), .acknowledgement([])]
        for topic in topics {
            steps.append(.request(Bitfinex().request(.subscribe, [topic], market: .multi)))
            steps.append(.acknowledgement([topic]))
            guard let index = symbols.firstIndex(of: topic.symbol) else {
                if let first = symbols.indices.first { steps.append(.lastLiquidation(first)) }
                continue
            }
            switch topic.kinds {
            case .book: steps.append(.book(index))
            case .trades: steps.append(.tradeList(index))
            default: steps.append(.ticker(index))
            }
        }
        return steps
    }

    private static let all: [SymbolProfile] = [
        .init("tBTCF0:USTF0", (0, 1, 8), 65_231, 90_000_000, (2, 1.2, 0.45), (14, 1.5)),
        .init("tBTCUSD", (0, 1, 8), 65_228, 60_000_000, (2, 1.2, 0.45), (12, 1.5)),
        .init("tETHF0:USTF0", (1, 1, 8), 19_166, 900_000_000, (2, 1.4, 0.6), (10, 0.8)),
    ]
}
