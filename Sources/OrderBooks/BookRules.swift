/// What a venue's books obey; each exchange supplies its own.
public struct BookRules: Sendable {
    /// Whether the update numbers of a topic rise by one, message by message.
    public var numbersRiseByOne: Bool
    /// Whether levels beyond the subscribed depth are dropped after each message.
    public var cutsToDepth: Bool
    /// The checksum of a book as the venue computes it; nil where the venue sends none.
    public var checksum: (@Sendable (borrowing OrderBook) -> UInt32)?

    /// Makes rules.
    public init(
        numbersRiseByOne: Bool = false,
        cutsToDepth: Bool = false,
        checksum: (@Sendable (borrowing OrderBook) -> UInt32)? = nil
    ) {
        self.numbersRiseByOne = numbersRiseByOne
        self.cutsToDepth = cutsToDepth
        self.checksum = checksum
    }
}
