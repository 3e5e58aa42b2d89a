import Dataset
import Features
import MarketModel
import OrderBooks
import Rows
import Synchronizer

/// Rows of invented instruments from a seed: a log of one frame a row, with delays, gaps, jumps and empty books.
///
/// After a cut it continues differently, as a replaced log would. A leaking source puts the next row's mid
/// into a feature of the current one.
struct SyntheticSource: RowSource {
    var seed: UInt64 = 1
    var rows = 400
    var symbols = ["AAAUSDT", "BBBUSDT"]
    var faults = 3
    var isLeaking = false
    /// A log in which no trade was ever observed.
    var hasTrades = true

    static let start: Int64 = 1_786_310_880_000_000_000 / 100_000_000 * 100_000_000
    static let period: Int64 = 100_000_000

    private struct MadeRow {
        var snapshot: MarketSnapshot
        var symbol: Int
        var jumped: Bool
    }

    func replay(
        _ options: SynchronizerOptions,
        _ cut: AuditCut,
        into sink: any RowSink
    ) throws(DatasetError) -> RowSourceReport {
        var builder = AggregateBuilder()
        let log = log(cut)
        for (index, row) in log.enumerated() {
            let instrument = Instrument(exchange: "bybit", market: .linear, symbol: symbols[row.symbol])
            var aggregate = builder.aggregate(row.snapshot, market: .linear)
            if isLeaking {
                let next = log[(index + 1)...].first { $0.symbol == row.symbol }
                aggregate[.tradeVWAP] = (next?.snapshot.orderbook?.bids.first?.price.doubleValue) ?? 0
            }
            if row.jumped {
                let jump = ClockJump(instrument: aggregate.instrument, from: 0, to: 0, skippedRows: 0)
                sink.received(.reanchored(jump, of: instrument))
            }
            let isFinal = row.snapshot.quality.partial
            do {
                try sink.write(Row(row.snapshot, aggregate, of: instrument, isFinal: isFinal))
            } catch let error as DatasetError {
                throw error
            } catch {
                throw .source("\(error)")
            }
        }
        var report = RowSourceReport()
        if let last = log.last { report.span = SyntheticSource.start...last.snapshot.tsAvailable }
        report.counts = [("frames", log.count)]
        return report
    }

    private func log(_ cut: AuditCut) -> [MadeRow] {
        var random = SeededRandom(seed)
        var rows: [MadeRow] = []
        var price = symbols.map { _ in Int64(100_000) }
        var ts = SyntheticSource.start
        // One clock for all, as receive times of a log are.
        var available: Int64 = 0
        var isReplaced = false
        for number in 0..<self.rows {
            let jump = number > 0 && random.chance(faults > 0 ? 1 : 0)
            ts += jump ? 50 * SyntheticSource.period : SyntheticSource.period
            for symbol in symbols.indices {
                let delay = random.chance(50) ? 0 : Int64.random(in: 0..<300_000_000, using: &random)
                available = max(available, ts + delay)
                if available > cut.time {
                    if case .truncated = cut { return rows }
                    if !isReplaced { random = SeededRandom(seed &+ 99) }
                    isReplaced = true
                }
                price[symbol] += Int64.random(in: -40...40, using: &random)
                var snapshot = MarketSnapshot(
                    instrument: InstrumentIndex(UInt32(symbol)),
                    ts: ts,
                    tsAvailable: available
                )
                fill(&snapshot, price[symbol], &random)
                snapshot.quality.partial = number == self.rows - 1
                rows.append(MadeRow(snapshot: snapshot, symbol: symbol, jumped: jump))
            }
        }
        return rows
    }

    private func fill(_ snapshot: inout MarketSnapshot, _ price: Int64, _ random: inout SeededRandom) {
        let hundredth = { (mantissa: Int64) in FixedDecimal(mantissa: mantissa, scale: 2) }
        snapshot.quality.gap = random.chance(faults)
        if hasTrades { snapshot.quality.observed.insert(.trades) }
        for number in 0..<Int.random(in: 0...3, using: &random) {
            snapshot.trades.append(
                Trade(
                    instrument: snapshot.instrument,
                    side: random.chance(50) ? .buy : .sell,
                    price: hundredth(price + Int64(number)),
                    size: hundredth(Int64.random(in: 1...900, using: &random)),
                    id: .none,
                    exchangeTime: snapshot.ts - 1,
                    receiveTime: snapshot.ts - 1
                )
            )
        }
        guard !random.chance(faults) else { return }
        var (bids, asks): ([PriceLevel], [PriceLevel]) = ([], [])
        for level in 0..<3 {
            let size = hundredth(Int64.random(in: 1...900, using: &random))
            bids.append(PriceLevel(price: hundredth(price - 1 - Int64(level)), size: size))
            asks.append(PriceLevel(price: hundredth(price + 1 + Int64(level)), size: size))
        }
        snapshot.quality.bookState = .synced
        snapshot.orderbook = BookView(bids: bids, asks: asks, depth: 50)
    }
}
