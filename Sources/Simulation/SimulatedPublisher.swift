import Exchanges
import MarketModel

/// Writes a connection's messages as its venue would: numbers, times and repeats.
struct SimulatedPublisher: Sendable {
    let habits: SimulationHabits
    private let model: any SimulationModel
    private let encoder: any FrameEncoder
    /// Books are written as replies where these seed them.
    private let replies: (any ReplyRules)?
    private let symbols: [String]
    private let depth: Int
    /// By market: the number of its last book message.
    private var updates: [Int64]
    /// A number that rises over all topics, and the connection's next message number.
    private var sequence: Int64 = 40_000_000
    private var nextNumber: Int64 = 0
    private var signs: Int64 = 0
    private var nextSign: Int64 = 0
    private var nextTicker: [Int64]
    private var nextLiquidation: [Int64]
    /// By market: its last trades, repeated when the connection opens.
    private var lastTrades: [TradeMessage?]
    private var book: BookMessage

    private static let fundingInterval = 8 * 3600 * UnixTime.second

    init(_ venue: SimulationPlan.Venue) {
        model = venue.model
        encoder = venue.source.encoder(of: venue.market)
        replies = venue.source.replyRules(of: venue.market)
        depth = venue.bookDepth
        habits = venue.model.habits(depth: depth)
        symbols = venue.symbols.map(\.symbol)
        updates = Array(repeating: 0, count: symbols.count)
        nextTicker = updates
        nextLiquidation = updates
        lastTrades = Array(repeating: nil, count: symbols.count)
        book = BookMessage(symbol: "", isSnapshot: true, depth: depth)
    }

    /// Whether a crossed book can go unnoticed.
    var canCross: Bool { model.checksumDepth == 0 }

    private mutating func takeNumber() -> Int64 {
        nextNumber += 1
        return nextNumber - 1
    }

    // MARK: - Opening

    /// The connection opens: subscriptions, acks, snapshots, recent trades.
    mutating func open(_ stream: inout SimulatedStream) {
        nextNumber = 0
        nextSign = stream.now + habits.signInterval
        for step in model.opening(symbols, depth: depth) {
            switch step {
            case .greeting:
                encoder.appendGreeting(to: &stream.text)
                stream.end()
            case .request(let text):
                stream.text.append(text)
                stream.end(.sent)
            case .acknowledgement(let topics): acknowledge(topics, &stream)
            case .book(let market): openBook(market, &stream)
            case .ticker(let market): publishTicker(market, isWhole: true, &stream)
            case .lastTrades(let market): repeatTrades(market, &stream)
            case .tradeList(let market): listTrades(market, &stream)
            }
        }
    }

    private mutating func acknowledge(_ topics: [Subscription], _ stream: inout SimulatedStream) {
        var answer = Acknowledgement(
            topics: topics,
            connection: habits.connection,
            requestTime: stream.now - 60_000,
            time: habits.stampsMessages ? stream.stamp() : stream.now
        )
        answer.number = takeNumber()
        encoder.append(answer, to: &stream.text)
        stream.end()
    }

    private mutating func openBook(_ market: Int, _ stream: inout SimulatedStream) {
        if habits.numbering == .topics, updates[market] == 0 {
            updates[market] = Int64(stream.random.between(1_000, 90_000_000))
        }
        publishSnapshot(market, restarted: false, &stream)
    }

    // MARK: - Books

    /// A book message of the changes.
    mutating func publishBook(_ market: Int, _ stream: inout SimulatedStream) {
        updates[market] += 1
        begin(isSnapshot: false)
        stream.appendChanges(of: SimulatedMarket.bidSide, market, to: &book.bids)
        stream.appendChanges(of: SimulatedMarket.askSide, market, to: &book.asks)
        publish(market, &stream)
    }

    /// A snapshot of the book; `restarted` after a restart of the service.
    mutating func publishSnapshot(_ market: Int, restarted: Bool, _ stream: inout SimulatedStream) {
        updates[market] = restarted ? 1 : updates[market] + 1
        begin(isSnapshot: true)
        stream.appendLevels(of: SimulatedMarket.bidSide, market, to: &book.bids)
        stream.appendLevels(of: SimulatedMarket.askSide, market, to: &book.asks)
        publish(market, &stream)
    }

