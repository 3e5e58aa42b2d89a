import MarketModel

/// When orders arrive: a Hawkes process of two kinds with exponential memory.
///
/// Trades excite trades and book changes, book changes excite themselves, so that activity comes in
/// clusters as on real markets. Drawn by Ogata's thinning.
struct OrderFlowClock: Sendable {
    enum Kind: Sendable {
        case book, trade
    }

    /// Mean waits without excitement, in events a nanosecond.
    private let bookBase: Double
    private let tradeBase: Double
    /// Excitement at `time`, in events a nanosecond.
    private var bookHeat = 0.0
    private var tradeHeat = 0.0
    private(set) var time: Int64

    /// Memory fades with this time constant, in nanoseconds.
    private static let memory = 400e6
    /// Events that one event brings about in the mean: of the same and the other kind.
    private static let tradesPerTrade = 0.55
    private static let booksPerTrade = 1.6
    private static let booksPerBook = 0.45

    /// Starts at a time; rates are long-run means in events a second.
    init(start: Int64, bookRate: Double, tradeRate: Double) {
        time = start
        // Long-run rates solve r = base + offspring · r.
        tradeBase = tradeRate * (1 - Self.tradesPerTrade) / 1e9
        let caused = Self.booksPerTrade * tradeRate
        bookBase = max(bookRate * (1 - Self.booksPerBook) - caused, bookRate * 0.1) / 1e9
    }

    /// Moves to the next arrival and says what arrives.
    mutating func next(_ random: inout SimulationRandom) -> Kind {
        while true {
            let bound = bookBase + tradeBase + bookHeat + tradeHeat
            let wait = random.exponential() / bound
            // Never at the very same nanosecond: a wait of zero would not end in dense bursts.
            time += max(1, Int64(min(wait, 3.6e12)))
            let fade = PortableMath.decay(wait / Self.memory)
            bookHeat *= fade
            tradeHeat *= fade
            let draw = random.unit() * bound
            if draw < tradeBase + tradeHeat {
                tradeHeat += Self.tradesPerTrade / Self.memory
                bookHeat += Self.booksPerTrade / Self.memory
                return .trade
            }
            if draw < tradeBase + tradeHeat + bookBase + bookHeat {
                bookHeat += Self.booksPerBook / Self.memory
                return .book
            }
        }
    }

    /// Nothing happens for a while.
    mutating func pause(_ duration: Int64) { time += duration }
}
