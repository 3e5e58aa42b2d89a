/// A part of a fold.
public enum SplitPart: String, Sendable, CaseIterable {
    /// Samples a model learns from, and statistics are fitted on.
    case train
    /// Samples choices are made on.
    case validation
    /// Samples used for no choice at all.
    case test
}
