import Exchanges
import MarketModel
import OrderBooks
import Testing

/// What an encoder writes, the decoder of the same venue reads back: for every venue of the catalog.
@Suite("What is written is read back")
struct EncodingTests {
    /// A venue's market with a connection to it.
    private struct Connection {
        let exchange: any Exchange
        let market: Market
        let symbol: String
        var decoder: any FrameDecoder
        var batch = EventBatch()

        init(_ name: String, _ market: Market) throws {
            exchange = try #require(ExchangeCatalog.standard.named(name))
            self.market = market
            symbol = try #require(exchange.simulation(of: market)?.symbols.first?.symbol)
            let venue = batch.instruments.venue(of: exchange, market)
            decoder = exchange.makeDecoder(market: market, venue: venue)
            // Bitfinex' frames say what they are about by numbers that acks gave.
            if name == "bitfinex" { try begin() }
        }

        /// Feeds the decoder the acks of all topics.
        private mutating func begin() throws {
            for request in exchange.requests(topics: topics(.all), market: market) {
                let answer = exchange.server(of: market).answer(
                    try #require(ClientRequest(request.text)),
                    ServedOffer(),
                    at: 1
                )
                for frame in answer.frames { _ = decode(frame) }
            }
            batch.removeAll()
        }

        var encoder: any FrameEncoder { exchange.encoder(of: market) }

        func topics(_ kinds: FeedKinds) -> [Subscription] {
            exchange.topics(of: [Subscription(kinds, symbol: symbol)], market: market)
        }

        func reply(in frame: String) -> SubscriptionReply? {
            exchange.subscriptionReply(in: Array(frame.utf8).span.bytes)
        }

        mutating func decode(_ write: (any FrameEncoder, inout FrameWriter) -> Void) -> FrameOutcome {
            var text = FrameWriter()
            write(encoder, &text)
            return decode(text.string)
        }

        /// Reads the reply to a request for values.
        mutating func ask(_ path: String, _ ticker: TickerMessage) {
            guard let text = exchange.replyRules(of: market)?.reply(telling: ticker, to: path) else {
                Issue.record("no reply to \(path)")
                return
            }
            batch.removeAll()
            let reply = Array(text.utf8)
            _ = decoder.decodeReply(reply.span.bytes, path: path, receiveTime: 7, into: &batch)
        }

        mutating func decode(_ text: String) -> FrameOutcome {
            batch.removeAll()
            return decoder.decode(Array(text.utf8).span.bytes, receiveTime: 7, into: &batch)
        }
    }

    static let venues: [(String, Market)] = ExchangeCatalog.standard.all.flatMap { exchange in
        exchange.markets.filter { exchange.simulation(of: $0) != nil }.map { (exchange.name, $0) }
    }

    /// A whole number of milliseconds, as all venues can write it.
    private let time: Int64 = 1_772_452_800_123_000_000

    private func decimal(_ mantissa: Int64, _ scale: UInt8) -> FixedDecimal {
        FixedDecimal(mantissa: mantissa, scale: scale)
    }

    private func text(_ level: PriceLevel) -> String { "\(level.price)@\(level.size)" }

    private func trade(_ side: Side, _ number: Int64, _ model: any SimulationModel) -> Trade {
        Trade(
            instrument: InstrumentIndex(0),
            side: side,
            price: decimal(6_523_150 + number, 2),
            size: decimal(1_250 * number, 4),
            id: model.tradeID(40_000_000 + number, symbol: 0),
            exchangeTime: time + number * UnixTime.millisecond,
            receiveTime: 7,
            isAggregate: model.habits(depth: 10).sumsFills
        )
    }

