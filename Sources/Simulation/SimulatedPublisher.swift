import Exchanges
import MarketModel

/// Writes a connection's messages as its venue would: numbers, times and repeats.
struct SimulatedPublisher: Sendable {
    private(set) var habits: SimulationHabits
    let model: any SimulationModel
    let encoder: any FrameEncoder
    /// What is asked by REST; nil at venues where nothing is.
    var replies: SimulatedReplies?
    let symbols: [String]
    /// Those of the symbols.
    let markets: [Market]
    private let depth: Int
    /// By market: the number of its last book message.
    var updates: [Int64]
    /// Those numbers, where messages are linked.
    var links: LinkedNumbers?
    /// A number that rises over all topics, and the connection's next message number.
    private(set) var sequence: Int64 = 40_000_000
    private var nextNumber: Int64 = 0
    private var signs: Int64 = 0
    private var nextSign = Int64.max
    private var nextTicker: [Int64]
    private var nextLiquidation: [Int64]
    /// By market: its last trades, repeated when the connection opens.
    private var lastTrades: [TradeMessage?]
    /// By market: the number of its last sum of fills.
    private var sums: [Int64]
    /// By market: the digits of the best bid and ask told last.
    private var tops: [[Int64]]
    var book: BookMessage

    init(_ venue: SimulationPlan.Venue, seedsAtOnce: Bool) {
        model = venue.model
        encoder = venue.source.encoder(of: venue.market)
        depth = venue.bookDepth
        habits = venue.model.habits(depth: depth)
        if seedsAtOnce { habits.seedDelay = nil }
        symbols = venue.symbols.map(\.symbol)
        markets = venue.symbols.map(venue.market(of:))
        replies = venue.source.replyRules(of: venue.market).map {
            SimulatedReplies($0, symbols: venue.symbols.map(\.symbol), kinds: venue.source.kinds)
        }
        updates = Array(repeating: 0, count: symbols.count)
        if case .links(let isShared) = habits.numbering {
            links = LinkedNumbers(of: symbols.count, isShared: isShared)
        }
        (nextTicker, nextLiquidation, sums) = (updates, updates, updates)
        lastTrades = Array(repeating: nil, count: symbols.count)
        tops = Array(repeating: [], count: symbols.count)
        book = BookMessage(symbol: "", isSnapshot: true, depth: depth)
    }

    /// Whether a crossed book can go unnoticed.
    var canCross: Bool { model.checksumDepth == 0 }

    mutating func takeNumber() -> Int64 {
        nextNumber += 1
        return nextNumber - 1
    }

    // MARK: - Opening

    /// The connection opens: subscriptions, acks, snapshots, recent trades.
    mutating func open(_ stream: inout SimulatedStream) {
        nextNumber = habits.firstNumber
        nextSign = habits.signInterval.map { stream.now + $0 } ?? .max
        replies?.open()
        // Who is served may ask before anything flows.
        let repliesFirst = links != nil && habits.seedDelay == nil
        if repliesFirst { reply(&stream) }
        for step in model.opening(symbols, depth: depth) {
            switch step {
            case .greeting:
                encoder.appendGreeting(to: &stream.text)
                stream.end()
            case .request(let text):
                stream.text.append(text)
                stream.end(.sent)
            case .acknowledgement(let topics, let id): acknowledge(topics, id, &stream)
            case .book(let market): if !repliesFirst { openBook(market, &stream) }
            case .ticker(let market):
                if isDerivative(market) { publishTicker(market, isWhole: true, &stream) }
            case .lastLiquidation(let market): listLiquidation(market, &stream)
            case .lastTrades(let market): repeatTrades(market, &stream)
            case .tradeList(let market): listTrades(market, &stream)
            }
        }
        if habits.hasDerivatives, !repliesFirst { poll(&stream) }
    }

    /// All that can be asked for.
    private mutating func reply(_ stream: inout SimulatedStream) {
        for market in symbols.indices { openBook(market, &stream) }
        if habits.hasDerivatives { poll(&stream) }
    }

    private mutating func acknowledge(
        _ topics: [Subscription],
        _ id: String,
        _ stream: inout SimulatedStream
    ) {
        var answer = Acknowledgement(
            topics: topics,
            connection: habits.connection,
            requestTime: stream.now - 60_000,
            time: habits.stampsMessages ? stream.stamp() : stream.now
        )
        answer.id = id
        if habits.numbersAnswers { answer.number = takeNumber() }
        encoder.append(answer, to: &stream.text)
        stream.end()
    }

