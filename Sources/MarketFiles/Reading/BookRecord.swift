import MarketModel
import OrderBooks

/// A book of a market file, of either layout.
public struct BookRecord: Sendable, Equatable {
    /// A price and the size resting there.
    public struct Level: Sendable, Equatable {
        /// Price, quote.
        public var price: Double
        /// Size: base, or quote on inverse markets.
        public var size: Double
    }

    /// Instrument and times.
    public var head: RecordHead
    /// Bids, best first.
    public var bids: [Level]
    /// Asks, best first.
    public var asks: [Level]
}
