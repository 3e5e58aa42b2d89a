import MarketModel

/// Order arrivals: a Hawkes process of two kinds with exponential memory.
///
/// Trades excite trades and book changes, and book changes excite themselves, so that activity clusters as
/// on real markets. Drawn by Ogata's thinning.
struct OrderFlowClock: Sendable {
    enum Kind: Sendable {
        case book, trade
    }

    /// Base rates without excitement, in events per nanosecond.
    private let bookBase: Double
    private let tradeBase: Double
    /// Excitement at `time`, in events per nanosecond.
    private var bookHeat = 0.0
    private var tradeHeat = 0.0
    /// The next arrival.
    private(set) var time: Int64
    private(set) var kind = Kind.book
    /// Multiplies the base rates.
    var activity = 1.0

    /// Memory fades with this time constant, in nanoseconds.
    private static let memory = 400e6
    /// The mean number of events that one event causes: of the same and the other kind.
    private static let tradesPerTrade = 0.55
    private static let booksPerTrade = 1.6
    private static let booksPerBook = 0.45

    /// Starts at a time; rates are long-run means in events per second.
    init(start: Int64, bookRate: Double, tradeRate: Double, random: inout SimulationRandom) {
        time = start
        // Long-run rates solve r = base + offspring · r.
        tradeBase = tradeRate * (1 - Self.tradesPerTrade) / 1e9
        let caused = Self.booksPerTrade * tradeRate
        bookBase = max(bookRate * (1 - Self.booksPerBook) - caused, bookRate * 0.1) / 1e9
        advance(&random)
    }

    /// Advances to the arrival after ``time``.
    mutating func advance(_ random: inout SimulationRandom) {
        let (books, trades) = (bookBase * activity, tradeBase * activity)
        while true {
            let bound = books + trades + bookHeat + tradeHeat
            let wait = random.exponential() / bound
            // Never at the same nanosecond: dense bursts of zero waits would not end.
            time += max(1, Int64(min(wait, 3.6e12)))
            let fade = PortableMath.decay(wait / Self.memory)
            bookHeat *= fade
            tradeHeat *= fade
            let draw = random.unit() * bound
            if draw < trades + tradeHeat {
                tradeHeat += Self.tradesPerTrade / Self.memory
                bookHeat += Self.booksPerTrade / Self.memory
                kind = .trade
                return
            }
            if draw < trades + tradeHeat + books + bookHeat {
                bookHeat += Self.booksPerBook / Self.memory
                kind = .book
                return
            }
        }
    }

    /// Nothing happens before `time`.
    mutating func wait(until time: Int64) { self.time = max(self.time, time) }
}