    @Test("books", arguments: venues, [true, false])
    func books(venue: (String, Market), isSnapshot: Bool) throws {
        var connection = try Connection(venue.0, venue.1)
        let model = try #require(connection.exchange.simulation(of: venue.1))
        guard isSnapshot || !model.habits(depth: 10).sendsWholeBooks else { return }
        let depth = connection.topics(.book).first { $0.kinds == .book }?.depth ?? 10
        var message = BookMessage(symbol: connection.symbol, isSnapshot: isSnapshot, depth: depth)
        message.bids = [.init(price: decimal(652_310, 1), size: decimal(5_000, 4))]
        message.bids.append(.init(price: decimal(652_300, 1), size: isSnapshot ? decimal(7, 0) : .zero))
        message.asks = [.init(price: decimal(652_320, 1), size: decimal(1, 8))]
        // Where each level has a message, of one level.
        if !isSnapshot, model.habits(depth: 10).splitsLevels {
            (message.bids, message.asks) = ([message.bids[1]], [])
        }
        // Where messages do one thing, to levels that were told.
        if !isSnapshot, model.habits(depth: 10).splitsChanges {
            message.isSnapshot = true
            #expect(connection.decode { $0.append(message, to: &$1) } == .decoded)
            (message.isSnapshot, message.change) = (false, .deletion)
            (message.bids, message.asks) = ([message.bids[1]], [])
        }
        (message.updateID, message.sequence, message.checksum) = (77, 78, 4_000_000_001)
        (message.exchangeTime, message.time) = (time, time)
        #expect(connection.decode { $0.append(message, to: &$1) } == .decoded)
        let batch = connection.batch
        let book = try #require(batch.books.first)
        #expect(batch.order.count == 1 && batch.errorCount == 0 && book.isSnapshot == isSnapshot)
        #expect(batch.instruments[book.instrument].symbol == connection.symbol)
        #expect(book.bids.map { text(batch.levels[$0]) } == message.bids.map(text))
        #expect(book.asks.map { text(batch.levels[$0]) } == message.asks.map(text))
        #expect(book.exchangeTime == time && [nil, 77].contains(book.updateID))
        let hasChecksum = connection.exchange.bookRules.checksum(of: OrderBook()) != nil
        let isApart = model.habits(depth: 10).provesApart
        #expect(book.checksum == (hasChecksum && !isApart ? message.checksum : nil))
        var proof = FrameWriter()
        connection.encoder.append(proof: message, to: &proof)
        #expect(proof.string.isEmpty == !isApart)
        guard isApart else { return }
        #expect(connection.decode(proof.string) == .decoded && connection.batch.levels.count == 0)
        #expect(connection.batch.books.first?.checksum == message.checksum)
        #expect(connection.batch.books.first?.exchangeTime == time)
    }

    @Test("trades", arguments: venues)
    func trades(name: String, market: Market) throws {
        var connection = try Connection(name, market)
        let model = try #require(connection.exchange.simulation(of: market))
        let trades = [trade(.buy, 1, model), trade(.sell, 2, model), trade(.buy, 3, model)]
        var found: [Trade] = []
        for part in model.habits(depth: 10).splitsTrades ? trades.map({ [$0] }) : [trades] {
            let message = TradeMessage(symbol: connection.symbol, trades: part, time: time)
            #expect(connection.decode { $0.append(message, to: &$1) } == .decoded)
            #expect(connection.batch.errorCount == 0)
            found += Array(connection.batch.trades)
        }
        let lines = { (trades: [Trade]) in
            trades.map {
                "\($0.side) \($0.price) \($0.size) \($0.id) \($0.exchangeTime) \($0.isSnapshot) \($0.isAggregate)"
            }.sorted()
        }
        #expect(lines(found) == lines(trades))
    }

    @Test("the best bid and ask, at the venues that tell them beside books", arguments: venues)
    func tops(name: String, market: Market) throws {
        var connection = try Connection(name, market)
        let model = try #require(connection.exchange.simulation(of: market))
        var message = BookMessage(symbol: connection.symbol, isSnapshot: false, depth: 10)
        message.bids = [.init(price: decimal(652_310, 1), size: decimal(5_000, 4))]
        message.asks = [.init(price: decimal(652_320, 1), size: decimal(1, 8))]
        (message.updateID, message.exchangeTime, message.time) = (77, time, time)
        var text = FrameWriter()
        connection.encoder.append(top: message, to: &text)
        guard model.habits(depth: 10).tellsTops else {
            #expect(text.string.isEmpty)
            return
        }
        #expect(connection.decode(text.string) == .decoded && connection.batch.tops.count == 1)
        let top = try #require(connection.batch.tops.first)
        #expect(top.number == 77 && connection.batch.instruments[top.instrument].symbol == connection.symbol)
        #expect([top.bid, top.ask].map(self.text) == (message.bids + message.asks).map(self.text))
    }

    @Test("links of book messages, at the venues that link them", arguments: venues)
    func links(name: String, market: Market) throws {
        var connection = try Connection(name, market)
        let rules = connection.exchange.bookRules
        guard rules.isSeeded || rules.isLinked else { return }
        var message = BookMessage(symbol: connection.symbol, isSnapshot: false, depth: 10)
        (message.updateID, message.exchangeTime, message.time) = (77, time, time)
        message.link = BookLink(first: 70, previous: market == .spot ? 69 : 61)
        #expect(connection.decode { $0.append(message, to: &$1) } == .decoded)
        let link = try #require(connection.batch.books.first?.link)
        // Where a snapshot comes on the topic, a message says no more than what it follows.
        #expect(rules.isSeeded ? link == message.link : link.previous == message.link?.previous)
    }

