import MarketModel

/// The numbers of the ledger's gaps, and which of them are open.
struct OpenGaps: StateCodable {
    private var lastID = 0
    /// The open gap of each instrument's book.
    private var open: [Instrument: Int] = [:]

    var isEmpty: Bool { open.isEmpty }

    /// The number of a further entry.
    mutating func next() -> Int {
        lastID += 1
        return lastID
    }

    /// Opens the gap of a book, under a further number.
    mutating func open(_ instrument: Instrument) -> Int {
        let id = next()
        open[instrument] = id
        return id
    }

    /// Closes the gap of a book; nil if none is open.
    mutating func close(_ instrument: Instrument) -> Int? { open.removeValue(forKey: instrument) }

    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        var instruments = open.keys.sorted()
        var numbers = instruments.compactMap { open[$0] }
        try coder.field("lastID", &lastID)
        try coder.field("open", &instruments)
        try coder.field("numbers", &numbers)
        guard coder.isReading else { return }
        guard instruments.count == numbers.count else { throw coder.malformed("gaps without a number") }
        open = Dictionary(zip(instruments, numbers)) { $1 }
    }
}
