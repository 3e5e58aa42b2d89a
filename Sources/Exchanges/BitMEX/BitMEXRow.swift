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
    /// Its id, its side and a bit that makes none zero; 0 if one of its members cannot be read.
    var key: UInt64 = 0
    /// As stated, of price zero if that is not; once a row was deleted, of the price that it had.
    var level = PriceLevel(price: 0, size: 0, digits: 0)
    /// Nanoseconds since the Unix epoch; the least number if it has none.
    var time: Int64

    var isBid: Bool { key & 2 != 0 }

    init(subject: Subject, time: Int64?) { (self.subject, self.time) = (subject, time ?? .min) }

    func isOfSameBook(as other: BitMEXRow) -> Bool {
        switch (subject, other.subject) {
        case (.instrument(let one), .instrument(let another)): one == another
        case (.unsubscribed, .unsubscribed), (.unreadable, .unreadable): true
        default: false
        }
    }
}
