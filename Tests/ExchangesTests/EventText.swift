import Exchanges
import MarketModel

/// Everything a decoder said of a frame, as text to compare.
func eventText(_ batch: EventBatch, _ outcome: FrameOutcome, _ decoder: any FrameDecoder) -> String {
    var text = "\(outcome) errors \(batch.errorCount) time \(time(batch.frameTime)) \(decoder.sequences)"
    for event in batch.order {
        switch event.kind {
        case .book:
            let book = batch.books[event.index]
            text += "\nbook \(batch.instruments[book.instrument]) \(book.isSnapshot) depth \(book.depth)"
            text += " \(time(book.exchangeTime)) \(book.receiveTime) u \(book.updateID ?? -1)"
            if book.link != .none || !book.hasAllBids || !book.hasAllAsks {
                text += " link \(book.link.first) \(book.link.previous) \(book.hasAllBids) \(book.hasAllAsks)"
            }
            text += " crc \(book.checksum.map(String.init) ?? "none")"
            text += book.bids.map { " b\(batch.levels[$0].price)@\(batch.levels[$0].size)" }.joined()
            text += book.asks.map { " a\(batch.levels[$0].price)@\(batch.levels[$0].size)" }.joined()
        case .trade:
            let trade = batch.trades[event.index]
            text +=
                "\ntrade \(batch.instruments[trade.instrument]) \(trade.side) \(trade.price) \(trade.size)"
            text += " \(trade.id) \(trade.exchangeTime) \(trade.receiveTime) \(trade.isSnapshot)"
            text += " \(trade.isExcluded) \(trade.isAggregate)"
        case .liquidation:
            let forced = batch.liquidations[event.index]
            text += "\nliquidation \(batch.instruments[forced.instrument]) \(forced.side) \(forced.price)"
            text += " \(forced.size) \(forced.exchangeTime) \(forced.receiveTime)"
        case .fundingRate:
            let rate = batch.fundingRates[event.index]
            text +=
                "\nfunding \(batch.instruments[rate.instrument]) \(rate.rate) \(time(rate.nextFundingTime))"
            text += " \(rate.intervalHours?.description ?? "none") \(rate.exchangeTime)"
        case .openInterest:
            let interest = batch.openInterests[event.index]
            text += "\ninterest \(batch.instruments[interest.instrument]) \(interest.openInterest)"
            text += " \(interest.value?.description ?? "none") \(interest.markPrice?.description ?? "none")"
            text += " \(interest.exchangeTime)"
        case .status:
            let status = batch.statuses[event.index]
            let name = status.instrument.map { batch.instruments[$0].description } ?? "all"
            text += "\nstatus \(status.change) \(status.kinds.rawValue) \(name)"
            text += " depth \(status.depth.map(String.init) ?? "none") \(time(status.exchangeTime))"
        }
    }
    for top in batch.tops.map(\.self) {
        text +=
            "\ntop \(batch.instruments[top.instrument]) \(top.number ?? -1) \(top.bid.price)@\(top.bid.size)"
        text += " \(top.ask.price)@\(top.ask.size)"
    }
    return text + "\nlevels \(batch.levels.count)"
}

private func time(_ time: Int64?) -> String { time.map(String.init) ?? "none" }
