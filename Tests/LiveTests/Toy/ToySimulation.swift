import Exchanges
import MarketModel

/// The simulated toy: two symbols, full books.
struct ToySimulation: SimulationModel {
    var isSeeded = false

    var symbols: [SymbolProfile] {
        ["ONE", "TWO"].map { SymbolProfile($0, (2, 1, 3), 10_000, 4_000, (2, 1, 0.5), (20, 4)) }
    }
    var usualDepth: Int { 20 }

    func habits(depth: Int) -> SimulationHabits {
        SimulationHabits(numbering: isSeeded ? .topics : .nothing, signInterval: UnixTime.second)
    }

    func opening(_ symbols: [String], depth: Int) -> [OpeningStep] {
        symbols.enumerated().flatMap { index, symbol in
            let topics = Toy().topics(of: [Subscription(.all, symbol: symbol)], market: .spot)
            return Toy().requests(topics: topics, market: .spot).map { OpeningStep.request($0.text) }
                + topics.map { .acknowledgement([$0]) } + [.book(index), .lastTrades(index)]
        }
    }
}
