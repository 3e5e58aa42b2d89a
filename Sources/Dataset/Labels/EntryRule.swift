/// What labels are measured from.
public enum EntryRule: String, Sendable, CaseIterable {
    /// The first row whose `ts` is at least the decision time.
    case tradable
    /// The row itself: what was known at its edge could not be acted on there, hence not tradable.
    case row
}
