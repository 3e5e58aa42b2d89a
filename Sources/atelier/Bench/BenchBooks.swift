import MarketModel
import OrderBooks
import Synchronizer

/// A book that never changes: what the synchronizer reads when it is measured alone.
struct FixedBook: BookSource {
    private let bids: [PriceLevel]
    private let asks: [PriceLevel]

    init(levels: Int) {
        let size = FixedDecimal(mantissa: 1, scale: 0)
        bids = (0..<levels).map {
            PriceLevel(price: FixedDecimal(mantissa: Int64(100_000 - $0), scale: 1), size: size)
        }
        asks = (0..<levels).map {
            PriceLevel(price: FixedDecimal(mantissa: Int64(100_001 + $0), scale: 1), size: size)
        }
    }

    func market(of instrument: InstrumentIndex) -> Market { .linear }

    func capture(_ instrument: InstrumentIndex, depth: Int, into view: inout BookView) {
        view.state = .synced
        view.isCrossed = false
        view.bids.removeAll(keepingCapacity: true)
        view.asks.removeAll(keepingCapacity: true)
        view.bids.append(contentsOf: bids.prefix(depth))
        view.asks.append(contentsOf: asks.prefix(depth))
    }
}

/// Books that follow the messages, as in a replay.
struct LiveBooks: BookSource {
    private var keepers: [BookKeeper]
    private let rules: [BookRules]

    init(instruments: Int, rules: [BookRules]) {
        keepers = Array(repeating: BookKeeper(), count: instruments)
        self.rules = rules
    }

    mutating func apply(_ update: BookUpdate, of batch: borrowing EventBatch, on connection: Int32) {
        let place = update.instrument.position
        _ = keepers[place].apply(
            update,
            levels: batch.levels.span,
            connection: connection,
            rules: rules[Int(connection)]
        )
    }

    /// Asked for bars only, which are not measured here.
    func market(of instrument: InstrumentIndex) -> Market { .linear }

    func isGapped(_ instrument: InstrumentIndex) -> Bool {
        keepers[instrument.position].book.state == .gapped
    }

    func capture(_ instrument: InstrumentIndex, depth: Int, into view: inout BookView) {
        view.bids.removeAll(keepingCapacity: true)
        view.asks.removeAll(keepingCapacity: true)
        view.state = keepers[instrument.position].book.state
        view.isCrossed = keepers[instrument.position].book.isCrossed
        guard view.state == .synced else { return }
        keepers[instrument.position].book.copyBids(depth, into: &view.bids)
        keepers[instrument.position].book.copyAsks(depth, into: &view.asks)
    }
}
