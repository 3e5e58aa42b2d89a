/// The rules of an exchange's books.
public struct BookRules: Sendable {
    /// Whether the update numbers of a topic rise by one, message by message.
    public var hasContiguousUpdateIDs: Bool
    /// Whether a delta names the number of the message before it (``BookUpdate/link``), and snapshots come on the topic
    /// itself; messages without numbers are taken as they come.
    public var isLinked: Bool
    /// Whether levels beyond the subscribed depth are dropped after each message.
    public var truncatesToDepth: Bool
    /// Whether a connection carries a book once: its messages name no depth, and its next snapshot may
    /// change the depth.
    public var hasOneTopic: Bool
    /// Whether the reply to a request seeds a book, which deltas join by ``BookUpdate/link``.
    public var isSeeded: Bool
    /// Whether update numbers are the same on all connections: a message that another one has brought is a
    /// copy, and a book goes on with whichever brings the next.
    public var sharesNumbers: Bool
    /// The checksum of a book as the venue computes it; nil where the venue sends none.
    private let computation: Computation?

    // A function that is optional itself is called through another one, which copies the book.
    private struct Computation: Sendable {
        let sum: Checksum
    }

    /// Computes a checksum.
    ///
    /// The bytes, empty at first, are a cache that it may keep from one message to the next.
    ///
    /// The result depends on the book alone.
    public typealias Checksum = @Sendable (borrowing OrderBook, inout [UInt8]) -> UInt32

    /// Makes rules.
    public init(
        hasContiguousUpdateIDs: Bool = false,
        isLinked: Bool = false,
        truncatesToDepth: Bool = false,
        hasOneTopic: Bool = false,
        isSeeded: Bool = false,
        sharesNumbers: Bool = false,
        checksum: Checksum? = nil
    ) {
        self.hasContiguousUpdateIDs = hasContiguousUpdateIDs
        self.isLinked = isLinked
        self.truncatesToDepth = truncatesToDepth
        self.hasOneTopic = hasOneTopic
        self.isSeeded = isSeeded
        self.sharesNumbers = sharesNumbers
        computation = checksum.map(Computation.init)
    }

    /// A book's checksum, computed without a cache; nil where the venue sends none.
    public func checksum(of book: borrowing OrderBook) -> UInt32? {
        var memory: [UInt8] = []
        return checksum(of: book, &memory)
    }

    /// A book's checksum, computed with the cache of this book; nil where the venue sends none.
    func checksum(of book: borrowing OrderBook, _ memory: inout [UInt8]) -> UInt32? {
        guard let computation else { return nil }
        return computation.sum(book, &memory)
    }
}
