import MarketModel

/// A row of a book as a message has it.
struct BitMEXRow: BitwiseCopyable {
    /// Whose it is.
    enum Subject: BitwiseCopyable {
        case instrument(InstrumentIndex)
        case unsubscribed
        case unreadable
    }

    var subject: Subject
    var side: Side
    /// Its side and id; 0 if one of its members cannot be read.
    var key: UInt64
    /// As stated, zero if it is not; once the row was taken, the one that it has.
    var price: FixedDecimal
    var size: FixedDecimal

    func isOfSameBook(as other: BitMEXRow) -> Bool {
        switch (subject, other.subject) {
        case (.instrument(let one), .instrument(let another)): one == another
        case (.unsubscribed, .unsubscribed), (.unreadable, .unreadable): true
        default: false
        }
    }
}
