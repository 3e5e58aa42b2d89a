/// Why a book is gapped.
@frozen
public enum GapCause: UInt8, Sendable, CaseIterable {
    /// A delta came before any snapshot.
    case noSnapshot
    /// An update number did not follow the one before.
    case sequence
    /// The venue's checksum differs from the book's.
    case checksum
    /// Crossed for ``BookKeeper/crossingLimit``.
    case crossed
    /// A message of the book could not be read or applied.
    case malformed
    /// Messages of the connection were or may have been lost: a disconnect, a stall, a drop, a break.
    case connection
}
