import MarketModel
import Parquet

/// What a table needs to lay out its columns.
struct TableContext {
    var instrument: Instrument
    var stage: MarketFileStage
    var depth: Int
    /// Whether the folders name exchange, market and symbol, so that the file need not.
    var isPartitioned: Bool
}