    private mutating func begin(isSnapshot: Bool) {
        book.isSnapshot = isSnapshot
        book.bids.removeAll(keepingCapacity: true)
        book.asks.removeAll(keepingCapacity: true)
    }

    private mutating func publish(_ market: Int, _ stream: inout SimulatedStream) {
        if habits.numbering == .topics { sequence += Int64(stream.random.between(1, 40)) }
        if model.checksumDepth > 0 { book.checksum = checksum(market, &stream) }
        book.symbol = symbols[market]
        (book.updateID, book.sequence, book.number) = (updates[market], sequence, takeNumber())
        book.exchangeTime = stream.stamp()
        book.time = habits.stampsMessages ? book.exchangeTime : stream.now + habits.delays.book
        book.levelTime = habits.levelAge.map { stream.now - $0 }
        if book.isSnapshot, let request = replies?.seedRequest(for: symbols[market], depth: nil) {
            stream.text.append(replies?.reply(seeding: book) ?? "")
            return stream.end(.reply, path: request.path)
        }
        encoder.append(book, to: &stream.text)
        stream.end()
    }

    private func checksum(_ market: Int, _ stream: inout SimulatedStream) -> UInt32 {
        var (bids, asks): ([PriceLevel], [PriceLevel]) = ([], [])
        let depth = model.checksumDepth
        bids.reserveCapacity(depth)
        asks.reserveCapacity(depth)
        stream.appendLevels(of: SimulatedMarket.bidSide, market, atMost: depth, to: &bids)
        stream.appendLevels(of: SimulatedMarket.askSide, market, atMost: depth, to: &asks)
        let sum = model.checksum(bids: bids, asks: asks)
        let isWrong = stream.strikes(.checksum)
        return sum ^ (isWrong ? 1 << UInt32(stream.random.below(32)) : 0)
    }

    /// Loses messages: numbers jump, or without numbers the market moves unseen.
    mutating func loseMessages(_ market: Int, _ stream: inout SimulatedStream) {
        switch habits.numbering {
        case .topics: updates[market] += Int64(stream.random.between(1, 3))
        case .connection: nextNumber += Int64(stream.random.between(1, 3))
        case .nothing:
            stream.markets[market].fitDepth(&stream.random)
            stream.markets[market].published()
            stream.markets[market].moveBook(&stream.random)
        }
    }

    // MARK: - Trades and liquidations

    /// The fills of the market's last order.
    mutating func publishTrades(_ market: Int, _ stream: inout SimulatedStream) {
        let message = tradeMessage(market, &stream)
        lastTrades[market] = message
        encoder.append(message, to: &stream.text)
        stream.end()
    }

    private mutating func tradeMessage(_ market: Int, _ stream: inout SimulatedStream) -> TradeMessage {
        let time = habits.stampsMessages ? stream.stamp() : stream.now + habits.delays.trades
        var message = TradeMessage(symbol: symbols[market], trades: [], time: time)
        message.number = takeNumber()
        let (fills, side) = (
            stream.markets[market].fills, stream.markets[market].takerBuys ? Side.buy : .sell
        )
        var shared: Int64?
        if case .shared = habits.tradeTimes { shared = stream.stamp() }
        for index in fills.indices {
            let fill = fills[habits.listsNewestFirst ? fills.count - 1 - index : index]
            var stamp = shared ?? 0
            if case .each(let lag) = habits.tradeTimes { stamp = stream.stamp(lag: lag) }
            message.trades.append(
                Trade(
                    instrument: InstrumentIndex(UInt32(market)),
                    side: side,
                    price: stream.price(fill.ticks, market),
                    size: stream.size(fill.units, market),
                    id: model.tradeID(fill.number, symbol: market),
                    exchangeTime: stamp,
                    receiveTime: stamp
                )
            )
        }
        return message
    }

    /// Repeats the last trades unchanged.
    private func repeatTrades(_ market: Int, _ stream: inout SimulatedStream) {
        guard var message = lastTrades[market] else { return }
        message.isSnapshot = true
        encoder.append(message, to: &stream.text)
        stream.end()
    }

