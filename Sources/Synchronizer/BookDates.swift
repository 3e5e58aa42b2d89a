import MarketModel

/// The times of a book's changes.
struct BookDates: Sendable {
    /// The greatest time of its messages in the basis.
    var time: Int64 = .min
    /// The stamps of its last message.
    var exchangeTime: Int64?
    var receiveTime: Int64 = 0
}
