/// The rules of an exchange's books.
public struct BookRules: Sendable {
    /// Whether the update numbers of a topic rise by one, message by message.
    public var hasContiguousUpdateIDs: Bool
    /// Whether levels beyond the subscribed depth are dropped after each message.
    public var truncatesToDepth: Bool
    /// Whether a connection carries a book once: its messages name no depth, and its next snapshot may
    /// change the depth.
    public var hasOneTopic: Bool
    /// Whether the reply to a request seeds a book, which deltas join by ``BookUpdate/link``.
    public var isSeeded: Bool
    /// The checksum of a book as the venue computes it; nil where the venue sends none.
    public var checksum: Checksum?

    /// Computes a checksum.
    ///
    /// The bytes, empty at first, are a cache that it may keep from one message to the next.
    ///
    /// The result depends on the book alone.
    public typealias Checksum = @Sendable (borrowing OrderBook, inout [UInt8]) -> UInt32

    /// Makes rules.
    public init(
        hasContiguousUpdateIDs: Bool = false,
        truncatesToDepth: Bool = false,
        hasOneTopic: Bool = false,
        isSeeded: Bool = false,
        checksum: Checksum? = nil
    ) {
        self.hasContiguousUpdateIDs = hasContiguousUpdateIDs
        self.truncatesToDepth = truncatesToDepth
        self.hasOneTopic = hasOneTopic
        self.isSeeded = isSeeded
        self.checksum = checksum
    }

    /// A book's checksum, computed without a cache; nil where the venue sends none.
    public func checksum(of book: borrowing OrderBook) -> UInt32? {
        var memory: [UInt8] = []
        return checksum?(book, &memory)
    }
}
