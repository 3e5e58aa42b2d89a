/// What a book message did to its book.
@frozen
public enum BookOutcome: Equatable, Sendable {
    /// It is of a shallower topic than the leading one, or a seed that is not wanted: it neither counts nor
    /// drives.
    case ignored
    /// Another connection has brought it: it neither counts nor drives.
    case duplicate
    /// It was applied, or is older than the seed of its book; the book may be crossed.
    case applied
    /// It counts and drives but changes nothing: the book waits for a snapshot, or another topic leads.
    case unapplied
    /// It counts and drives, and gaps the book.
    case gapped(GapCause)

    /// Whether it gapped the book.
    public var isGap: Bool {
        if case .gapped = self { true } else { false }
    }
}
