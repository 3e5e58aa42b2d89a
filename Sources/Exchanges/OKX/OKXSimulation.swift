import MarketModel

/// OKX as it is simulated: spot, linear and inverse swaps on one connection.
struct OKXSimulation: SimulationModel {
    var symbols: [SymbolProfile] { Self.all }
    var usualDepth: Int { Int(OKX.wholeDepth) }

    /// Checksums are 0 since June 2026.
    func habits(depth: Int) -> SimulationHabits {
        var habits = SimulationHabits(numbering: .topics, signInterval: 20 * UnixTime.second)
        habits.ping = "ping"
        (habits.depth, habits.deletesBeyondDepth) = (depth, true)
        habits.cadence = (depth == 1 ? 10 : 100) * UnixTime.millisecond
        habits.trimsZeros = true
        habits.delays = (2 * UnixTime.millisecond, UnixTime.millisecond, 200 * UnixTime.millisecond)
        habits.tradeTimes = .shared
        (habits.splitsTrades, habits.sumsFills) = (true, true)
        habits.hasDerivatives = true
        habits.tickerInterval = 3 * UnixTime.second
        habits.connection = "a4d3ae55"
        return habits
    }

    func opening(_ symbols: [String], depth: Int) -> [OpeningStep] {
        let topics = OKX().topics(
            of: symbols.map { Subscription(.all, symbol: $0, depth: depth) },
            market: .multi
        )
        var (steps, types): ([OpeningStep], [OKXInstrumentType]) = ([], [.spot])
        for (index, request) in OKX().requests(topics: topics, market: .multi).enumerated() {
            let id = UInt64(index + 1)
            steps.append(.request(OKX().identified(request.text, id)))
            steps += request.indexes.map { .acknowledgement([topics[$0]], id: "\(id)") }
        }
        for (index, symbol) in symbols.enumerated() {
            let type = OKXInstrumentType(ofSymbol: symbol)
            if !types.contains(type) {
                types.append(type)
                steps.append(.lastLiquidation(index))
            }
            steps.append(.book(index))
            if type != .spot { steps.append(.ticker(index)) }
        }
        return steps
    }

    private static let all: [SymbolProfile] = [
        contract(.init("BTC-USDT-SWAP", (1, 1, 2), 652_300, 40_000, (3, 1, 0.45), (18, 4)), 1, 2),
        .init("BTC-USDT", (1, 1, 8), 652_295, 60_000_000, (6, 1, 0.45), (18, 5)),
        contract(.init("BTC-USD-SWAP", (1, 1, 1), 652_310, 30_000, (4, 1, 0.45), (12, 1.5)), 100, 0),
        contract(.init("ETH-USDT-SWAP", (2, 1, 2), 191_640, 80_000, (2, 1, 0.6), (16, 3)), 1, 1),
        .init("ETH-USDT", (2, 1, 6), 191_650, 240_000_000, (3, 1, 0.6), (14, 3)),
    ]

    /// Contracts of so much.
    private static func contract(_ profile: SymbolProfile, _ mantissa: Int64, _ scale: UInt8) -> SymbolProfile
    {
        var profile = profile
        profile.contractSize = FixedDecimal(mantissa: mantissa, scale: scale)
        return profile
    }
}