    private mutating func openBook(_ market: Int, _ stream: inout SimulatedStream) {
        if habits.countsTopics, updates[market] == 0 {
            updates[market] = Int64(stream.random.between(1_000, 90_000_000))
        }
        if links == nil { return publishSnapshot(market, restarted: false, &stream) }
        openSeed(market, &stream)
    }

    // MARK: - Books

    /// A book message of the changes.
    mutating func publishBook(_ market: Int, _ stream: inout SimulatedStream) {
        if habits.sendsWholeBooks { return publishSnapshot(market, restarted: false, &stream) }
        if habits.splitsChanges { return publishChanges(market, &stream) }
        begin(isSnapshot: false)
        stream.appendChanges(of: SimulatedMarket.bidSide, market, to: &book.bids)
        stream.appendChanges(of: SimulatedMarket.askSide, market, to: &book.asks)
        if habits.splitsLevels { return publishLevels(market, &stream) }
        if links == nil { updates[market] += 1 } else { number(market, &stream) }
        guard habits.tellsTops else { return publish(market, &stream) }
        // The one overtakes the other.
        let isTopFirst = stream.random.chance(0.5)
        if isTopFirst { publishTop(market, &stream) }
        publish(market, &stream)
        if !isTopFirst { publishTop(market, &stream) }
    }

    /// The checksum of the book as it is, where it is a message of its own.
    mutating func prove(_ market: Int, _ stream: inout SimulatedStream) {
        guard habits.provesApart else { return }
        (book.checksum, book.number) = (checksum(market, &stream), takeNumber())
        encoder.append(proof: book, to: &stream.text)
        stream.end()
    }

    /// The best bid and ask, if they are others than the last.
    private mutating func publishTop(_ market: Int, _ stream: inout SimulatedStream) {
        var top = book
        (top.symbol, top.updateID, top.bids, top.asks) = (symbols[market], updates[market], [], [])
        stream.appendLevels(of: SimulatedMarket.bidSide, market, atMost: 1, to: &top.bids)
        stream.appendLevels(of: SimulatedMarket.askSide, market, atMost: 1, to: &top.asks)
        let digits = (top.bids + top.asks).flatMap { [$0.price.mantissa, $0.size.mantissa] }
        guard tops[market] != digits else { return }
        tops[market] = digits
        (top.exchangeTime, top.time) = (stream.now, stream.now + habits.delays.book)
        encoder.append(top: top, to: &stream.text)
        stream.end()
    }

    /// A snapshot of the book; `restarted` after a restart of the service.
    mutating func publishSnapshot(_ market: Int, restarted: Bool, _ stream: inout SimulatedStream) {
        if links != nil { return reseed(market, &stream) }
        updates[market] = restarted ? 1 : updates[market] + 1
        begin(isSnapshot: true)
        let most = habits.sendsWholeBooks ? habits.depth ?? .max : .max
        stream.appendLevels(of: SimulatedMarket.bidSide, market, atMost: most, to: &book.bids)
        stream.appendLevels(of: SimulatedMarket.askSide, market, atMost: most, to: &book.asks)
        publish(market, &stream)
    }

    mutating func begin(isSnapshot: Bool) {
        book.isSnapshot = isSnapshot
        book.bids.removeAll(keepingCapacity: true)
        book.asks.removeAll(keepingCapacity: true)
    }

    mutating func publish(_ market: Int, _ stream: inout SimulatedStream) {
        if habits.countsTopics { sequence += Int64(stream.random.between(1, 40)) }
        if model.checksumDepth > 0, !habits.provesApart { book.checksum = checksum(market, &stream) }
        book.symbol = symbols[market]
        (book.updateID, book.sequence, book.number) = (updates[market], sequence, takeNumber())
        book.exchangeTime = stream.stamp()
        book.time = habits.stampsMessages ? book.exchangeTime : stream.now + habits.delays.book
        book.levelTime = habits.levelAge.map { stream.now - $0 }
        if book.isSnapshot, let seed = replies?.seed(book) {
            stream.text.append(seed.text)
            return stream.end(.reply, path: seed.path)
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
        case .links: loseLink(market, &stream)
        case .connection: nextNumber += Int64(stream.random.between(1, 3))
        case .nothing:
            stream.markets[market].fitDepth(&stream.random)
            stream.markets[market].published()
            stream.markets[market].moveBook(&stream.random)
        }
    }

