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
