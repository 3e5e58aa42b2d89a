/// Why a book turned wrong.
@frozen
public enum GapCause: UInt8, Sendable, CaseIterable {
    /// A delta came before any snapshot.
    case noSnapshot
    /// An update number is not the one that follows.
    case sequence
    /// The venue's checksum is not that of the book.
    case checksum
    /// Crossed for ``BookKeeper/crossingLimit``.
    case crossed
    /// A message of the book could not be read or applied.
    case malformed
    /// Messages of the connection were or may have been lost: a disconnect, a stall, a drop, a break.
    case connection
}

/// What became of a book message.
@frozen
public enum BookOutcome: Equatable, Sendable {
    /// Of a shallower topic while the book stands at a deeper one: it neither counts nor drives.
    case ignored
    /// The book holds it. It may be crossed.
    case applied
    /// It counts and drives, and changes nothing: the book was and stays wrong until a snapshot, or it is of a
    /// topic that does not lead.
    case unapplied
    /// It counts and drives, and reveals that the book is wrong from now on.
    case gapped(GapCause)

    /// Whether it changed the book into gapped.
    public var isGap: Bool {
        if case .gapped = self { true } else { false }
    }
}

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
