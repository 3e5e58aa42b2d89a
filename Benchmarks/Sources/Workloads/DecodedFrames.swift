import Exchanges
import MarketModel

/// A recording's events in memory.
struct DecodedFrames {
    struct Frame {
        var receiveTime: Int64
        var exchangeTime: Int64?
        /// Its events in ``events``' order.
        var order: Range<Int>
    }

    var events = EventBatch()
    var frames: [Frame] = []
    /// Trades, book messages, liquidations and states.
    var eventCount = 0

    /// The same events again and again, later each time: a synchronizer's beginning should not count.
    func repeated(_ times: Int) -> DecodedFrames {
        guard let first = frames.first, let last = frames.last else { return self }
        let span = last.receiveTime - first.receiveTime + 1_000_000
        var result = self
        let order = events.order
        for repetition in 1..<times {
            let shift = Int64(repetition) * span
            let start = result.events.order.count
            for event in order { result.append(event, of: events, later: shift) }
            result.frames += frames.map { $0.later(shift, start) }
        }
        result.eventCount = eventCount * times
        return result
    }

    private mutating func append(_ event: EventReference, of batch: EventBatch, later shift: Int64) {
        switch event.kind {
        case .book:
            var update = batch.books[event.place]
            update.exchangeTime? += shift
            update.receiveTime += shift
            events.append(update)
        case .trade:
            var trade = batch.trades[event.place]
            trade.exchangeTime += shift
            trade.receiveTime += shift
            // Another identifier of the venue's length: else it would be a duplicate.
            let digits = "\(events.trades.count)"
            let text = String("ffffffff-ffff-5fff-ffff-ffffffffffff".dropLast(digits.count)) + digits
            trade.id = TradeID(text) ?? .none
            events.append(trade)
        case .liquidation:
            var liquidation = batch.liquidations[event.place]
            liquidation.exchangeTime += shift
            liquidation.receiveTime += shift
            events.append(liquidation)
        case .fundingRate:
            var rate = batch.fundingRates[event.place]
            rate.exchangeTime += shift
            rate.receiveTime += shift
            events.append(rate)
        case .openInterest:
            var interest = batch.openInterests[event.place]
            interest.exchangeTime += shift
            interest.receiveTime += shift
            events.append(interest)
        case .status:
            var status = batch.statuses[event.place]
            status.exchangeTime? += shift
            status.receiveTime += shift
            events.append(status)
        }
    }
}

extension DecodedFrames.Frame {
    fileprivate func later(_ shift: Int64, _ start: Int) -> DecodedFrames.Frame {
        var frame = self
        frame.receiveTime += shift
        frame.exchangeTime? += shift
        frame.order = (order.lowerBound + start)..<(order.upperBound + start)
        return frame
    }
}

extension RecordedFrames {
    func decoded() -> DecodedFrames {
        var decoded = DecodedFrames()
        let venue = decoded.events.instruments.venue(exchange: exchange.name, market: market)
        var decoder = exchange.makeDecoder(market: market, venue: venue)
        for place in ranges.indices {
            let first = decoded.events.order.count
            let time = receiveTimes[place]
            let frame = frame(place)
            _ = decoder.decode(frame.span.bytes, receiveTime: time, into: &decoded.events)
            let order = first..<decoded.events.order.count
            decoded.frames.append(
                DecodedFrames.Frame(
                    receiveTime: time,
                    exchangeTime: decoded.events.frameTime,
                    order: order
                )
            )
            decoded.eventCount += decoded.events.order[order].count { $0.kind != .status }
        }
        return decoded
    }
}
