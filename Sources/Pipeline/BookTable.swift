public import MarketModel
public import OrderBooks
public import Synchronizer

/// The books of all instruments, by ``InstrumentIndex``.
public struct BookTable: Sendable {
    /// A keeper per instrument.
    public internal(set) var keepers: [BookKeeper] = []
    /// Snapshots applied, and deltas.
    private(set) var applied = (snapshots: 0, deltas: 0)
    /// Ignored messages: their books follow a deeper topic.
    private(set) var passedOver = 0
    /// Messages that another connection had brought.
    private(set) var duplicates = 0

    private var markets: [Market] = []
    /// The book rules of each connection.
    private var rules: [BookRules]

    /// Empty books of instruments, for connections of these rules.
    package init(_ instruments: [Instrument] = [], rules: [BookRules] = []) {
        self.rules = rules
        add(instruments)
    }

    /// Adds books for new instruments.
    mutating func add(_ instruments: [Instrument]) {
        for instrument in instruments.dropFirst(keepers.count) {
            keepers.append(BookKeeper())
            markets.append(instrument.market)
        }
    }

    /// Adds a connection.
    mutating func addConnection(_ rules: BookRules) { self.rules.append(rules) }
}

// What a host does with its books.
extension BookTable {
    /// Whether a message belongs to the topic that its book follows, and no other connection has brought it.
    public mutating func accept(_ update: BookUpdate, on connection: Int32) -> Bool {
        let index = update.instrument.position
        let sharesNumbers = rules[Int(connection)].sharesNumbers
        // The usual case is asked first: to ask the keeper copies it out of its array.
        if update.depth == keepers[index].depth, !sharesNumbers, !update.isSeed { return true }
        switch keepers[index].admit(update, on: connection, sharesNumbers: sharesNumbers) {
        case .admitted: return true
        case .duplicate: duplicates += 1
        case .ignored:
            // The topic is registered in any case: it may lead later.
            keepers[index].subscribed(connection: connection, depth: update.depth)
            passedOver += 1
        }
        return false
    }

    /// Applies a message that was accepted; `levels` are those of its batch.
    @inline(__always)
    public mutating func apply(
        _ update: BookUpdate,
        levels: Span<PriceLevel>,
        on connection: Int32
    ) -> BookChange {
        if update.isSnapshot { applied.snapshots += 1 } else { applied.deltas += 1 }
        let index = update.instrument.position
        let outcome = keepers[index].applyAdmitted(
            update,
            levels: levels,
            connection: connection,
            rules: rules[Int(connection)]
        )
        return BookChange(
            isGapped: keepers[index].book.state == .gapped,
            newGap: outcome.isGap ? keepers[index].gapCause : nil
        )
    }

    /// The market an instrument was seen on.
    public func market(of instrument: InstrumentIndex) -> Market {
        instrument.position < markets.count ? markets[instrument.position] : .linear
    }

    /// Copies state, crossing, totals and, if wanted, the best levels of an instrument's book.
    public mutating func capture(
        _ instrument: InstrumentIndex,
        depth: Int,
        content: BookContent,
        into view: inout BookView
    ) {
        guard instrument.position < keepers.count else {
            view.state = .awaitingSnapshot
            view.isCrossed = false
            return
        }
        view.read(&keepers[instrument.position].book, depth: depth, content: content)
    }
}

extension BookTable: StateCodable {
    /// Writes or reads the counts; each book is a part of its own.
    package mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.field("applied", &applied.snapshots)
        try coder.field("deltas", &applied.deltas)
        try coder.field("passedOver", &passedOver)
        try coder.field("duplicates", &duplicates)
    }
}
