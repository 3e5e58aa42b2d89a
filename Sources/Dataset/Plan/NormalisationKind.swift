import Synchronizer

/// How features are scaled.
public enum NormalisationKind: String, Sendable, CaseIterable {
    /// Not at all.
    case none
    /// (x − mean) / population standard deviation.
    case zScore = "z-score"
    /// (x − median) / (1.4826 · median absolute deviation); if that is 0 by the quartiles, then by σ.
    case robust
}
