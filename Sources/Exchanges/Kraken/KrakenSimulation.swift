import ByteCoding
import MarketModel

/// Kraken as it is simulated.
struct KrakenSimulation: SimulationModel {
    var symbols: [SymbolProfile] { Self.spot }
    var usualDepth: Int { Kraken.usualDepth }

    /// A level pushed out by better ones is not deleted on the wire: the client cuts.
    func habits(depth: Int) -> SimulationHabits {
        var habits = SimulationHabits(numbering: .nothing, signInterval: UnixTime.second)
        habits.depth = depth
        return habits
    }

    func opening(_ symbols: [String], depth: Int) -> [OpeningStep] {
        var steps = [OpeningStep.greeting]
        for (index, symbol) in symbols.enumerated() {
            let book = Subscription(.book, symbol: symbol, depth: depth)
            let trades = Subscription(.trades, symbol: symbol)
            steps.append(.request(Kraken.request(.subscribe, [book], hasSnapshot: true)))
            steps += [.acknowledgement([book]), .book(index)]
            steps.append(.request(Kraken.request(.subscribe, [trades], hasSnapshot: true)))
            steps += [.acknowledgement([trades]), .lastTrades(index)]
        }
        return steps
    }

    var checksumDepth: Int { KrakenChecksum.levels }

    /// Digits without the point and leading zeros are those of the mantissas.
    func checksum(bids: [PriceLevel], asks: [PriceLevel]) -> UInt32 {
        var digits = FrameWriter(capacity: 1 << 10)
        for level in asks + bids { digits.append(level.price.mantissa, level.size.mantissa) }
        return CRC32.checksum(digits.storage.span.bytes.extracting(0..<digits.count))
    }

    private static let spot: [SymbolProfile] = [
        .init("BTC/USD", (1, 1, 8), 652_334, 150_000_000, (5, 1, 0.45), (14, 0.8)),
        .init("ETH/USD", (2, 1, 8), 191_651, 1_200_000_000, (4, 1.6, 0.6), (12, 0.6)),
        .init("SOL/USD", (2, 1, 8), 8_412, 9_000_000_000, (1.4, 1.2, 0.7), (10, 0.5)),
        .init("XRP/USD", (5, 1, 8), 124_835, 300_000_000_000, (3, 2, 0.7), (8, 0.4)),
    ]
}
