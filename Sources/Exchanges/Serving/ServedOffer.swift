/// What a fake exchange has.
public struct ServedOffer: Sendable {
    /// The symbols that can be subscribed to; nil takes any.
    public var symbols: Set<String>?
    /// The depths of its books; nil takes any.
    public var depths: Set<Int>?

    /// Offers `symbols`, books at `depths`.
    public init(symbols: Set<String>? = nil, depths: Set<Int>? = nil) {
        (self.symbols, self.depths) = (symbols, depths)
    }

    /// Whether a symbol can be subscribed to.
    public func has(_ symbol: some StringProtocol) -> Bool { symbols?.contains(String(symbol)) ?? true }

    /// Whether books have that depth.
    public func has(depth: Int) -> Bool { depths?.contains(depth) ?? true }
}
