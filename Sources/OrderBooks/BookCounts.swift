package import MarketModel

/// Counts of a book's messages; a replay reports their sums over instruments.
public struct BookCounts: Equatable, Sendable {
    /// Messages whose update number followed the one before.
    public var sequencesVerified = 0
    /// Messages whose update number did not follow the one before.
    public var sequencesBroken = 0
    /// Messages whose checksum equalled the book's.
    public var checksumsVerified = 0
    /// Messages whose checksum differed from the book's.
    public var checksumsFailed = 0
    /// Tickers whose best bid and ask were the book's at their number.
    public var topsVerified = 0
    /// Tickers whose best bid or ask was another one.
    public var topsFailed = 0
    /// Messages after which the synced book was crossed.
    public var crossedSeen = 0
    /// How often the book became gapped, also from awaiting.
    public var gaps = 0

    /// Counts at zero.
    public init() {}
}

extension BookCounts: StateCodable {
    package mutating func code(_ coder: inout StateCoder) throws(StateError) {
        try coder.field("sequencesVerified", &sequencesVerified)
        try coder.field("sequencesBroken", &sequencesBroken)
        try coder.field("checksumsVerified", &checksumsVerified)
        try coder.field("checksumsFailed", &checksumsFailed)
        try coder.field("topsVerified", &topsVerified)
        try coder.field("topsFailed", &topsFailed)
        try coder.field("crossedSeen", &crossedSeen)
        try coder.field("gaps", &gaps)
    }
}
