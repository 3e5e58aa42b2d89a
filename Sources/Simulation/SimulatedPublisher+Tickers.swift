import Exchanges
import MarketModel

// What derivatives have beside books and trades: on streams, or as replies to requests.
extension SimulatedPublisher {
    private static let fundingInterval = 8 * 3600 * UnixTime.second

    /// When the ticker after one told now is due.
    func tickerTime(_ stream: inout SimulatedStream) -> Int64 {
        if let interval = habits.tickerInterval { return (stream.now / interval + 1) * interval }
        return stream.now + 100 * UnixTime.millisecond + stream.random.exponential(mean: 2e8)
    }

    /// Tells prices, and what else has changed or, `isWhole`, all.
    mutating func publishTicker(_ market: Int, isWhole: Bool, _ stream: inout SimulatedStream) {
        var ticker = ticker(market, isWhole: isWhole, &stream)
        (ticker.sequence, ticker.time) = (sequence, stream.stamp())
        for part in encoder.parts(of: ticker) {
            var part = part
            part.number = takeNumber()
            encoder.append(part, to: &stream.text)
            stream.end()
        }
    }

    private func ticker(_ market: Int, isWhole: Bool, _ stream: inout SimulatedStream) -> TickerMessage {
        let unit = stream.markets[market].profile.levelSize
        stream.markets[market].interest += Int64(stream.random.between(-5, 5)) * max(1, unit / 40)
        let changesRate = stream.random.chance(0.02)
        if changesRate { stream.markets[market].fundingRate += Int64(stream.random.between(-40, 40)) }
        let (bid, ask) = (stream.markets[market].bestBid, stream.markets[market].bestAsk)
        var ticker = TickerMessage(
            symbol: symbols[market],
            isSnapshot: isWhole,
            bid: stream.price(bid, market),
            ask: stream.price(ask, market),
            markPrice: stream.price((bid + ask) / 2, market)
        )
        if isWhole || stream.random.chance(0.3) {
            ticker.interest = interest(market, (bid + ask) / 2, stream)
        }
        if isWhole || changesRate { ticker.funding = funding(market, stream) }
        return ticker
    }

    /// Asks for the values that no stream tells: all when the connection opens, later those that change.
    mutating func poll(_ stream: inout SimulatedStream) {
        let interval = habits.pollInterval
        guard let asked = replies?.polls(at: stream.now, every: interval) else { return }
        for (market, path) in asked {
            let ticker = ticker(market, isWhole: true, &stream)
            guard let text = replies?.rules.reply(telling: ticker, to: path) else { continue }
            stream.text.append(text)
            stream.end(.reply, path: path)
        }
    }

    private func interest(
        _ market: Int,
        _ ticks: Int64,
        _ stream: borrowing SimulatedStream
    ) -> OpenInterest {
        let (profile, interest) = (stream.markets[market].profile, stream.markets[market].interest)
        let price = Double(ticks * profile.tick) / PowersOfTen.double(profile.priceDecimals)
        let size = Double(interest) / PowersOfTen.double(profile.sizeDecimals)
        let isInverse = markets[market] == .inverse
        var value = isInverse ? size / price * 1e4 : size * price * 1e4
        // What contracts are worth is told in quote.
        if let amount = profile.contractSize?.doubleValue {
            value = isInverse ? size * amount * 1e4 : value * amount
        }
        return OpenInterest(
            instrument: InstrumentIndex(UInt32(market)),
            openInterest: stream.size(interest, market),
            value: FixedDecimal(mantissa: Int64(min(value, 9e18)), scale: 4),
            markPrice: nil,
            exchangeTime: stream.now,
            receiveTime: stream.now
        )
    }

    private func funding(_ market: Int, _ stream: borrowing SimulatedStream) -> FundingRate {
        FundingRate(
            instrument: InstrumentIndex(UInt32(market)),
            rate: FixedDecimal(mantissa: stream.markets[market].fundingRate, scale: 8),
            nextFundingTime: (stream.now / Self.fundingInterval + 1) * Self.fundingInterval,
            intervalHours: FixedDecimal(mantissa: 8, scale: 0),
            exchangeTime: stream.now,
            receiveTime: stream.now
        )
    }
}
