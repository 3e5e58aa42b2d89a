public import MarketModel
public import OrderBooks
import Pipeline
import Recording
import Synchronizer

/// The summary of one instrument.
public struct InstrumentSummary: Sendable {
    /// The instrument.
    public var instrument: Instrument
    /// Rows emitted.
    public var rows: Int
    /// Trades, excluding duplicates and snapshot lists.
    public var trades: Int
    /// The state of its book at the end.
    public var bookState: OrderBook.State
    /// Levels at the end.
    public var bids: Int
    /// Levels at the end.
    public var asks: Int
    /// The best bid at the end.
    public var bestBid: PriceLevel?
    /// The best ask at the end.
    public var bestAsk: PriceLevel?
    /// Messages after which the synced book was crossed.
    public var crossedSeen: Int
    /// Its latest definition; nil if the recordings have none.
    public var definition: InstrumentDefinition?
}
