public import MarketModel
public import OrderBooks

/// What every row of a market file of events says.
public struct RecordHead: Sendable, Equatable {
    /// The instrument.
    public var instrument: Instrument
    /// The venue's stamp: nanoseconds since the Unix epoch, UTC; nil if it gave none.
    public var tsEvent: Int64?
    /// When the frame arrived: nanoseconds since the Unix epoch, UTC.
    public var tsRecv: Int64
    /// The label of its row, in `sync` files: nanoseconds since the Unix epoch, UTC.
    public var ts: Int64?
}

/// A trade of a market file.
public struct TradeRecord: Sendable, Equatable {
    /// Instrument and times.
    public var head: RecordHead
    /// The taker's side.
    public var side: Side
    /// Price, quote.
    public var price: Double
    /// Size: base, or quote on inverse markets.
    public var amount: Double
    /// The venue's identifier; nil if it gave none.
    public var id: String?
}

/// A liquidation of a market file.
public struct LiquidationRecord: Sendable, Equatable {
    /// Instrument and times.
    public var head: RecordHead
    /// The side of the forced order.
    public var side: Side
    /// Price, quote.
    public var price: Double
    /// Size: base, or quote on inverse markets.
    public var amount: Double
}

/// A funding rate of a market file.
public struct FundingRecord: Sendable, Equatable {
    /// Instrument and times.
    public var head: RecordHead
    /// The rate of one interval.
    public var fundingRate: Double
    /// Hours between settlements; nil if the venue did not say.
    public var intervalHours: Double?
    /// The next settlement: nanoseconds since the Unix epoch, UTC; nil if the venue did not say.
    public var nextFundingTs: Int64?
}

/// An open interest of a market file.
public struct OpenInterestRecord: Sendable, Equatable {
    /// Instrument and times.
    public var head: RecordHead
    /// Contracts or base.
    public var openInterest: Double
    /// The same in quote; nil if the venue did not say.
    public var value: Double?
    /// The mark price, quote; nil if the venue did not say.
    public var markPrice: Double?
}

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

/// A row of aggregates of a market file.
public struct AggregateRecord: Sendable, Equatable {
    /// The instrument.
    public var instrument: Instrument
    /// The row's label: nanoseconds since the Unix epoch, UTC.
    public var ts: Int64
    /// When it was known: nanoseconds since the Unix epoch, UTC.
    public var tsAvailable: Int64
    /// The scalars in the order of `MarketAggregate.Scalar`; nil where undefined.
    public var scalars: [Double?]
    /// Ages of book, funding rate and open interest, nanoseconds.
    public var ages: [Int64?]
    /// The book's state.
    public var bookState: OrderBook.State
    /// Whether the trades' feed was live throughout the period.
    public var observedTrades: Bool
    /// Whether the liquidations' feed was live throughout the period.
    public var observedLiquidations: Bool
    /// Whether the book was gapped or a feed not live at some time in the period.
    public var gap: Bool
    /// Whether the data ended before the row's edge.
    public var partial: Bool
}
