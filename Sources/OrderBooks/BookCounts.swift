/// What a book saw; sums of these over instruments are the counts of a replay.
public struct BookCounts: Equatable, Sendable {
    /// Messages whose update number was the one that follows.
    public var sequencesVerified = 0
    /// Messages whose update number was another.
    public var sequencesBroken = 0
    /// Messages whose checksum was the book's.
    public var checksumsVerified = 0
    /// Messages whose checksum was another.
    public var checksumsFailed = 0
    /// Messages after which the synced book was crossed.
    public var crossedSeen = 0
    /// Changes into gapped, also from awaiting.
    public var gaps = 0

    /// Nothing seen.
    public init() {}
}
