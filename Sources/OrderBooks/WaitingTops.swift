import MarketModel

/// Tickers that wait until the book is at their number; the number it is at.
struct WaitingTops: Sendable {
    /// How many wait at most; then the older half goes.
    static let limit = 1_024

    /// The number of the delta applied last; nil if none was since the last seed or gap.
    private(set) var number: Int64?
    private var tops: [BookTop] = []
    /// Those without a number, which the book did not equal as they came: it may after its next message.
    private(set) var overtaking: [BookTop] = []

    /// Whether a ticker is of the book as it is; one of a later number waits.
    mutating func isDue(_ top: BookTop, at number: Int64) -> Bool {
        if number == self.number { return true }
        guard number > self.number ?? 0 else { return false }
        if tops.count == WaitingTops.limit { tops.removeFirst(WaitingTops.limit / 2) }
        tops.append(top)
        return false
    }

    /// Moves to the number of a delta that was applied; returns the tickers that are due.
    mutating func move(to number: Int64) -> [BookTop] {
        self.number = number
        // Nearly always none waits.
        if tops.isEmpty { return [] }
        defer { tops.removeAll { $0.number ?? 0 <= number } }
        return tops.filter { $0.number == number }
    }

    /// Keeps a ticker without a number until the book's next message.
    mutating func waitForNext(_ top: BookTop) {
        if overtaking.count == WaitingTops.limit { overtaking.removeFirst(WaitingTops.limit / 2) }
        overtaking.append(top)
    }

    /// Those that waited for the book's next message wait no longer.
    mutating func removeOvertaking() { overtaking.removeAll(keepingCapacity: true) }

    /// The book is another one, or wrong: its number is unknown.
    mutating func forgetNumber() { number = nil }

    /// What is missing may be what waited for.
    mutating func removeAll() {
        number = nil
        if !tops.isEmpty { tops = [] }
        if !overtaking.isEmpty { overtaking = [] }
    }
}

extension WaitingTops: StateCodable {
    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.field("number", &number)
        try coder.field("tops", &tops)
        try coder.field("overtaking", &overtaking)
    }
}

extension BookTop: StateElement {
    static var blank: BookTop {
        let level = PriceLevel(price: .zero, size: .zero)
        return BookTop(instrument: .blank, number: 0, bid: level, ask: level)
    }

    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.packed("instrument", &instrument)
        try coder.packed("number", &number)
        try coder.packed("bid", &bid)
        try coder.packed("ask", &ask)
    }
}
