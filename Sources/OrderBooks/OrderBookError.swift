public import MarketModel

/// Why levels cannot be applied to a book; the book is then wrong until its next snapshot.
public enum OrderBookError: Error, Equatable, Sendable {
    /// A size below zero.
    case negativeSize(FixedDecimal)
    /// A price that 64 bits cannot hold exactly at a scale common to the book's prices.
    case unrepresentable(FixedDecimal)
}

extension OrderBookError: CustomStringConvertible {
    /// The number and what is wrong with it.
    public var description: String {
        switch self {
        case .negativeSize(let size): "a level's size is \(size), below zero"
        case .unrepresentable(let price):
            "the price \(price) and the book's other prices do not fit 64 bits at one scale"
        }
    }
}
