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
    var side = Side.buy
    /// Its side and id; 0 if one of its members cannot be read.
    var key: UInt64 = 0
    /// As stated, zero if it is not; once the row was taken, the one that it has.
    var price = FixedDecimal.zero
    var size = FixedDecimal.zero
    /// Nanoseconds since the Unix epoch; the least number if it has none.
    var time: Int64

    init(subject: Subject, time: Int64?) { (self.subject, self.time) = (subject, time ?? .min) }

    func isOfSameBook(as other: BitMEXRow) -> Bool {
        switch (subject, other.subject) {
        case (.instrument(let one), .instrument(let another)): one == another
        case (.unsubscribed, .unsubscribed), (.unreadable, .unreadable): true
        default: false
        }
    }
}
