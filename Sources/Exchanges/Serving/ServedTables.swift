/// The tickers of a source, or its tables of rows, merged over their deltas, so that who subscribes in the middle gets a
/// whole one.
public protocol ServedTables: Sendable {
    /// Merges a frame, if it is of one.
    mutating func follow(_ frame: RawSpan)
    /// Forgets the tables of a symbol's books, of all where it is nil: a message of them could not be read.
    mutating func loseBooks(of symbol: String?)
    /// A ticker by its symbol, or a table by its topic, as a snapshot; nil before its first frame.
    func snapshot(of name: String) -> String?
}

extension ServedTables {
    /// Most have no tables of books.
    public mutating func loseBooks(of symbol: String?) {}
}
