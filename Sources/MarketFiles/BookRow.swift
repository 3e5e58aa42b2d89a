import MarketModel
import OrderBooks
import Parquet

/// A book on its way to a file.
struct BookRow {
    var exchangeTime: Int64?
    var receiveTime: Int64
    /// Best first.
    var bids: [PriceLevel]
    /// Best first.
    var asks: [PriceLevel]
}
