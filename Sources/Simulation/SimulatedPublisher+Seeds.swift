import Exchanges
import MarketModel

// Books whose messages are linked, and seeded by replies to requests.
extension SimulatedPublisher {
    /// How much less the number of an old seed is.
    private static let oldLag: Int64 = 1_000_000

    /// Numbers the book message at hand.
    mutating func number(_ market: Int, _ stream: inout SimulatedStream) {
        let count = book.levelCount
        guard let next = links?.take(market, changes: count, &stream.random) else { return }
        (updates[market], book.link) = (next.number, next.link)
    }

    /// A connection opens: the seed is asked for once changes flow, or is there at once.
    mutating func openSeed(_ market: Int, _ stream: inout SimulatedStream) {
        links?.open(market, &stream.random)
        guard habits.seedDelay != nil, !stream.strikes(.early) else {
            guard let seed = makeSeed(market, &stream) else { return }
            stream.text.append(seed.text)
            return stream.end(.reply, path: seed.path)
        }
        let due = stream.now + pause(&stream)
        replies?.askSeed(market, at: due)
    }

    /// Asks for the seed of a book if that is due, and passes on the one that has come.
    mutating func keepSeed(_ market: Int, _ stream: inout SimulatedStream) {
        if let seed = replies?.arrived(market, at: stream.now) {
            stream.text.append(seed.text)
            stream.end(.reply, path: seed.path)
        }
        guard replies?.asksSeed(market, at: stream.now) == true else { return }
        guard var seed = makeSeed(market, &stream) else { return }
        seed.time = stream.now + pause(&stream)
        if stream.strikes(.late) {
            seed.time += Int64(stream.random.between(1_000, 5_000)) * UnixTime.millisecond
        }
        replies?.expect(seed, market)
    }

    /// Half of it is sure, the rest chance.
    private func pause(_ stream: inout SimulatedStream) -> Int64 {
        let half = (habits.seedDelay ?? 0) / 2
        return half + stream.random.exponential(mean: Double(half))
    }

    /// The seed as of now: with changes that no message has told yet.
    private mutating func makeSeed(
        _ market: Int,
        _ stream: inout SimulatedStream
    ) -> SimulatedReplies.Reply? {
        let sides = stream.markets[market].sides
        let changes = sides[0].changes.count + sides[1].changes.count
        begin(isSnapshot: true)
        book.symbol = symbols[market]
        book.updateID = links?.seed(market, changes: changes, &stream.random) ?? 0
        stream.appendLevels(of: SimulatedMarket.bidSide, market, to: &book.bids)
        stream.appendLevels(of: SimulatedMarket.askSide, market, to: &book.asks)
        (book.exchangeTime, book.time) = (stream.now, stream.now + habits.delays.book)
        if habits.seedDelay != nil, stream.strikes(.old) {
            book.updateID -= Self.oldLag
            replies?.askSeed(market, at: stream.now + UnixTime.second)
        }
        if habits.seedDelay != nil, stream.strikes(.wrong) {
            book.mislead()
            // A crossed book is given up after a second.
            replies?.askSeed(market, at: stream.now + 6 * UnixTime.second)
        }
        return replies?.seed(book)
    }

    /// Numbers jump: whoever follows them asks for a seed.
    mutating func loseLink(_ market: Int, _ stream: inout SimulatedStream) {
        let count = stream.random.between(1, 3)
        _ = links?.take(market, changes: count, &stream.random)
        guard let delay = habits.seedDelay else { return }
        let due = stream.now + delay + pause(&stream)
        replies?.askSeed(market, at: due)
    }

    /// The changes at hand are never told.
    mutating func reseed(_ market: Int, _ stream: inout SimulatedStream) { loseLink(market, &stream) }
}

extension SimulationHabits {
    /// Whether each topic has numbers without holes.
    var countsTopics: Bool {
        if case .topics = numbering { true } else { false }
    }
}