    @Test("liquidations, at the markets that have them", arguments: venues)
    func liquidations(name: String, market: Market) throws {
        var connection = try Connection(name, market)
        guard connection.topics(.all).contains(where: { $0.kinds.contains(.liquidations) }) else { return }
        let model = try #require(connection.exchange.simulation(of: market))
        for side in [Side.buy, .sell] {
            let forced = Liquidation(
                instrument: InstrumentIndex(0),
                side: side,
                price: decimal(6_523_150, 2),
                size: decimal(125, 3),
                exchangeTime: time,
                receiveTime: 7
            )
            let message = LiquidationMessage(symbol: connection.symbol, liquidation: forced, time: time)
            var trades = TradeMessage(symbol: connection.symbol, trades: [], time: time)
            trades.trades = [trade(side, 1, model)]
            (trades.trades[0].price, trades.trades[0].size) = (forced.price, forced.size)
            (trades.trades[0].exchangeTime, trades.isLiquidation) = (time, true)
            let isTrade = model.habits(depth: 10).liquidatesInTrades
            let outcome = connection.decode {
                if isTrade { $0.append(trades, to: &$1) } else { $0.append(message, to: &$1) }
            }
            #expect(outcome == .decoded && connection.batch.trades.count == (isTrade ? 1 : 0))
            let found = try #require(connection.batch.liquidations.first)
            // BitMEX's have no time.
            #expect(found.side == side && found.exchangeTime == (name == "bitmex" ? 7 : time))
            #expect("\(found.price) \(found.size)" == "\(forced.price) \(forced.size)")
        }
    }

    @Test("tickers, at the markets that have them", arguments: venues)
    func tickers(name: String, market: Market) throws {
        var connection = try Connection(name, market)
        guard connection.topics(.all).contains(where: { $0.kinds.contains(.fundingRates) }) else { return }
        var ticker = TickerMessage(
            symbol: connection.symbol,
            isSnapshot: true,
            bid: decimal(10, 1),
            ask: decimal(12, 1),
            markPrice: decimal(11, 1)
        )
        ticker.time = time
        ticker.interest = OpenInterest(
            instrument: InstrumentIndex(0),
            openInterest: decimal(4_000, 3),
            value: decimal(44_000, 4),
            markPrice: nil,
            exchangeTime: time,
            receiveTime: 7
        )
        ticker.funding = FundingRate(
            instrument: InstrumentIndex(0),
            rate: decimal(-1_250, 8),
            nextFundingTime: time,
            intervalHours: decimal(8, 0),
            exchangeTime: time,
            receiveTime: 7
        )
        // What no stream tells is asked for, some of it before.
        let rules = connection.exchange.replyRules(of: market)
        let polls = rules?.polls(of: connection.exchange.kinds, symbol: connection.symbol) ?? []
        for poll in polls where !poll.repeats { connection.ask(poll.path, ticker) }
        var (rates, interests): ([FundingRate], [OpenInterest]) = ([], [])
        for part in connection.encoder.parts(of: ticker) {
            #expect(connection.decode { $0.append(part, to: &$1) } == .decoded)
            rates += Array(connection.batch.fundingRates)
            interests += Array(connection.batch.openInterests)
        }
        // Hyperliquid's have no time, and settle each hour.
        let isHourly = name == "hyperliquid"
        let rate = rates.first
        #expect(rate?.rate.description == "-0.00001250" && rate?.exchangeTime == (isHourly ? 7 : time))
        // Deribit's accrues without end.
        #expect(rate?.nextFundingTime == (isHourly || name == "deribit" ? nil : time))
        // Two state no interval, and like BitMEX and Deribit no value of the interest.
        let isBare = ["bitfinex", "kraken-futures"].contains(name)
        #expect(rate?.intervalHours?.description == (isHourly ? "1" : isBare ? nil : "8"))
        for poll in polls where poll.repeats {
            connection.ask(poll.path, ticker)
            interests += Array(connection.batch.openInterests)
        }
        #expect(rates.count == 1 && interests.count == 1)
        let interest = interests.first
        #expect(interest?.openInterest.description == "4.000")
        #expect(interest?.exchangeTime == (isHourly ? 7 : time))
        let hasValue = polls.isEmpty && !isHourly && !isBare && !["bitmex", "deribit"].contains(name)
        #expect(interest?.value?.description == (hasValue ? "4.4000" : nil))
        // OKX tells what contracts are worth, and mark prices on a channel of their own.
        #expect(interest?.markPrice?.description == (name == "okx" ? nil : "1.1"))
    }

