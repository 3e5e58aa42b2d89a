/// What a venue's books obey; each exchange supplies its own.
public struct BookRules: Sendable {
    /// Whether the update numbers of a topic rise by one, message by message.
    public var hasContiguousUpdateIDs: Bool
    /// Whether levels beyond the subscribed depth are dropped after each message.
    public var truncatesToDepth: Bool
    /// Whether a connection carries a book once: its messages name no depth, and its next snapshot may have another.
    public var hasOneTopic: Bool
    /// The checksum of a book as the venue computes it; nil where the venue sends none.
    public var checksum: Checksum?

    /// Computes a checksum; the bytes, none at first, are its own to remember what helps with the book's next
    /// message.
    ///
    /// The result depends on the book alone.
    public typealias Checksum = @Sendable (borrowing OrderBook, inout [UInt8]) -> UInt32

    /// Makes rules.
    public init(
        hasContiguousUpdateIDs: Bool = false,
        truncatesToDepth: Bool = false,
        hasOneTopic: Bool = false,
        checksum: Checksum? = nil
    ) {
        self.hasContiguousUpdateIDs = hasContiguousUpdateIDs
        self.truncatesToDepth = truncatesToDepth
        self.hasOneTopic = hasOneTopic
        self.checksum = checksum
    }

    /// A book's checksum, taken once; nil where the venue sends none.
    public func checksum(of book: borrowing OrderBook) -> UInt32? {
        var memory: [UInt8] = []
        return checksum?(book, &memory)
    }
}
