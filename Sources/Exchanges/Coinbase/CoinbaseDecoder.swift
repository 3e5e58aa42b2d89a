package import MarketModel

/// Decodes one connection of Coinbase Advanced Trade's WebSocket; the facts are in `WIRE.md` beside this
/// file.
package struct CoinbaseDecoder: FrameDecoder {
    let venue: VenueIndex
    /// Whether known shapes take the fast path; off, the tolerant reading does everything.
    let usesFastPath: Bool
    package private(set) var sequences: (verified: Int, broken: Int) = (0, 0)
    private var lastNumber: Int64?
    var subscriptions = CoinbaseSubscriptions()
    var subscribed = SubscribedSymbols()
    /// Asks of the message at hand: on the wire both sides are mixed, in a batch bids come first.
    var asks: [PriceLevel] = []

    var products = FastNames<InstrumentIndex>()
    var time = FastTime()

    package init(venue: VenueIndex, usesFastPath: Bool = true) {
        self.usesFastPath = usesFastPath
        self.venue = venue
    }

    package mutating func decode(
        _ frame: RawSpan,
        receiveTime: Int64,
        into batch: inout EventBatch
    ) -> FrameOutcome {
        batch.frameTime = nil
        if usesFastPath, decodeFast(frame, receiveTime, &batch) { return .decoded }
        return decodeTolerantly(frame, receiveTime, &batch)
    }

    /// Acks name their products, so what was sent does not matter.
    package mutating func sent(_ frame: RawSpan, receiveTime: Int64) {}

    package mutating func restrict(to symbols: SubscribedSymbols) {
        subscribed = symbols
        products = FastNames()
    }

    package mutating func connectionReset() {
        lastNumber = nil
        subscriptions = CoinbaseSubscriptions()
    }

    /// Whether a number breaks nothing.
    @inline(__always)
    func follows(_ number: Int64) -> Bool {
        guard let lastNumber else { return true }
        return lastNumber != .max && number == lastNumber &+ 1
    }

    /// Takes the number of a message that ``follows(_:)``.
    @inline(__always)
    mutating func count(_ number: Int64) {
        if lastNumber != nil { sequences.verified += 1 }
        lastNumber = number
    }

    /// Takes the number of a message; anything but the one that follows breaks the whole connection.
    mutating func judge(_ number: Int64, _ receiveTime: Int64, _ batch: inout EventBatch) {
        defer { lastNumber = number }
        guard lastNumber != nil else { return }
        if follows(number) {
            sequences.verified += 1
            return
        }
        sequences.broken += 1
        batch.append(
            FeedStatus(
                .connectionBreak,
                kinds: .all,
                instrument: nil,
                exchangeTime: batch.frameTime,
                receiveTime: receiveTime
            )
        )
    }
}
