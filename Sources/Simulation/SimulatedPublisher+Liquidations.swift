import Exchanges
import MarketModel

// Forced orders: told by themselves, as trades, or listed on subscribing.
extension SimulatedPublisher {
    mutating func publishLiquidation(_ market: Int, _ stream: inout SimulatedStream) {
        let takerBuys = stream.markets[market].takerBuys
        let isLong = takerBuys ? stream.random.chance(0.3) : stream.random.chance(0.7)
        let mean = Double(stream.markets[market].profile.levelSize)
        let units = 1 + stream.random.exponential(mean: mean)
        stream.markets[market].liquidate(buys: !isLong, units: units, &stream.random)
        if habits.liquidatesInTrades { return publishTrades(market, isLiquidation: true, &stream) }
        let bankrupt =
            stream.markets[market].fills.last?.ticks ?? stream.markets[market].profile.startTicks
        let stamp = stream.stamp()
        publishForced(isLong ? .sell : .buy, bankrupt, units, at: stamp, market, &stream)
        publishTrades(market, &stream)
    }

    /// Lists a liquidation of a while ago.
    mutating func listLiquidation(_ market: Int, _ stream: inout SimulatedStream) {
        let profile = stream.markets[market].profile
        let stamp = stream.now - Int64(stream.random.between(60, 600)) * UnixTime.second
        publishForced(.sell, profile.startTicks, profile.levelSize, at: stamp, market, &stream)
    }

    private mutating func publishForced(
        _ side: Side,
        _ ticks: Int64,
        _ units: Int64,
        at stamp: Int64,
        _ market: Int,
        _ stream: inout SimulatedStream
    ) {
        let forced = Liquidation(
            instrument: InstrumentIndex(UInt32(market)),
            side: side,
            price: stream.price(ticks, market),
            size: stream.size(units, market),
            exchangeTime: stamp,
            receiveTime: stamp
        )
        let time = stream.now + habits.delays.liquidations
        guard habits.hasLiquidations else { return }
        var message = LiquidationMessage(symbol: symbols[market], liquidation: forced, time: time)
        message.number = takeNumber()
        encoder.append(message, to: &stream.text)
        stream.end()
    }
}
