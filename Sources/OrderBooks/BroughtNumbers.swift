import MarketModel

/// Which numbers of a book's topics each connection has brought, where numbers are equal on all connections.
///
/// Kept as runs of messages of which each followed the one before: one a connection, as a rule.
struct BroughtNumbers: Sendable {
    fileprivate struct Run: Sendable {
        var connection: Int32
        var depth: UInt32
        var first: Int64
        var last: Int64
        /// Whether nothing was lost since.
        var goesOn = true
    }

    private var runs: [Run] = []
    /// Then the oldest is forgotten: it tells only what of long ago is a copy.
    private static let limit = 64
    /// The topic of tickers.
    static let tickers = UInt32.max

    var isEmpty: Bool { runs.isEmpty }

    /// Adds the number of a message; `previous` is the number that it follows, nil where messages name none.
    @inline(__always)
    mutating func add(_ number: Int64, after previous: Int64?, _ depth: UInt32, by connection: Int32) {
        for index in runs.indices
        where runs[index].connection == connection && runs[index].depth == depth {
            let last = runs[index].last
            if runs[index].first <= number, number <= last { return }
            // A number below the one it follows begins a new count.
            guard number > last, previous.map({ $0 == last }) ?? runs[index].goesOn else { continue }
            runs[index].last = number
            return
        }
        begin(Run(connection: connection, depth: depth, first: number, last: number))
    }

    private mutating func begin(_ run: Run) {
        if runs.count == BroughtNumbers.limit { runs.removeFirst() }
        runs.append(run)
    }

    /// Whether a connection other than this one has brought a number.
    func hasCopy(_ number: Int64, _ depth: UInt32, besides connection: Int32) -> Bool {
        runs.contains { run in
            run.connection != connection && run.depth == depth && run.first <= number && number <= run.last
        }
    }

    /// Messages of a connection are missing from here on.
    mutating func interrupt(_ connection: Int32) {
        for index in runs.indices where runs[index].connection == connection { runs[index].goesOn = false }
    }
}

extension BroughtNumbers: StateCodable {
    mutating func code(_ coder: inout StateCoder) throws(StateError) { try coder.field("runs", &runs) }
}

extension BroughtNumbers.Run: StateElement {
    static var blank: Self { Self(connection: 0, depth: 0, first: 0, last: 0) }

    mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.packed("connection", &connection)
        try coder.packed("depth", &depth)
        try coder.packed("first", &first)
        try coder.packed("last", &last)
        try coder.packed("goesOn", &goesOn)
    }
}
