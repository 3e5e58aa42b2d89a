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
