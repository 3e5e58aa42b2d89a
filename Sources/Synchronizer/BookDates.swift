import MarketModel

/// When a book was changed.
struct BookDates: Sendable {
    /// The greatest stamp of its messages, in the basis.
    var time: Int64 = .min
    /// The stamps of its last message.
    var exchangeTime: Int64?
    var receiveTime: Int64 = 0
}
