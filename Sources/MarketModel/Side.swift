/// The side of an order.
///
/// For a trade the taker's side; for a liquidation that of the forced order (a liquidated long sells).
@frozen
public enum Side: UInt8, Sendable {
    /// Buys.
    case buy = 0
    /// Sells.
    case sell = 1

    /// The other side.
    @inlinable
    public var opposite: Side { self == .buy ? .sell : .buy }
}

extension Side: CustomStringConvertible {
    /// `buy` or `sell`, as in files.
    public var description: String { self == .buy ? "buy" : "sell" }
}
