import MarketModel

/// What a connection requested and did not receive.
public struct FeedsLacking: Equatable, Sendable {
    /// A topic that the venue refused, and why.
    public struct Refusal: Equatable, Sendable {
        /// Such as `book/BTCUSDT`.
        public var topic: String
        /// In the venue's words.
        public var reason: String
    }

    /// Topics that were refused.
    public var refused: [Refusal] = []
    /// Topics that were neither confirmed nor sent a frame.
    public var unconfirmed: [String] = []
    /// Topics that sent no frame on their last connection, though they should even in a quiet market.
    public var silent: [String] = []
    /// Topics that never sent a frame, and do so only in an active market.
    public var quiet: [String] = []
    /// Books that have been without a snapshot for longer than the gap threshold.
    public var withoutSnapshot: [String] = []
    /// Whether every topic was refused.
    public var isWholeRefusal = false

    /// Nothing missing.
    public init() {}
}