    @Test("acks make feeds live, and answer the request that has their id", arguments: venues)
    func acks(name: String, market: Market) throws {
        var connection = try Connection(name, market)
        let server = connection.exchange.server(of: market)
        for request in connection.exchange.requests(topics: connection.topics(.all), market: market) {
            let text = connection.exchange.identified(request.text, 41)
            connection.decoder.sent(Array(text.utf8).span.bytes, receiveTime: 6)
            let answer = server.answer(try #require(ClientRequest(text)), ServedOffer(), at: time)
            #expect(answer.operation == .subscribe && answer.topics.count == request.indexes.count)
            for frame in answer.frames {
                let reply = try #require(connection.reply(in: frame))
                #expect(reply.isAccepted && reply.ends != true && (reply.id == nil || reply.id == "41"))
                #expect(connection.decode(frame) != .error)
                #expect(connection.batch.statuses.allSatisfy { $0.change == .live }, "\(frame)")
                #expect(!connection.batch.statuses.isEmpty, "\(frame)")
            }
        }
    }

    @Test("a topic ends by what its ack called it, at the venues that call it something", arguments: venues)
    func endings(name: String, market: Market) throws {
        var connection = try Connection(name, market)
        let (exchange, server) = (connection.exchange, connection.exchange.server(of: market))
        for topic in connection.topics(.all) where !topic.kinds.isEmpty {
            var topic = topic
            let begin = try #require(exchange.requests(topics: [topic], market: market).first?.text)
            connection.decoder.sent(Array(begin.utf8).span.bytes, receiveTime: 6)
            let granted = server.answer(try #require(ClientRequest(begin)), ServedOffer(), at: time)
            for frame in granted.frames {
                topic.handle = connection.reply(in: frame)?.handle
                _ = connection.decode(frame)
            }
            guard topic.handle != nil else { continue }
            let end = try #require(
                exchange.requests(.unsubscribe, topics: [topic], market: market).first?.text
            )
            connection.decoder.sent(Array(end.utf8).span.bytes, receiveTime: 8)
            let ended = server.answer(try #require(ClientRequest(end)), ServedOffer(), at: time)
            #expect(ended.operation == .unsubscribe && ended.topics.count == granted.topics.count)
            for (one, other) in zip(ended.topics, granted.topics) { #expect(one.isNamed(like: other)) }
            for frame in ended.frames {
                #expect(connection.reply(in: frame)?.isAccepted == true)
                _ = connection.decode(frame)
                #expect(connection.batch.statuses.allSatisfy { $0.change == .unsubscribed }, "\(frame)")
                #expect(!connection.batch.statuses.isEmpty, "\(frame)")
            }
        }
    }

    @Test("an ack in a simulated session makes feeds live", arguments: venues)
    func simulatedAcks(name: String, market: Market) throws {
        var connection = try Connection(name, market)
        let model = try #require(connection.exchange.simulation(of: market))
        let depth = model.usualDepth
        var live = FeedKinds()
        for step in model.opening([connection.symbol], depth: depth) {
            switch step {
            case .request(let text):
                connection.decoder.sent(Array(text.utf8).span.bytes, receiveTime: 6)
            case .acknowledgement(let topics, _):
                let answer = Acknowledgement(topics: topics, connection: "c", requestTime: time, time: time)
                #expect(connection.decode { $0.append(answer, to: &$1) } != .error)
                for status in connection.batch.statuses where status.change == .live {
                    live.formUnion(status.kinds)
                }
            default: break
            }
        }
        let asked = connection.topics(connection.exchange.kinds).reduce(FeedKinds()) { $0.union($1.kinds) }
        #expect(live == asked)
    }

    @Test("a request for what is not there is refused, by name", arguments: venues)
    func refusals(name: String, market: Market) throws {
        let connection = try Connection(name, market)
        let (exchange, server) = (connection.exchange, connection.exchange.server(of: market))
        let topics = connection.topics(.all).filter { !$0.kinds.isEmpty }
        for topic in topics {
            let request = try #require(exchange.requests(topics: [topic], market: market).first)
            let text = try #require(ClientRequest(exchange.identified(request.text, 42)))
            let answer = server.answer(text, ServedOffer(symbols: []), at: time)
            #expect(answer.closes == exchange.session.closesOnRefusal)
            #expect(answer.topics.isEmpty && answer.frames.count == (answer.closes ? 0 : 1))
            if answer.closes { continue }
            let reply = try #require(connection.reply(in: answer.frames.first ?? ""))
            #expect(reply.isAccepted == reply.namesAllGranted && (reply.id == nil || reply.id == "42"))
            let spelled = exchange.name(of: topic)
            if reply.namesAllGranted {
                // What the list of what was granted leaves out is refused.
                #expect(reply.names.isEmpty)
                continue
            }
            #expect(reply.mentions(spelled) || reply.names.contains { $0.text == spelled }, "\(reply)")
        }
    }

    @Test("frames are of the topic that was asked for, and of no other", arguments: venues)
    func topics(name: String, market: Market) throws {
        let connection = try Connection(name, market)
        let (exchange, server) = (connection.exchange, connection.exchange.server(of: market))
        let (model, topics) = (
            try #require(exchange.simulation(of: market)), connection.topics([.book, .trades])
        )
        let depth = topics.first { $0.kinds == .book }?.depth ?? 10
        // Where replies seed books no message of the topic is whole.
        let isWhole = !exchange.bookRules.isSeeded
        let book = BookMessage(symbol: connection.symbol, isSnapshot: isWhole, depth: depth)
        let trades = [trade(.buy, 1, model)]
        let message = TradeMessage(symbol: connection.symbol, trades: trades, time: time)
        for topic in topics where !topic.kinds.isEmpty {
            let request = try #require(exchange.requests(topics: [topic], market: market).first)
            let answer = server.answer(try #require(ClientRequest(request.text)), ServedOffer(), at: time)
            let served = try #require(answer.topics.first)
            var text = FrameWriter()
            connection.encoder.append(book, to: &text)
            #expect(matches(text.string, served, server) == (topic.kinds == .book))
            text.removeAll()
            connection.encoder.append(message, to: &text)
            #expect(matches(text.string, served, server) == topic.kinds.contains(.trades))
        }
    }

    private func matches(_ text: String, _ topic: ServedTopic, _ server: any ServerRules) -> Bool {
        let frame = Array(text.utf8)
        guard case .named(let channel, let symbol) = server.topic(of: frame.span.bytes) else { return false }
        return topic.matches(frame.span.bytes, channel, symbol)
    }

    @Test("definitions", arguments: venues)
    func definitions(name: String, market: Market) throws {
        var connection = try Connection(name, market)
        let model = try #require(connection.exchange.simulation(of: market))
        let rules = connection.exchange.definitions
        var definitions = model.symbols.map { profile in
            profile.definition(
                on: market == .multi ? connection.exchange.market(ofSymbol: profile.symbol) : market
            )
        }
        for index in definitions.indices { definitions[index].status = "Listed" }
        // Hyperliquid states neither steps of prices nor least sizes, and lists pairs by themselves.
        if name == "hyperliquid" {
            definitions.removeAll { $0.contract == .spot }
            for index in definitions.indices {
                (definitions[index].tickSize, definitions[index].minimumSize) = (nil, nil)
                definitions[index].status = index == 0 ? "delisted" : ""
            }
        }
        // Bitfinex states no steps, and names assets in its pairs alone.
        if name == "bitfinex" {
            for index in definitions.indices {
                (definitions[index].tickSize, definitions[index].sizeStep) = (nil, nil)
                definitions[index].status = ""
                let isBitcoin = definitions[index].symbol.hasPrefix("tBTC")
                definitions[index].base = isBitcoin ? "BTC" : "ETH"
                definitions[index].quote = definitions[index].contract == .spot ? "USD" : "UST"
            }
        }
        // Two say whether it is traded, no more.
        if let word = ["deribit": "active", "kraken-futures": "tradeable"][name] {
            for index in definitions.indices { definitions[index].status = word }
        }
        let entries = definitions.map { rules.entry($0, market: market) }
        let text = rules.list(entries, next: nil, market: market)
        guard rules.channelRequest == nil else {
            #expect(connection.decode(text) != .error)
            #expect(connection.batch.definitions?.definitions == definitions)
            return
        }
        let page = try rules.read(Array(text.utf8).span.bytes)
        #expect(page.list.definitions == definitions && page.next == nil)
        let cut = rules.list(entries, next: "page%3D2", market: market)
        let first = try rules.read(Array(cut.utf8).span.bytes)
        let listsAllAtOnce = [
            "binance", "bitfinex", "bitmex", "deribit", "hyperliquid", "kraken-futures", "okx",
        ].contains(name)
        #expect(first.next == (listsAllAtOnce ? nil : "page%3D2"))
    }
}
