import Features
public import MarketModel
import Synchronizer

/// A decoded event with its data.
public enum LiveEvent: Sendable {
    /// A change of a book, or a whole one, with its levels: bids, then asks.
    case book(BookUpdate, levels: [PriceLevel])
    /// A trade.
    case trade(Trade)
    /// A liquidation.
    case liquidation(Liquidation)
    /// A funding rate.
    case fundingRate(FundingRate)
    /// An open interest.
    case openInterest(OpenInterest)

    /// The topic of its kind: `book`, `trade`, `liquidation`, `funding`, `interest`.
    public var topic: String {
        switch self {
        case .book: DataKind.book.topic
        case .trade: DataKind.trades.topic
        case .liquidation: DataKind.liquidations.topic
        case .fundingRate: DataKind.fundingRates.topic
        case .openInterest: DataKind.openInterest.topic
        }
    }
}