    // MARK: - Trades

    /// The fills of the market's last order.
    mutating func publishTrades(_ market: Int, _ stream: inout SimulatedStream) {
        publishTrades(market, isLiquidation: false, &stream)
    }

    mutating func publishTrades(
        _ market: Int,
        isLiquidation: Bool,
        _ stream: inout SimulatedStream
    ) {
        var message = tradeMessage(market, &stream)
        message.isLiquidation = isLiquidation
        lastTrades[market] = message
        guard habits.splitsTrades else {
            encoder.append(message, to: &stream.text)
            return stream.end()
        }
        for isRepeated in habits.tellsTradesTwice ? [false, true] : [false] {
            for index in message.trades.indices {
                var single = message
                single.trades = [message.trades[index]]
                if habits.sumsFills { single.fills = [message.fills[index]] }
                if index > 0 || isRepeated { single.number = takeNumber() }
                single.isRepeated = isRepeated
                encoder.append(single, to: &stream.text)
                stream.end()
            }
        }
    }

    private mutating func tradeMessage(_ market: Int, _ stream: inout SimulatedStream) -> TradeMessage {
        let time = habits.stampsMessages ? stream.stamp() : stream.now + habits.delays.trades
        var message = TradeMessage(symbol: symbols[market], trades: [], time: time)
        message.number = takeNumber()
        let side = stream.markets[market].takerBuys ? Side.buy : .sell
        var fills = stream.markets[market].fills
        if habits.sumsFills { fills = sum(fills, market, &message) }
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
                    receiveTime: stamp,
                    isAggregate: habits.sumsFills
                )
            )
        }
        return message
    }

    /// Fills of one order summed up at each price.
    private mutating func sum(
        _ fills: [SimulatedMarket.Fill],
        _ market: Int,
        _ message: inout TradeMessage
    ) -> [SimulatedMarket.Fill] {
        var found: [SimulatedMarket.Fill] = []
        for fill in fills {
            if let last = found.last, last.ticks == fill.ticks {
                found[found.count - 1].units += fill.units
                message.fills[found.count - 1] = message.fills[found.count - 1].lowerBound...fill.number
                continue
            }
            sums[market] = sums[market] == 0 ? fill.number / 3 : sums[market] + 1
            message.fills.append(fill.number...fill.number)
            found.append(.init(ticks: fill.ticks, units: fill.units, number: sums[market]))
        }
        return found
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

    // MARK: - What comes by time

    /// Whether ``keepTime(_:_:)`` will cause a forced order at a time.
    func forcesTrade(_ market: Int, _ now: Int64) -> Bool {
        isDerivative(market) && nextLiquidation[market] > 0 && now >= nextLiquidation[market]
    }

    /// Whether a symbol has tickers and liquidations.
    private func isDerivative(_ market: Int) -> Bool { habits.hasDerivatives && markets[market] != .spot }

    /// Messages by time: heartbeats, tickers, liquidations.
    mutating func keepTime(_ market: Int, _ stream: inout SimulatedStream) {
        if stream.now >= nextSign { giveSign(&stream) }
        if links != nil { keepSeed(market, &stream) }
        guard habits.hasDerivatives else { return }
        if replies?.isPollDue(at: stream.now) == true { poll(&stream) }
        guard isDerivative(market) else { return }
        if stream.now >= nextTicker[market] {
            nextTicker[market] = tickerTime(&stream)
            publishTicker(market, isWhole: habits.tickerInterval != nil, &stream)
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
        nextSign = habits.signInterval.map { stream.now + $0 } ?? .max
        signs += 1
        if let ping = habits.ping {
            stream.text.append(ping)
            stream.end(.sent)
        }
        let time = habits.stampsMessages ? stream.stamp() : stream.now
        var sign = SignOfLife(connection: habits.connection, now: stream.now, time: time)
        sign.count = signs
        if habits.numbersAnswers { sign.number = takeNumber() }
        encoder.append(sign, to: &stream.text)
        stream.end()
    }
}
