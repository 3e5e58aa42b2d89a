import Exchanges
import MarketModel

// The changes of a book as several messages.
extension SimulatedPublisher {
    /// A message for each changed level, deleted ones first: no book is crossed on the way.
    mutating func publishLevels(_ market: Int, _ stream: inout SimulatedStream) {
        let levels = book.bids.map { (isBid: true, level: $0) } + book.asks.map { (isBid: false, level: $0) }
        for isDeleted in [true, false] {
            for (isBid, level) in levels where level.size.isZero == isDeleted {
                begin(isSnapshot: false)
                if isBid { book.bids = [level] } else { book.asks = [level] }
                updates[market] += 1
                publish(market, &stream)
            }
        }
        prove(market, &stream)
    }

    /// A message for what goes, what changes and what comes, as far as there is any.
    mutating func publishChanges(_ market: Int, _ stream: inout SimulatedStream) {
        for change in BookMessage.Change.allCases {
            begin(isSnapshot: false)
            book.change = change
            stream.appendChanges(of: SimulatedMarket.bidSide, market, only: change, to: &book.bids)
            stream.appendChanges(of: SimulatedMarket.askSide, market, only: change, to: &book.asks)
            guard book.levelCount > 0 else { continue }
            updates[market] += 1
            publish(market, &stream)
        }
    }
}
