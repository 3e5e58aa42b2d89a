import MarketModel

/// How a venue publishes what happens, as far as a simulation shows it.
///
/// Durations in nanoseconds.
public struct SimulationHabits: Sendable {
    /// What is numbered, and so what a lost message shows in.
    public enum Numbering: Sendable {
        /// The updates of each topic.
        case topics
        /// The changes of each topic, a message naming the one before it; `isShared` where all topics count together, so
        /// that numbers of others lie between.
        case links(isShared: Bool)
        /// The messages of a connection.
        case connection
        /// Nothing: books alone tell.
        case nothing
    }

    /// Whose clock the trades of a message have.
    public enum TradeTimes: Sendable {
        /// All have the same time.
        case shared
        /// Each has its own, this much before the message.
        case each(lag: Int64)
    }

    /// What is numbered.
    public var numbering: Numbering
    /// The first message number of a connection.
    public var firstNumber: Int64 = 0
    /// Whether acks and signs of life are among the numbered messages.
    public var numbersAnswers = true
    /// Levels a side that messages keep to; nil = all.
    public var depth: Int?
    /// Whether levels pushed out of the depth are deleted on the wire.
    public var deletesBeyondDepth = false
    /// Whether each book message is a whole book.
    public var sendsWholeBooks = false
    /// Book messages are at least this far apart; 0 = one for each change.
    public var cadence: Int64 = 0
    /// Whether numbers are written without zeros at the end of a fraction.
    public var trimsZeros = false
    /// Whether a message has a time of its own, stamped before what it holds.
    public var stampsMessages = false
    /// How long behind an event its message is sent, where messages are not stamped.
    public var delays: (book: Int64, trades: Int64, liquidations: Int64) = (0, 0, 0)
    /// How old the levels of a book message are; nil = they have no time.
    public var levelAge: Int64?
    /// Whose clock trades have.
    public var tradeTimes = TradeTimes.each(lag: 0)
    /// Whether a message lists its newest trade first.
    public var listsNewestFirst = false
    /// Whether each changed level of a book has a message and a number of its own.
    public var splitsLevels = false
    /// Whether levels that go, that change and that come have a message each (``BookMessage/change``).
    public var splitsChanges = false
    /// Whether a forced order shows as trades that say so, rather than as a message of its own.
    public var liquidatesInTrades = false
    /// Whether the fills of an order have a message each rather than one of all.
    public var splitsTrades = false
    /// Whether a trade sums up an order's fills at a price, with numbers of its own.
    public var sumsFills = false
    /// Whether each trade is told again a little later.
    public var tellsTradesTwice = false
    /// Whether the checksum of a book is a message of its own behind those that changed it.
    public var provesApart = false
    /// Whether the best bid and ask at a book message's number are told too.
    public var tellsTops = false
    /// How far apart signs of life are; nil where they are no messages.
    public var signInterval: Int64?
    /// What the client sends for each sign of life; nil where the venue sends them by itself.
    public var ping: String?
    /// Whether there are tickers and liquidations, of symbols that are not spot.
    public var hasDerivatives = false
    /// Whether liquidations are told, where there are derivatives.
    public var hasLiquidations = true
    /// How far apart tickers are that tell all; nil where they tell what changed when it did.
    public var tickerInterval: Int64?
    /// How far apart values are asked for that no stream tells.
    public var pollInterval = 30 * UnixTime.second
    /// How long it takes in the mean until seeds are asked for, and again until they come; nil = they are there when
    /// the connection opens.
    public var seedDelay: Int64?
    /// The venue's name of a connection.
    public var connection = ""

    /// Habits of a venue that does nothing special.
    public init(numbering: Numbering, signInterval: Int64?) {
        (self.numbering, self.signInterval) = (numbering, signInterval)
    }
}
