import Exchanges
import MarketModel

/// The toy as it is simulated: two symbols, whole books.
struct ToySimulation: SimulationModel {
    var symbols: [SymbolProfile] { [profile("ONE"), profile("TWO")] }
    var usualDepth: Int { 20 }

    private func profile(_ symbol: String) -> SymbolProfile {
        SymbolProfile(
            symbol,
            priceDecimals: 2,
            tick: 1,
            sizeDecimals: 3,
            startTicks: 10_000,
            levelSize: 4_000,
            gap: 2,
            bookRate: 20,
            tradeRate: 4
        )
    }

    func habits(depth: Int) -> SimulationHabits {
        SimulationHabits(numbering: .nothing, signInterval: UnixTime.second)
    }

    func opening(_ symbols: [String], depth: Int) -> [OpeningStep] {
        symbols.enumerated().flatMap { index, symbol in
            let topics = Toy().topics(of: [Subscription(.all, symbol: symbol)], market: .spot)
            return Toy().requests(topics: topics, market: .spot).map { OpeningStep.request($0.text) }
                + topics.map { .acknowledgement([$0]) } + [.book(index), .lastTrades(index)]
        }
    }
}
