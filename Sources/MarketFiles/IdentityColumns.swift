import MarketModel
import Parquet

/// The columns exchange, market and symbol, unless the folders name them.
struct IdentityColumns {
    private let texts: [ColumnVector]

    init(_ context: TableContext) {
        let instrument = context.instrument
        let names = [instrument.exchange, instrument.market.rawValue, instrument.symbol]
        texts = context.isPartitioned ? [] : names.map { ColumnVector([$0]) }
    }

    static func schema(_ context: TableContext) -> [ParquetColumn] {
        context.isPartitioned ? [] : [.string("exchange"), .string("market"), .string("symbol")]
    }

    /// The columns over `count` rows.
    func rows(_ count: Int) -> [ColumnRows] { texts.map { .runs(ColumnRuns($0, ends: [count])) } }
}
