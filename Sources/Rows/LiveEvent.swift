public import MarketModel

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

    /// Copies an event of a batch; nil for a change of a feed.
    package init?(_ event: EventReference, of batch: borrowing EventBatch) {
        switch event.kind {
        case .book:
            var update = batch.books[event.index]
            let levels = batch.levels[update.bids.lowerBound..<update.asks.upperBound]
            update.firstLevel = 0
            self = .book(update, levels: Array(levels))
        case .trade: self = .trade(batch.trades[event.index])
        case .liquidation: self = .liquidation(batch.liquidations[event.index])
        case .fundingRate: self = .fundingRate(batch.fundingRates[event.index])
        case .openInterest: self = .openInterest(batch.openInterests[event.index])
        case .status: return nil
        }
    }

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