    /// Lists the last trades in a message with a new number and time.
    private mutating func listTrades(_ market: Int, _ stream: inout SimulatedStream) {
        var message: TradeMessage
        if let last = lastTrades[market] {
            message = last
            message.time = stream.stamp()
            message.number = takeNumber()
        } else {
            stream.markets[market].trade(&stream.random)
            message = tradeMessage(market, &stream)
        }
        message.isSnapshot = true
        encoder.append(message, to: &stream.text)
        stream.end()
    }

    private mutating func publishLiquidation(_ market: Int, _ stream: inout SimulatedStream) {
        let takerBuys = stream.markets[market].takerBuys
        let isLong = takerBuys ? stream.random.chance(0.3) : stream.random.chance(0.7)
        let mean = Double(stream.markets[market].profile.levelSize)
        let units = 1 + stream.random.exponential(mean: mean)
        stream.markets[market].liquidate(buys: !isLong, units: units, &stream.random)
        let bankrupt =
            stream.markets[market].fills.last?.ticks ?? stream.markets[market].profile.startTicks
        let stamp = stream.stamp()
        let forced = Liquidation(
            instrument: InstrumentIndex(UInt32(market)),
            side: isLong ? .sell : .buy,
            price: stream.price(bankrupt, market),
            size: stream.size(units, market),
            exchangeTime: stamp,
            receiveTime: stamp
        )
        let time = stream.now + habits.delays.liquidations
        encoder.append(
            LiquidationMessage(symbol: symbols[market], liquidation: forced, time: time),
            to: &stream.text
        )
        stream.end()
        publishTrades(market, &stream)
    }

    // MARK: - What comes by time

    /// Whether ``keepTime(_:_:)`` will cause a forced order at a time.
    func forcesTrade(_ market: Int, _ now: Int64) -> Bool {
        habits.hasDerivatives && nextLiquidation[market] > 0 && now >= nextLiquidation[market]
    }

    /// Messages by time: heartbeats, tickers, liquidations.
    mutating func keepTime(_ market: Int, _ stream: inout SimulatedStream) {
        if stream.now >= nextSign { giveSign(&stream) }
        guard habits.hasDerivatives else { return }
        if stream.now >= nextTicker[market] {
            let pause = 100 * UnixTime.millisecond + stream.random.exponential(mean: 2e8)
            nextTicker[market] = stream.now + pause
            publishTicker(market, isWhole: false, &stream)
        }
        if stream.now >= nextLiquidation[market] {
            let isFirst = nextLiquidation[market] == 0
            // Volatile times liquidate more positions.
            let mean = 9e9 / stream.markets[market].activity
            nextLiquidation[market] = stream.now + stream.random.exponential(mean: mean)
            if !isFirst { publishLiquidation(market, &stream) }
        }
    }

    private mutating func giveSign(_ stream: inout SimulatedStream) {
        nextSign = stream.now + habits.signInterval
        signs += 1
        if let ping = habits.ping {
            stream.text.append(ping)
            stream.end(.sent)
        }
        let time = habits.stampsMessages ? stream.stamp() : stream.now
        var sign = SignOfLife(connection: habits.connection, now: stream.now, time: time)
        (sign.count, sign.number) = (signs, takeNumber())
        encoder.append(sign, to: &stream.text)
        stream.end()
    }

    private mutating func publishTicker(_ market: Int, isWhole: Bool, _ stream: inout SimulatedStream) {
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
        (ticker.sequence, ticker.time) = (sequence, stream.stamp())
        encoder.append(ticker, to: &stream.text)
        stream.end()
    }

    private func interest(
        _ market: Int,
        _ ticks: Int64,
        _ stream: borrowing SimulatedStream
    ) -> OpenInterest {
        let (profile, interest) = (stream.markets[market].profile, stream.markets[market].interest)
        let price = Double(ticks * profile.tick) / PowersOfTen.double(profile.priceDecimals)
        let size = Double(interest) / PowersOfTen.double(profile.sizeDecimals)
        let value = habits.isInverse ? size / price * 1e4 : size * price * 1e4
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
