/// What labels are measured from.
public enum EntryRule: String, Sendable, CaseIterable {
    /// The first row whose `ts` is at least the decision time.
    case tradable
    /// The row itself. Not tradable: what is known at its edge cannot be acted on there.
    case row
}
