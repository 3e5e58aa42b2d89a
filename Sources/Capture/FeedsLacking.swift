import MarketModel

/// What a connection was asked for and did not bring.
public struct FeedsLacking: Equatable, Sendable {
    /// A topic the venue does not give, and why.
    public struct Refusal: Equatable, Sendable {
        /// Such as `book/BTCUSDT`.
        public var topic: String
        /// In the venue's words.
        public var reason: String
    }

    /// Topics that were refused.
    public var refused: [Refusal] = []
    /// Topics that were neither confirmed nor brought a frame.
    public var unconfirmed: [String] = []
    /// Topics that brought no frame on their last connection though they speak by themselves.
    public var silent: [String] = []
    /// Topics that never brought a frame and speak only when the market does.
    public var quiet: [String] = []
    /// Books that have been without a snapshot for longer than the gap threshold.
    public var withoutSnapshot: [String] = []
    /// Whether every topic was refused.
    public var isWholeRefusal = false

    /// Nothing is lacking yet.
    public init() {}
}
